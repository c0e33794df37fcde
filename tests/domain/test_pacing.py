"""The pace: what a call, a batch and all batches together may hold, and when the next call may leave."""

import math
from collections.abc import Iterator, Sequence
from itertools import cycle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.pacing import (
    MOST_AT_ONCE,
    MOST_PER_BATCH,
    MOST_PER_CALL,
    Limits,
    Reservation,
    batch_size,
    call_interval,
    call_size,
    concurrency,
)
from tests.seconds import most_in

RATES = st.floats(0.1, 20_000) | st.integers(1, 20_000).map(float) | st.integers(1, 999).map(lambda rate: rate / 10)
SHARES = st.just(1.0) | st.sampled_from([0.9, 0.5]) | st.floats(0.01, 1)
DAYS = st.just(math.inf) | st.floats(1, 1e7) | st.integers(1, 1000).map(float)

# The share of the rate that is left unused, as seen at a call a second.
MARGIN = call_interval(1.0, 1) - 1.0

Call = tuple[float, int]


def calls_back_to_back(ceiling: float, share: float, batches: Sequence[int], seconds: float) -> Iterator[Call]:
    """When each call leaves, and how many it holds, while batches of so many recipients follow each other."""
    size, start = call_size(ceiling), 0.0
    interval = call_interval(ceiling * share, size, ceiling)
    for people in cycle(batches):
        stretch = Reservation(start, interval, math.ceil(people / size))
        for number in range(stretch.calls):
            yield stretch.slot(number), min(size, people - number * size)
        start = stretch.end
        if start > seconds:
            return


# Calls


@given(RATES, SHARES, st.lists(st.integers(1, MOST_PER_BATCH), min_size=1, max_size=9))
def test_no_second_holds_more_than_ses_allows(ceiling: float, share: float, batches: list[int]) -> None:
    # Where that is less than a mail a second, no stretch that one mail is allowed for holds two.
    window = max(1.0, 1 / ceiling)
    calls = list(calls_back_to_back(ceiling, share, batches, 3 * window))
    assert most_in(window, calls) <= max(1.0, ceiling)


@given(st.floats(1, 20_000), st.lists(st.floats(0, 0.99 * MARGIN), min_size=1, max_size=9))
def test_calls_that_arrive_a_little_late_put_none_too_many_into_a_second(rate: float, delays: list[float]) -> None:
    calls = calls_back_to_back(rate, 1.0, [MOST_PER_BATCH], 3)
    late = sorted((time + delay, size) for (time, size), delay in zip(calls, cycle(delays), strict=False))
    assert most_in(1.0, late) <= rate


def test_a_little_of_the_rate_is_left_unused_and_not_more() -> None:
    assert 0 < MARGIN <= 0.1


@given(RATES, SHARES, st.integers(1, MOST_PER_CALL))
def test_calls_of_any_size_keep_to_the_share_as_time_goes_on(ceiling: float, share: float, size: int) -> None:
    assert size / call_interval(ceiling * share, size, ceiling) <= ceiling * share * (1 + 1e-9)


@given(st.floats(1, 20_000) | st.integers(1, 20_000).map(float), SHARES)
def test_whole_calls_use_the_share_or_all_but_a_mail_a_second_of_each_call(ceiling: float, share: float) -> None:
    size = call_size(ceiling)
    used = size / call_interval(ceiling * share, size, ceiling)
    whole = (ceiling - max(2, math.ceil(ceiling / MOST_PER_CALL))) / (1 + MARGIN)
    assert used >= min(ceiling * share, whole) * (1 - 1e-9)


@given(st.floats(0.1, 1, exclude_max=True))
def test_at_less_than_a_mail_a_second_a_mail_leaves_as_often_as_the_rate_says(rate: float) -> None:
    assert call_size(rate) == 1
    assert call_interval(rate, 1) == pytest.approx((1 + MARGIN) / rate)


@pytest.mark.parametrize(
    ("rate", "size"),
    [(0.1, 1), (0.5, 1), (1, 1), (1.9, 1), (2, 1), (14, 7), (50, 25), (51, 17), (60, 30), (101, 25), (200, 50)],
)
def test_a_call_holds_what_the_rate_allows(rate: float, size: int) -> None:
    assert call_size(rate) == size


@given(RATES)
def test_a_call_is_never_larger_than_ses_and_the_rate_let_it_be(rate: float) -> None:
    assert 1 <= call_size(rate) <= min(MOST_PER_CALL, max(1.0, rate))


@given(st.floats(2, 20_000))
def test_from_two_mails_a_second_on_no_call_holds_a_whole_seconds_mails(rate: float) -> None:
    # A call that is a little late would have the next one throttled.
    assert 2 * call_size(rate) <= rate


@given(RATES, SHARES, st.integers(1, MOST_PER_CALL - 1))
def test_a_larger_call_never_takes_less_time(ceiling: float, share: float, size: int) -> None:
    rate = ceiling * share
    assert call_interval(rate, size, ceiling) <= call_interval(rate, size + 1, ceiling) * (1 + 1e-9)


@pytest.mark.parametrize(("rate", "size", "calls_a_second"), [(50, 10, 5), (60, 50, 1), (14, 3, 4), (10, 50, 0.2)])
def test_a_second_holds_whole_calls_and_a_call_too_large_for_it_takes_several(
    rate: float, size: int, calls_a_second: float
) -> None:
    assert call_interval(rate, size) == pytest.approx((1 + MARGIN) / calls_a_second)


def test_a_share_is_used_whole_where_there_is_room_below_the_ceiling() -> None:
    assert call_interval(12.6, 7, 14.0) == pytest.approx(7 / 12.6)
    assert call_interval(13.9, 7, 14.0) == pytest.approx((1 + MARGIN) / 2), "two of 7 are all that a second holds"


# Batches


@given(RATES, SHARES, DAYS)
def test_a_batch_is_of_at_most_500_some_5_seconds_and_a_tenth_of_the_day(
    ceiling: float, share: float, per_day: float
) -> None:
    rate = ceiling * share
    size = batch_size(Limits(rate, per_day, ceiling))
    most = min(MOST_PER_BATCH, 5 * rate, per_day / 10)
    assert 1 <= size <= max(1, most * (1 + 1e-9))
    assert size > most - call_size(ceiling), "a batch could hold a call more"


@given(RATES, SHARES, DAYS)
def test_a_batch_is_made_of_whole_calls_or_is_less_than_one(ceiling: float, share: float, per_day: float) -> None:
    size = batch_size(Limits(ceiling * share, per_day, ceiling))
    assert size % call_size(ceiling) == 0 or size < call_size(ceiling)


@pytest.mark.parametrize(
    ("limits", "size"),
    [
        (Limits(0.1), 1),
        (Limits(0.9, 180, 1.0), 4),  # the sandbox
        (Limits(12.6, 45_000, 14.0), 63),  # a new account
        (Limits(14.0, 50_000), 70),
        (Limits(12.6, 450, 14.0), 42),
        (Limits(12.6, 60, 14.0), 6),
        (Limits(12.6, 5, 14.0), 1),
        (Limits(101.0), 500),
        (Limits(900.0, math.inf, 1000.0), 500),
    ],
    ids=str,
)
def test_a_batch_of_a_known_account(limits: Limits, size: int) -> None:
    assert batch_size(limits) == size


@given(st.floats(1, 20_000), SHARES)
def test_enough_batches_are_in_flight_to_use_the_rate_and_few_enough_that_none_waits_long(
    ceiling: float, share: float
) -> None:
    limits = Limits(max(1.0, ceiling * share), math.inf, ceiling)
    seconds = (
        concurrency(limits, batch_size(limits)) * batch_size(limits) / limits.rate
    )  # of sending that all of them take together
    assert 2 <= seconds <= 30


@given(RATES, SHARES, DAYS)
def test_more_than_one_batch_is_in_flight_and_no_more_than_a_queue_starts(
    ceiling: float, share: float, per_day: float
) -> None:
    limits = Limits(ceiling * share, per_day, ceiling)
    assert 2 <= concurrency(limits, batch_size(limits)) <= MOST_AT_ONCE == 1000


def test_a_faster_account_has_more_batches_in_flight() -> None:
    flying = [concurrency(Limits(rate), batch_size(Limits(rate))) for rate in (1, 100, 1000, 5000, 20_000)]
    assert flying == sorted(flying)
    assert flying[0] <= 4
    assert flying[-1] >= 80


# Reservations


def test_each_call_of_a_reservation_has_its_slot_and_the_end_is_the_next_ones_start() -> None:
    stretch = Reservation(start=100.0, interval=0.5, calls=4)
    assert [stretch.slot(index) for index in range(4)] == [100.0, 100.5, 101.0, 101.5]
    assert stretch.end == 102.0


def test_the_busiest_second_is_found_wherever_it_lies() -> None:
    calls = [(0.0, 5), (0.9, 5), (1.8, 7), (1.9, 7), (2.9, 9)]
    assert most_in(1.0, calls) == 14
    assert most_in(1.1, calls) == 23
