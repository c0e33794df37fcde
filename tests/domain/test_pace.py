"""The pace after SES throttled: at once slower, then by and by as fast as before."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.pacing import Pace

THEN = 1_770_000_000.0
FULL = Pace(100.0)
MOMENTS = st.lists(st.floats(0, 20), max_size=40)


def test_a_pace_that_was_never_throttled_is_the_whole_rate() -> None:
    assert FULL.at(0.0) == FULL.at(THEN) == 100.0


def test_a_throttle_leaves_70_percent_at_once() -> None:
    assert FULL.throttled(THEN).at(THEN) == pytest.approx(70.0)


@pytest.mark.parametrize("later", [0.0, 0.5, 1.999])
def test_two_throttles_within_two_seconds_count_once(later: float) -> None:
    once = FULL.throttled(THEN)
    assert once.throttled(THEN + later) == once


def test_a_throttle_told_by_a_clock_that_is_behind_counts_once_too() -> None:
    once = FULL.throttled(THEN)
    assert once.throttled(THEN - 0.5) == once


def test_another_throttle_after_two_seconds_leaves_70_percent_of_what_had_come_back() -> None:
    assert FULL.throttled(THEN).throttled(THEN + 2).at(THEN + 2) == pytest.approx(100 * (0.7 + 0.04) * 0.7)


@pytest.mark.parametrize(("seconds", "rate"), [(0, 70), (1, 72), (7.5, 85), (15, 100), (16, 100), (9999, 100)])
def test_a_pace_comes_back_by_two_percent_of_the_whole_rate_a_second(seconds: float, rate: float) -> None:
    assert FULL.throttled(THEN).at(THEN + seconds) == pytest.approx(rate)


def test_for_a_clock_that_is_behind_a_pace_is_not_slower_than_it_was_cut() -> None:
    assert FULL.throttled(THEN).at(THEN - 60) == pytest.approx(70.0)


def test_a_pace_that_has_come_back_is_cut_to_70_percent_again() -> None:
    assert FULL.throttled(THEN).throttled(THEN + 60).at(THEN + 60) == pytest.approx(70.0)


def test_throttled_again_and_again_a_pace_never_falls_below_a_tenth() -> None:
    pace = FULL
    for number in range(30):
        pace = pace.throttled(THEN + 2 * number)
    assert pace.at(THEN + 58) == pytest.approx(10.0)


@given(MOMENTS)
def test_a_pace_is_always_between_a_tenth_and_the_whole_and_only_a_throttle_slows_it(pauses: list[float]) -> None:
    pace, now = FULL, THEN
    for pause in pauses:
        before = pace.at(now)
        now += pause
        assert pace.at(now) >= before
        pace = pace.throttled(now)
        assert 10.0 - 1e-4 <= pace.at(now) <= 100.0


@given(st.floats(1, 20_000), st.sampled_from([1.0, 0.9, 0.5]), MOMENTS)
def test_after_a_cut_calls_and_their_distances_keep_to_what_is_left(
    ceiling: float, share: float, pauses: list[float]
) -> None:
    pace, now = Pace(ceiling * share, ceiling=ceiling), THEN
    for pause in pauses:
        now += pause
        pace = pace.throttled(now)
    left = pace.at(now) / pace.rate
    size, interval = pace.call_size(now), pace.interval(now, pace.call_size(now))
    assert size / interval <= pace.at(now) * (1 + 1e-9)
    assert size * math.ceil(1 / interval) <= max(1.0, ceiling * left) * (1 + 1e-9)


def test_a_pace_that_was_cut_makes_smaller_calls_and_later_ones() -> None:
    pace = Pace(12.6, ceiling=14.0)
    assert pace.call_size(THEN) == 7
    assert pace.interval(THEN, 7) == pytest.approx(7 / 12.6)
    cut = pace.throttled(THEN)
    assert cut.call_size(THEN) == 3
    assert cut.interval(THEN, 3) == pytest.approx(3 / (0.7 * 12.6))
    assert cut.call_size(THEN + 15) == 7


def test_a_call_that_was_sized_before_the_cut_takes_as_long_as_it_is_large() -> None:
    cut = FULL.throttled(THEN)
    assert cut.interval(THEN, 50) == pytest.approx(cut.interval(THEN, 25) * 2, rel=0.1)
    assert 50 / cut.interval(THEN, 50) <= 70


@given(MOMENTS)
def test_a_cut_is_kept_as_the_table_keeps_it(pauses: list[float]) -> None:
    pace, now = FULL, THEN
    for pause in pauses:
        now += pause
        pace = pace.throttled(now)
        assert (round(pace.cut, 6), round(pace.cut_at, 6)) == (pace.cut, pace.cut_at)
