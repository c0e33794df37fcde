"""The pace: many workers share it, and each knows it only as it last saw it."""

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.domain.pacing import Reservation, call_interval
from chalicelib.errors import DailyQuotaReached, SendingThrottled
from tests.contracts.pacers import CLOSE, FAR, SOON, BusyDynamoDb, FakeAccount, Workers
from tests.fakes.clock import FakeClock


@pytest.fixture
def workers(moto_dynamodb: Any) -> Workers:
    """Workers at a pace of 10 mails a second."""
    return Workers(moto_dynamodb)


def test_reservations_of_several_pacers_never_overlap(moto_dynamodb):
    workers = Workers(moto_dynamodb, FakeAccount(rate=50.0, daily=-1.0))
    pacers, clock = [workers.one() for _ in range(5)], workers.clock
    chance, taken = random.Random(7), list[Reservation]()
    for _ in range(80):
        calls = chance.randint(1, 10)
        taken.append(chance.choice(pacers).reserve(calls, 50, 50 * calls, FAR))
        assert taken[-1].start >= clock.seconds() - CLOSE
        if chance.random() < 0.1:
            chance.choice(pacers).throttled()
        clock.turn(seconds=chance.choice([0, 0, 0.1, 1, 10, 60]))
    for earlier, later in pairwise(taken):
        assert later.start >= earlier.end - CLOSE
    assert all(each.interval >= call_interval(50.0, 50) - CLOSE for each in taken)


@pytest.mark.cloud
def test_pacers_that_reserve_at_the_same_moment_never_get_the_same_slots(cloud_dynamodb):
    workers = Workers(cloud_dynamodb)

    def reserve(_: int) -> list[Reservation]:
        pacer, taken = workers.one(), list[Reservation]()
        while len(taken) < 10:
            try:
                taken.append(pacer.reserve(1, 5, 5, FAR))
            except SendingThrottled:  # the others were faster again and again
                continue
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = sorted((each for some in pool.map(reserve, range(4)) for each in some), key=lambda each: each.start)
    assert len(taken) == 40
    for earlier, later in pairwise(taken):
        assert later.start == pytest.approx(earlier.end, abs=CLOSE)


# What a worker has not seen


def test_a_pace_that_another_worker_has_cut_is_noticed_by_the_next_reservation(workers):
    warm, other = workers.one(), workers.one()
    warm.reserve(1, 5, 5, FAR)
    other.throttled()
    assert warm.reserve(1, 5, 5, FAR).interval == pytest.approx(call_interval(7.0, 5), abs=CLOSE)
    assert warm.interval(5) == pytest.approx(call_interval(7.0, 5), abs=CLOSE)


def test_a_pace_that_another_worker_has_cut_is_noticed_by_the_size_of_the_next_call(workers):
    warm, other = workers.one(), workers.one()
    assert warm.call_size() == 5
    other.throttled()
    assert warm.call_size() == 3


def test_a_pace_that_is_cut_while_the_worker_reserves_is_noticed_too(moto_dynamodb, workers):
    dynamodb = BusyDynamoDb(moto_dynamodb)
    warm = workers.one(dynamodb)
    warm.reserve(1, 5, 5, FAR)
    dynamodb.before_next = workers.one().throttled
    assert warm.reserve(1, 5, 5, FAR).interval == pytest.approx(call_interval(7.0, 5), abs=CLOSE)


def test_a_throttle_that_two_workers_tell_of_at_once_counts_once(moto_dynamodb, workers):
    dynamodb = BusyDynamoDb(moto_dynamodb)
    workers.one().refresh()
    dynamodb.before_next = workers.one().throttled
    workers.one(dynamodb).throttled()
    assert workers.one().interval(5) == pytest.approx(call_interval(7.0, 5), abs=CLOSE)


def test_a_throttle_that_is_told_late_does_not_undo_a_newer_one(moto_dynamodb):
    workers = Workers(moto_dynamodb, FakeAccount(rate=1000.0))
    workers.one().refresh()

    def throttled_later() -> None:
        workers.clock.turn(seconds=3)
        workers.one().throttled()

    workers.one(BusyDynamoDb(moto_dynamodb, throttled_later)).throttled()
    assert workers.one().interval(50) == pytest.approx(call_interval(700.0, 50), abs=CLOSE)


def test_a_worker_that_thinks_nobody_sends_finds_who_does(workers):
    warm, other = workers.one(), workers.one()
    warm.reserve(1, 5, 5, FAR)
    workers.clock.turn(hours=1)
    end = other.reserve(9, 5, 45, FAR).end
    assert warm.reserve(1, 5, 5, FAR).start == pytest.approx(end, abs=CLOSE)


def test_a_worker_that_thinks_the_day_has_mails_left_finds_who_took_them(moto_dynamodb):
    workers = Workers(moto_dynamodb, FakeAccount(daily=100.0))
    warm, other = workers.one(), workers.one()
    warm.reserve(8, 5, 40, FAR)
    end = other.reserve(11, 5, 55, FAR).end
    with pytest.raises(DailyQuotaReached):
        warm.reserve(2, 5, 6, FAR)
    assert warm.reserve(1, 5, 5, FAR).start == pytest.approx(end, abs=CLOSE)


class OvertakenDynamoDb:
    """Before each change of the pace somebody has been there: taken where it was thought free, and then free again."""

    def __init__(self, dynamodb: Any, workers: Workers, times: int) -> None:
        self._dynamodb, self._workers = dynamodb, workers
        self._left, self._seconds = times, 50

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dynamodb, name)

    def update_item(self, **request: Any) -> Any:
        if "ConditionExpression" in request and self._left:
            self._left -= 1
            slot = self._workers.clock.seconds() + self._seconds
            self._seconds = -self._seconds
            self._dynamodb.update_item(
                TableName=self._workers.table,
                Key=request["Key"],
                UpdateExpression="SET next_slot = :slot",
                ExpressionAttributeValues={":slot": {"N": f"{slot:.6f}"}},
            )
        return self._dynamodb.update_item(**request)


@pytest.mark.parametrize(("times", "seconds"), [(1, 50), (2, 0), (3, 50), (4, 0)])
def test_a_worker_that_is_overtaken_asks_again(moto_dynamodb, workers, times, seconds):
    pacer = workers.one(OvertakenDynamoDb(moto_dynamodb, workers, times))
    start = pacer.reserve(1, 5, 5, FAR).start - workers.clock.seconds()
    assert seconds - CLOSE <= start <= seconds + SOON


def test_a_worker_that_is_overtaken_for_ever_gives_up(moto_dynamodb, workers):
    with pytest.raises(SendingThrottled):
        workers.one(OvertakenDynamoDb(moto_dynamodb, workers, 10**9)).reserve(1, 5, 5, FAR)


# Time goes on while one asks


class SlowDynamoDb:
    """It takes a while to read the pace."""

    def __init__(self, dynamodb: Any, clock: FakeClock) -> None:
        self._dynamodb, self._clock = dynamodb, clock

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dynamodb, name)

    def get_item(self, **request: Any) -> Any:
        self._clock.turn(seconds=0.4)
        return self._dynamodb.get_item(**request)


@pytest.mark.parametrize("somebody_sends", [False, True])
def test_no_time_is_reserved_that_passed_while_the_pace_was_looked_up(moto_dynamodb, workers, somebody_sends):
    # Calls whose slots are past would all leave at once.
    workers.one().refresh()
    if somebody_sends:
        workers.clock.sleep_until(workers.one().reserve(1, 5, 5, FAR).end - 0.1)
    cold = workers.one(SlowDynamoDb(moto_dynamodb, workers.clock))
    assert cold.reserve(4, cold.call_size(), 20, FAR).start >= workers.clock.seconds() - CLOSE


def test_no_time_is_reserved_that_passed_while_ses_was_asked(workers):
    workers.account.while_asked = lambda: workers.clock.turn(seconds=0.4)
    cold = workers.one()
    assert cold.reserve(4, cold.call_size(), 20, FAR).start >= workers.clock.seconds() - CLOSE
