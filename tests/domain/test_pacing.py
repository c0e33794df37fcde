"""The pace: what one call, one batch and all batches together may hold at a rate."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.pacing import (
    MOST_PER_BATCH,
    MOST_PER_CALL,
    Reservation,
    batch_size,
    call_size,
    concurrency,
    steady_rate,
)

RATES = st.floats(1, 5000) | st.integers(1, 5000).map(float)


def most_in_a_second(rate: Fraction) -> int:
    """The most mails that begin within one second, where calls of `call_size` follow each other, each in its slot."""
    size = call_size(float(rate))
    stretch = Reservation(start=Fraction(0), interval=1 / rate, count=size * 200)  # type: ignore[arg-type]
    starts = [stretch.slot(index) for index in range(0, stretch.count, size)]
    return max(size * sum(first <= start < first + 1 for start in starts) for first in starts[:3])


@given(RATES)
def test_no_second_of_calls_back_to_back_holds_more_than_a_steady_rate(rate: float) -> None:
    steady = steady_rate(rate)
    assert most_in_a_second(Fraction(steady)) <= steady <= rate


@given(RATES)
def test_a_steady_rate_stays_as_it_is_and_is_made_of_whole_calls(rate: float) -> None:
    steady = steady_rate(rate)
    assert steady_rate(steady) == steady
    assert steady % call_size(steady) == 0


@given(st.floats(10, 5000))
def test_a_steady_rate_gives_away_less_than_a_mail_a_second_for_each_call(rate: float) -> None:
    assert steady_rate(rate) > rate - 2 * math.ceil(rate / MOST_PER_CALL) - 1


@pytest.mark.parametrize(
    ("rate", "steady"), [(1, 1), (12.6, 12), (45, 45), (51, 50), (89.1, 88), (101, 98), (900, 900)]
)
def test_a_rate_becomes_one_that_calls_divide(rate: float, steady: float) -> None:
    assert steady_rate(rate) == steady


@given(RATES)
def test_a_second_never_holds_as_much_as_a_whole_call_too_many(rate: float) -> None:
    assert most_in_a_second(Fraction(rate)) < Fraction(rate) + call_size(rate)


@pytest.mark.parametrize(("rate", "size"), [(0.5, 1), (1, 1), (12.6, 12), (45, 45), (50, 50), (60, 30), (200, 50)])
def test_a_call_holds_what_the_rate_allows(rate: float, size: int) -> None:
    assert call_size(rate) == size


@given(RATES)
def test_a_call_is_as_large_as_ses_and_the_rate_let_it_be(rate: float) -> None:
    assert 1 <= call_size(rate) <= min(MOST_PER_CALL, rate)
    assert call_size(rate) > min(MOST_PER_CALL, rate) / 2 - 1


@given(RATES)
def test_a_batch_takes_at_most_five_seconds_and_is_made_of_whole_calls(rate: float) -> None:
    steady = steady_rate(rate)
    size = batch_size(steady)
    assert call_size(steady) <= size <= MOST_PER_BATCH == 100
    assert size % call_size(steady) == 0
    assert size / steady <= 5


@given(RATES)
def test_enough_batches_are_in_flight_to_use_the_rate_and_few_enough_that_none_waits_long(rate: float) -> None:
    steady = steady_rate(rate)
    flying = concurrency(steady) * batch_size(steady)
    assert flying >= steady
    assert flying / steady <= 3 * 100 / 20  # seconds of sending that all of them take together


def test_more_than_one_batch_is_in_flight_at_any_rate() -> None:
    assert concurrency(1) == 3
    assert concurrency(100) == 3
    assert concurrency(101) == 4
    assert concurrency(1000) == 12


def test_each_mail_of_a_reservation_has_its_slot_and_the_end_is_the_next_ones_start() -> None:
    stretch = Reservation(start=100.0, interval=0.5, count=4)
    assert [stretch.slot(index) for index in range(4)] == [100.0, 100.5, 101.0, 101.5]
    assert stretch.end == 102.0
