"""Publishing at a bearable pace, and settings."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hato.local.ses.pace import START, Pace
from hato.local.ses.settings import BadSetting, Settings


def run(pace: Pace, seconds: float, workers: int = 3, now: float = 0.0) -> float:
    """Publish as fast as the pace allows, with a steady number of workers."""
    end = now + seconds
    while now < end:
        if pace.wants_a_look(now):
            pace.look(workers, now)
        now += pace.reserve(now)
    return now


def test_publishing_starts_with_a_few_a_second_and_doubles() -> None:
    pace = Pace(100, now=0)
    assert pace.rate == START
    run(pace, 1.2)
    assert START < pace.rate <= 4 * START
    run(pace, 6, now=1.2)
    assert pace.rate == 100


@given(st.floats(0.5, 500), st.lists(st.floats(0, 1), min_size=1, max_size=50))
def test_slots_are_never_closer_than_the_top_rate(top: float, waits: list[float]) -> None:
    pace, now, slots = Pace(top, now=0), 0.0, []
    for wait in waits:
        now += wait
        slots.append(now + pace.reserve(now))
    assert all(later - earlier >= 1 / top - 1e-9 for earlier, later in pairwise(slots))


def test_several_new_workers_of_the_emulator_halve_the_rate() -> None:
    pace = Pace(100, now=0)
    now = run(pace, 8)
    pace.look(workers=5, now=now + 1)
    assert pace.rate == 50


def test_one_new_worker_only_stops_the_rate_from_growing() -> None:
    pace = Pace(100, now=0)
    pace.look(workers=1, now=0.5)
    pace.reserve(0.6)
    pace.look(workers=2, now=1.0)
    assert pace.rate == START


def test_a_slow_answer_halves_the_rate() -> None:
    pace = Pace(100, now=0)
    now = run(pace, 8)
    pace.answered(2.0)
    pace.look(workers=3, now=now + 1)
    assert pace.rate == 50


def test_the_rate_never_falls_below_the_start() -> None:
    pace = Pace(100, now=0)
    for workers in range(20):
        pace.look(2 * workers, now=float(workers))
    assert pace.rate == START


def test_an_idle_time_does_not_raise_the_rate() -> None:
    pace = Pace(100, now=0)
    for second in range(1, 20):
        pace.look(workers=1, now=float(second))
    assert pace.rate == START


def test_a_rate_below_the_start_is_kept_to() -> None:
    pace = Pace(2, now=0)
    run(pace, 5)
    assert pace.rate == 2


def test_workers_that_cannot_be_counted_leave_the_answers_to_judge_by() -> None:
    pace = Pace(100, now=0)
    now = 0.0
    for _ in range(200):
        if pace.wants_a_look(now):
            pace.look(None, now)
        now += pace.reserve(now)
    assert pace.rate == 100


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ([], "The settings must be a JSON object."),
        ({"speed": 1}, "There is no setting 'speed'"),
        ({"rate": 0}, "rate must be a number above 0."),
        ({"rate": True}, "rate must be a number above 0."),
        ({"rate": float("nan")}, "rate must be a number above 0."),
        ({"daily_quota": -2}, "daily_quota must be a number, 0 or more, or -1 for no limit."),
        ({"sandbox": "yes"}, "sandbox must be true or false."),
        ({"seed": 1.5}, "seed must be a whole number."),
        ({"delivery_delay": -1}, "delivery_delay must be a number of seconds, 0 or more."),
        ({"behaviour": 3}, "behaviour must be a JSON object."),
        ({"behaviour": {"naps": 1}}, "There is no behaviour 'naps'"),
        ({"behaviour": {"opens": 1.1}}, "behaviour.opens must be a share from 0 to 1."),
        (
            {"behaviour": {"hard_bounces": 0.6, "soft_bounces": 0.6}},
            "behaviour: hard_bounces and soft_bounces together must be at most 1.",
        ),
    ],
)
def test_a_bad_setting_is_refused_with_a_clear_sentence(changes: object, sentence: str) -> None:
    with pytest.raises(BadSetting) as refused:
        Settings().changed(changes)
    assert str(refused.value).startswith(sentence)


def test_a_change_leaves_the_rest_as_it_was() -> None:
    changed = Settings(rate=7).changed({"seed": 5, "behaviour": {"opens": 1}})
    assert (changed.rate, changed.seed, changed.behaviour.opens) == (7, 5, 1)
    assert changed.behaviour.clicks == Settings().behaviour.clicks


def test_the_sandbox_comes_with_its_limits() -> None:
    sandbox = Settings().changed({"sandbox": True})
    assert (sandbox.rate, sandbox.daily_quota) == (1, 200)
    assert Settings().changed({"sandbox": True, "rate": 3}).rate == 3
