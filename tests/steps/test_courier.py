"""A batch's mails leave: each call at its time, and only as long as SES, the campaign and the clock allow."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.domain.campaign import PausedBy, Status
from chalicelib.domain.delivery import CALL_TIME
from chalicelib.domain.parcel import Answer, Parcel
from tests.fakes.campaigns import FakeCampaigns
from tests.fakes.mailer import FakeMailer, Reply
from tests.fakes.pacer import LEAD
from tests.steps.house import GAP, NONE, PAIRS, SETTLING, House, address, batch

ABC = batch("abc")
EVERYONE = {"a": 1, "b": 1, "c": 1}
SIX = batch("abcdef")
LETTERS = "abcdefghijklmnopqrst"
TWENTY = batch(LETTERS)
LEASE = (SETTLING.time - CALL_TIME).total_seconds()
A_DAY = 86_400.0


@pytest.fixture
def house() -> House:
    """A house whose batches of some letters are one call."""
    return House()


@pytest.fixture
def slow() -> House:
    """A house that sends two mails a call."""
    return House(PAIRS)


# --- pace


def test_calls_are_no_larger_than_the_rate_and_leave_when_their_slots_come(slow):
    left = slow.departures()
    assert slow.deliver(batch("abcde")) == NONE | {"accepted": 5}
    assert slow.calls() == ["ab", "cd", "e"]
    assert left == pytest.approx([LEAD, LEAD + GAP, LEAD + 2 * GAP], abs=1e-3)


def test_a_batch_waits_for_the_time_that_others_have_reserved(slow):
    left = slow.departures()
    slow.pacer.next_slot = slow.clock.seconds() + 7
    slow.deliver(batch("abc"))
    assert left == pytest.approx([7, 7 + GAP], abs=1e-3)


def test_a_batch_that_finds_no_sending_time_before_its_deadline_gives_its_claims_back(house):
    house.pacer.next_slot = house.clock.seconds() + 60
    assert house.deliver(ABC, seconds=30) == "SendingThrottled"
    assert house.claims("abc") == set()
    assert house.mailer.calls == []


def test_a_stretch_too_short_for_the_batch_is_used_and_the_rest_is_given_back(slow):
    slow.pacer.next_slot = slow.clock.seconds() + 1
    assert slow.deliver(SIX, seconds=1 + 2.5 * GAP) == "SendingThrottled"
    assert slow.calls() == ["ab", "cd"]
    assert slow.claims("abcdef") == set("abcd")
    assert slow.finish(SIX) == NONE | {"accepted": 6}
    assert slow.arrivals("abcdef") == dict.fromkeys("abcdef", 1)


@pytest.mark.parametrize("seconds", [1.0, 20.0])
def test_a_worker_that_was_held_up_does_not_make_up_for_it(slow, seconds):
    left = slow.departures()
    slow.after_call(2, lambda: slow.clock.turn(seconds=seconds))
    assert slow.deliver(TWENTY) == NONE | {"accepted": 20}
    gaps = [later - earlier for earlier, later in pairwise(left)]
    assert min(gaps) >= GAP - 1e-3
    assert max(gaps) >= seconds


# --- the campaign is paused or ended while it is sent

ENDINGS: list[Any] = [
    pytest.param(lambda house: house.campaigns.pause("c1", "wait", PausedBy.OWNER), "CampaignPaused", id="paused"),
    pytest.param(lambda house: house.campaigns.cancel("c1", "enough"), "CampaignStopped", id="cancelled"),
    pytest.param(lambda house: house.campaigns.end("c1", Status.FAILED, "why"), "CampaignStopped", id="failed"),
]


@pytest.mark.parametrize(("end", "told"), ENDINGS)
@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize("rate", [1.0, PAIRS])
def test_a_pause_or_an_end_is_noticed_within_two_seconds_of_sending(rate, number, end, told):
    house = House(rate)
    house.begin_campaign()
    ended = list[float]()
    house.after_call(number, lambda: ended.append(house.clock.seconds()) or end(house))
    left = house.departures()
    start = house.clock.seconds()
    assert house.deliver(TWENTY) == told
    assert left[-1] < ended[0] - start + 2
    assert number <= len(left) < 10
    sent = {email[0] for email in house.mailer.reached()}
    assert house.claims(LETTERS) == sent, "who was not sent to is given back"
    assert all(house.ledger.items["m1", address(name)]["message_id"] for name in sent)


def test_a_batch_that_was_paused_half_way_goes_on_with_the_others(slow):
    slow.begin_campaign()
    slow.after_call(1, lambda: slow.campaigns.pause("c1", "wait", PausedBy.OWNER))
    assert slow.deliver(TWENTY) == "CampaignPaused"
    slow.campaigns.unpause("c1", slow.campaigns.summary("c1"))
    assert slow.deliver(TWENTY) == NONE | {"accepted": 20}
    assert slow.arrivals(LETTERS) == dict.fromkeys(LETTERS, 1)


@pytest.mark.parametrize(("end", "told"), ENDINGS)
def test_a_pause_while_a_batch_waits_for_its_time_is_noticed_before_its_first_call(slow, end, told):
    slow.begin_campaign()
    slow.pacer.next_slot = slow.clock.seconds() + 20
    slow.moments.at("before reserve", lambda: end(slow))
    assert slow.deliver(SIX) == told
    assert slow.mailer.calls == []
    assert slow.claims("abcdef") == set()


def test_a_campaign_that_goes_on_is_not_looked_at_before_every_call():
    class Watched(FakeCampaigns):
        looks = 0

        def check_sending(self, campaign_id: str) -> None:
            self.looks += 1

    class LargeMails(FakeMailer):
        def fit(self, parcels: Sequence[Parcel], size: int) -> list[list[Parcel]]:
            return super().fit(parcels, 1)

    house, campaigns = House(rate=5.0), Watched()
    courier = replace(house.send_batch.courier, campaigns=campaigns, mailer=LargeMails())
    house.send_batch = replace(house.send_batch, courier=courier)
    assert house.deliver(batch("abcdefghijklmno")) == NONE | {"accepted": 15}  # 15 calls in three seconds
    assert campaigns.looks == 2


# --- time runs out


@pytest.mark.parametrize(("seconds", "sent"), [(LEASE - 1, "abcd"), (LEASE + 1, "ab")])
def test_no_call_begins_after_the_lease_of_its_claims(slow, seconds, sent):
    start = slow.clock.seconds()
    slow.after_call(1, lambda: slow.clock.sleep_until(start + seconds))
    everybody = batch("abcd")
    told = slow.deliver(everybody, seconds=A_DAY)
    assert "".join(slow.calls()) == sent
    assert slow.claims("abcd") == set(sent)
    assert told == (NONE | {"accepted": 4} if sent == "abcd" else "SendingThrottled")
    assert slow.finish(everybody) == NONE | {"accepted": 4}
    assert slow.arrivals("abcd") == dict.fromkeys("abcd", 1)


def test_the_lease_begins_with_the_first_claim_and_not_with_the_last(house):
    house.moments.at("after claim", lambda: house.clock.turn(seconds=LEASE + 1))
    assert house.deliver(ABC, seconds=A_DAY) == "SendingThrottled"
    assert house.mailer.calls == []
    assert house.claims("abc") == set()


def test_the_lease_holds_for_what_is_tried_again_too(house):
    house.mailer.for_call = [Reply(Answer.THROTTLED)]
    house.after_call(1, lambda: house.clock.turn(seconds=LEASE + 1))
    assert house.deliver(ABC, seconds=A_DAY) == "SendingThrottled"
    assert house.calls() == ["abc"]
    assert house.claims("abc") == set()


@pytest.mark.parametrize(("seconds", "sent"), [(29.0, "abcd"), (31.0, "ab")])
def test_no_call_begins_after_the_lambdas_deadline(slow, seconds, sent):
    start = slow.clock.seconds()
    slow.after_call(1, lambda: slow.clock.sleep_until(start + seconds))
    everybody = batch("abcd")
    slow.deliver(everybody, seconds=30)
    assert "".join(slow.calls()) == sent
    assert slow.claims("abcd") == set(sent)
    assert slow.finish(everybody) == NONE | {"accepted": 4}
    assert slow.arrivals("abcd") == dict.fromkeys("abcd", 1)


def test_what_another_try_took_over_is_not_given_back(house):
    # The first try hangs between claim and send for so long that the second takes over; SES never answers that one.
    def meanwhile() -> None:
        house.clock.turn(minutes=16)
        house.mailer.for_call = [Reply(Answer.UNSURE, arrives=True)]
        assert house.deliver(ABC, token="meanwhile") == "OutcomeUnsettled"

    house.moments.at("before reserve", meanwhile)
    assert house.deliver(ABC, seconds=A_DAY) == "SendingThrottled"
    assert house.calls() == ["abc"]
    assert {name: house.ledger.items["m1", address(name)]["claimant"] for name in "abc"} == dict.fromkeys(
        "abc", "try 2"
    )
