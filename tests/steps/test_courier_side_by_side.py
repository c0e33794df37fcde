"""A batch's calls side by side: several are under way at once, and what one of them learns holds for all."""

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import datetime
from itertools import count
from threading import Barrier, Event
from typing import Any

import pytest

from chalicelib.domain.campaign import PausedBy
from chalicelib.domain.delivery import CALL_TIME
from chalicelib.domain.parcel import Answer, SendResult
from chalicelib.steps.courier import MOST_UNDER_WAY
from tests.fakes.clock import FakeClock
from tests.fakes.executor import OneAtATime
from tests.fakes.mailer import FakeMailer, Reply
from tests.steps.house import NONE, PAIRS, SETTLING, House, address, batch, fail

SIX = batch("abcdef")  # three calls of two
LEASE = (SETTLING.time - CALL_TIME).total_seconds()
A_DAY = 86_400.0
PATIENCE = 30.0  # seconds after which a test that hangs fails; none waits for so long


class Pool(ThreadPoolExecutor):
    """Threads, and a memory of what they were given."""

    def __init__(self, places: int) -> None:
        super().__init__(places)
        self.given: list[Future[Any]] = []
        self.is_full = Event()

    def submit(self, call: Callable[..., Any], /, *arguments: Any, **options: Any) -> "Future[Any]":
        self.given.append(super().submit(call, *arguments, **options))
        if len(self.given) > self._max_workers:  # a thread is waited for
            self.is_full.set()
        return self.given[-1]


class HeldBack(FakeMailer):
    """Answers nothing until it is told to."""

    def __init__(self, house: "House") -> None:
        super().__init__(house.moments)
        self.may_answer: Callable[[], object] = lambda: None

    def send(self, *arguments: Any) -> list[SendResult]:
        self.may_answer()
        return super().send(*arguments)


class BusyClock:
    """A clock that somebody does something on before they wait on it."""

    def __init__(self, clock: FakeClock, before: Callable[[], object]) -> None:
        self._clock = clock
        self._before = before

    def now(self) -> datetime:
        return self._clock.now()

    def sleep_until(self, moment: float) -> None:
        self._before()
        self._clock.sleep_until(moment)


class Wide(House):
    """A house that sends two mails a call, with real threads."""

    mailer: HeldBack
    pool: Pool  # of the latest round

    def __init__(self, places: int) -> None:
        super().__init__(rate=PAIRS, side_by_side=self._open_pool)
        self.places = places
        self.mailer = HeldBack(self)
        self._give_courier(mailer=self.mailer)
        self.campaigns.create("c1", "s", "m1", "t")
        self.campaigns.prepared("c1", "m1", "arn", {"rows": 6, "batches": 1})

    def before_the_call_after(self, count: int, action: Callable[[], object]) -> None:
        """Do this when so many calls have left and the next waits for its time."""
        clock = BusyClock(self.clock, lambda: action() if len(self.pool.given) == count else None)
        self._give_courier(clock=clock)

    def _open_pool(self) -> Pool:
        self.pool = Pool(self.places)
        return self.pool

    def _give_courier(self, **what: Any) -> None:
        self.send_batch = replace(self.send_batch, courier=replace(self.send_batch.courier, **what))


def calls(house: House) -> list[str]:
    return sorted("".join(email[0] for email in call) for call in house.mailer.calls)


def accepted(house: House) -> set[str]:
    return {email[0] for (_, email), item in house.ledger.items.items() if "accepted_at" in item}


def test_calls_leave_while_others_wait_for_their_answer():
    house = Wide(places=3)
    house.mailer.may_answer = Barrier(3, timeout=PATIENCE).wait  # passed only by three who are there at once
    assert house.deliver(SIX) == NONE | {"accepted": 6}
    assert house.arrivals("abcdef") == dict.fromkeys("abcdef", 1)
    assert list(house.kinds(SIX)) == list("abcdef")


ENDINGS = [(Answer.STOPPED, "CampaignStopped"), (Answer.QUOTA, "DailyQuotaReached")]


@pytest.mark.parametrize(("answer", "told"), ENDINGS)
def test_an_answer_that_ends_the_sending_keeps_the_rest_from_leaving_and_what_is_under_way_counts(answer, told):
    house = Wide(places=4)
    house.mailer.may_answer = Barrier(2, timeout=PATIENCE).wait
    house.mailer.for_address = {address("a"): [Reply(answer)], address("b"): [Reply(answer)]}
    house.before_the_call_after(2, lambda: wait(house.pool.given, PATIENCE))
    assert house.deliver(SIX) == told
    assert calls(house) == ["ab", "cd"]
    assert house.claims("abcdef") == accepted(house) == {"c", "d"}
    assert house.arrivals("abcdef") == dict.fromkeys("abcdef", 0) | {"c": 1, "d": 1}


def test_a_throttle_that_is_answered_while_others_are_under_way_loses_nobody():
    house = Wide(places=4)
    house.mailer.for_address = {address("a"): [Reply(Answer.THROTTLED)], address("b"): [Reply(Answer.THROTTLED)]}
    house.before_the_call_after(2, lambda: wait(house.pool.given, PATIENCE))
    assert house.deliver(SIX) == NONE | {"accepted": 6}
    assert house.arrivals("abcdef") == dict.fromkeys("abcdef", 1)


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (lambda house: house.campaigns.pause("c1", "wait", PausedBy.OWNER), "CampaignPaused"),
        (lambda house: house.campaigns.cancel("c1", "enough"), "CampaignStopped"),
    ],
)
def test_what_is_under_way_when_the_campaign_is_paused_or_ended_is_recorded(end, told):
    house, has_ended = Wide(places=4), Event()
    house.mailer.may_answer = lambda: has_ended.wait(PATIENCE)
    house.before_the_call_after(2, lambda: (house.clock.turn(seconds=2), end(house), has_ended.set()))
    assert house.deliver(SIX) == told
    assert house.claims("abcdef") == accepted(house) == set("abcd")


@pytest.mark.parametrize("side_by_side", [OneAtATime, lambda: ThreadPoolExecutor(4)], ids=["in turn", "side by side"])
@pytest.mark.parametrize(("moment", "recorded"), [("after send", 0), ("before record", 0), ("after record", 1)])
def test_a_call_whose_record_fails_keeps_its_claims_and_the_others_are_given_back_or_recorded(
    side_by_side: Callable[[], Executor], moment: str, recorded: int
):
    house = House(rate=PAIRS, side_by_side=side_by_side)
    house.moments.at(moment, fail)
    assert house.deliver(SIX) == "BatchFailed"
    reached = {email[0] for email in house.mailer.reached()}
    assert house.claims("abcdef") == reached, "who was sent to keeps the claim, who was not is given back"
    unrecorded = reached - accepted(house)
    assert len(unrecorded) == 2 - recorded
    for name in unrecorded:
        house.event(name)
    assert house.deliver(SIX) == NONE | {"accepted": 6}
    assert house.arrivals("abcdef") == dict.fromkeys("abcdef", 1)


def test_a_call_whose_record_fails_keeps_nobody_of_another_from_being_given_back():
    house = Wide(places=2)
    house.mailer.may_answer = Barrier(2, timeout=PATIENCE).wait
    house.mailer.for_address = {address(name): [Reply(Answer.QUOTA)] for name in "cd"}
    house.moments.at("before record", fail)
    house.before_the_call_after(2, lambda: wait(house.pool.given, PATIENCE))
    assert house.deliver(SIX) == "DailyQuotaReached"
    assert house.claims("abcdef") == {"a", "b"}


# --- more calls than may be under way: none leaves after what happened while it waited for another to end

LETTERS = "abcdefghijklmnopqrstuvwxyz"
UNDER_WAY = LETTERS[: 2 * MOST_UNDER_WAY]


def cancel(house: Wide) -> None:
    house.campaigns.cancel("c1", "enough")
    house.clock.turn(seconds=2)


@pytest.mark.parametrize(
    ("answer", "meanwhile", "told"),
    [
        pytest.param(Answer.STOPPED, lambda house: None, "CampaignStopped", id="stopped"),
        pytest.param(Answer.QUOTA, lambda house: None, "DailyQuotaReached", id="quota"),
        pytest.param(Answer.ACCEPTED, lambda house: house.clock.turn(seconds=LEASE), "SendingThrottled", id="lease"),
        pytest.param(Answer.ACCEPTED, cancel, "CampaignStopped", id="cancelled"),
    ],
)
def test_a_call_for_which_there_is_no_room_does_not_leave_after_the_sending_has_ended(answer, meanwhile, told):
    house, sleeps = Wide(places=MOST_UNDER_WAY), count(1)
    house.mailer.for_address = {address("a"): [Reply(answer)], address("b"): [Reply(answer)]}
    house.mailer.may_answer = lambda: house.pool.is_full.wait(PATIENCE)

    def wait_for_room() -> None:
        if next(sleeps) == 5:  # it does wait, and does not leave the eleventh call to a thread that comes free
            meanwhile(house)
            house.pool.is_full.set()
            wait(house.pool.given, PATIENCE)

    house.before_the_call_after(MOST_UNDER_WAY, wait_for_room)
    assert house.deliver(batch(LETTERS), seconds=A_DAY) == told
    assert calls(house) == [UNDER_WAY[start : start + 2] for start in range(0, len(UNDER_WAY), 2)]
    declined = set() if answer is Answer.ACCEPTED else {"a", "b"}
    assert house.claims(LETTERS) == accepted(house) == set(UNDER_WAY) - declined


def test_a_batch_of_more_calls_than_may_be_under_way_is_sent_to_its_end():
    house, sleeps = Wide(places=MOST_UNDER_WAY), count(1)
    house.mailer.may_answer = lambda: house.pool.is_full.wait(PATIENCE)

    def make_room() -> None:
        if next(sleeps) == 5:
            house.pool.is_full.set()
            wait(house.pool.given, PATIENCE)

    house.before_the_call_after(MOST_UNDER_WAY, make_room)
    assert house.deliver(batch(LETTERS)) == NONE | {"accepted": 26}
    assert house.arrivals(LETTERS) == dict.fromkeys(LETTERS, 1)
