"""The simulated pacing: what it promises at every rate, and that it would see a promise broken."""

from dataclasses import replace

import pytest

from bench.one_item import OneItem
from bench.pacing import AS_ON_AWS, RATES, ROUGH, SHARED
from bench.pacing_result import largest_second, mails_between, measure
from bench.pacing_simulation import NotingPacer, Simulation
from bench.virtual_time import SideBySide, VirtualTime
from chalicelib.domain.pacing import Reservation

SECONDS = {1.0: 400.0, 14.0: 140.0, 200.0: 60.0, 1000.0: 15.0, 10_000.0: 4.0}


@pytest.mark.parametrize("rate", RATES)
def test_as_on_aws_the_rate_is_used_and_no_second_holds_more(rate: float) -> None:
    result = measure(AS_ON_AWS, rate, SECONDS[rate], seed=1, warm_up=5.0)
    assert result.share_used >= 0.97
    assert result.largest_second <= rate
    assert result.throttles == 0


@pytest.mark.parametrize("seed", range(5))
def test_slow_accounts_keep_to_the_rate_from_the_first_second_on(seed: int) -> None:
    result = measure(AS_ON_AWS, 14.0, 20.0, seed, warm_up=0.0)
    assert result.largest_second <= 14
    assert result.throttles == 0


def test_the_same_seed_gives_the_same_result() -> None:
    first, second = (measure(ROUGH, 200.0, 30.0, seed=3) for _ in range(2))
    assert first == second


def test_another_seed_gives_another_result() -> None:
    assert measure(ROUGH, 200.0, 30.0, seed=3) != measure(ROUGH, 200.0, 30.0, seed=4)


class Heedless(NotingPacer):
    """Lets every call leave at once."""

    def reserve(self, calls: int, size: int, mails: int, deadline: float) -> Reservation:
        stretch = super().reserve(calls, size, mails, deadline)
        return Reservation(self._now(), 0.0, stretch.calls)


class Hasty(NotingPacer):
    """Puts calls a tenth closer together than it reserved."""

    def reserve(self, calls: int, size: int, mails: int, deadline: float) -> Reservation:
        stretch = super().reserve(calls, size, mails, deadline)
        return replace(stretch, interval=stretch.interval * 0.9)


@pytest.mark.parametrize("pacer", [Heedless, Hasty])
def test_a_pacer_that_is_too_fast_is_found_out(pacer: type[NotingPacer]) -> None:
    result = measure(AS_ON_AWS, 200.0, 20.0, seed=1, pacer=pacer)
    assert result.largest_second > 200
    assert not result.holds


def test_a_heedless_pacer_is_throttled() -> None:
    assert measure(AS_ON_AWS, 200.0, 20.0, seed=1, pacer=Heedless).throttles > 0


def test_with_somebody_else_on_the_account_the_pace_goes_down_and_comes_back() -> None:
    run = Simulation(replace(SHARED, taken=(20.0, 80.0)), 200.0, seed=1).run(160.0)
    assert mails_between(run, 5, 20) > 0.95 * 200 * 15
    assert 0.25 * 200 * 40 < mails_between(run, 40, 80) < 0.6 * 200 * 40
    assert mails_between(run, 140, 160) > 0.95 * 200 * 20


def test_a_second_ends_before_its_last_moment() -> None:
    assert largest_second([(0.0, 5), (0.5, 1), (1.0, 5)]) == 6
    assert largest_second([(1.25, 2), (0.5, 1), (1.0, 5), (9.0, 7)]) == 8


def test_time_jumps_to_whoever_waits_for_the_next_moment() -> None:
    time, seen = VirtualTime(100.0), list[tuple[str, float]]()

    def work(name: str, seconds: float) -> None:
        for _ in range(2):
            time.sleep(seconds)
            seen.append((name, time.now))

    time.start(lambda: work("slow", 3600.0))
    time.start(lambda: work("fast", 60.0))
    time.run()
    assert seen == [("fast", 160.0), ("fast", 220.0), ("slow", 3700.0), ("slow", 7300.0)]


def test_no_more_calls_are_under_way_than_there_are_threads() -> None:
    time, ended = VirtualTime(0.0), list[float]()

    def work() -> None:
        with SideBySide(time, 2) as pool:
            for _ in range(5):
                pool.submit(time.sleep, 1.0).add_done_callback(lambda _: ended.append(time.now))
        ended.append(time.now)

    time.start(work)
    time.run()
    assert ended == [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]


def test_what_work_raises_ends_the_run() -> None:
    time = VirtualTime(0.0)
    time.start(lambda: [][0])
    with pytest.raises(IndexError):
        time.run()


@pytest.mark.parametrize("condition", ["attribute_exists(a)", "a = :one OR a = :one AND a = :one", "(a = :one) OR b"])
def test_a_condition_that_the_stand_in_does_not_know_is_no_condition_that_fails(condition: str) -> None:
    table = OneItem(lambda: None)
    with pytest.raises(ValueError, match=r"AND goes before OR|No condition"):
        table.update_item(
            UpdateExpression="SET a = :one",
            ConditionExpression=condition,
            ExpressionAttributeValues={":one": {"N": "1"}},
        )
