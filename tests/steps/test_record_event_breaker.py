"""The circuit breaker: bounces and complaints that pass a limit pause their campaign."""

import json
from collections.abc import Sequence
from itertools import count, islice
from typing import Any

import pytest

from chalicelib.domain.batch import Batch
from chalicelib.domain.breaker import Breaker
from chalicelib.domain.campaign import PausedBy, Status
from chalicelib.domain.delivery import Claim
from chalicelib.domain.event_counts import EventCounts
from chalicelib.domain.recipient import SHARDS, Recipient, shard_of
from chalicelib.domain.report import Report
from chalicelib.steps.record_event import record_event
from tests.fakes.campaigns import FakeCampaigns
from tests.fakes.contacts import FakeContacts
from tests.fakes.ledger import FakeLedger
from tests.fakes.notify import FakeNotify
from tests.steps.notices import TYPES, notice

AT = "2026-01-31T08:00:00.000Z"
SENT = 20
HARM = ["Permanent", "Complaint"]


class House:
    """A campaign that has sent 20 mails, and a breaker that bears two bounces and two complaints of them."""

    def __init__(self, campaigns: FakeCampaigns | None = None, people: Sequence[str] = ()) -> None:
        self.ledger, self.campaigns, self.contacts = FakeLedger(), campaigns or FakeCampaigns(), FakeContacts()
        self.notify = FakeNotify()
        self.people = people or [address(row) for row in range(SENT)]
        claimed = [Recipient(row, email, {}) for row, email in enumerate(self.people)]
        self.ledger.claim(Claim(Batch("c1", "m1", 0, ()), "a try", AT), claimed)
        self.ledger.accept("m1", {person.email: f"id-{person.row}" for person in claimed}, AT)

    def begin(self) -> None:
        """The campaign sends, and its first batch is counted."""
        self.campaigns.create("c1", "s3://b/k", "m1", AT)
        self.campaigns.prepared("c1", "m1", "arn", {"rows": SENT + 1, "batches": 2})
        self.campaigns.count_batch("c1", 0, {"accepted": SENT})

    def record(self, notification: str) -> dict[str, Any]:
        breaker = Breaker(bounces=2 / SENT, complaints=2 / SENT, after=SENT)
        stores = {"ledger": self.ledger, "campaigns": self.campaigns, "contacts": self.contacts}
        return record_event(notification, AT, breaker=breaker, notify=self.notify, **stores)

    def harm(self, kind: str, *rows: int) -> list[list[str]]:
        """What was paused by each of these recipients' events."""
        return [self.record(notice(kind, email=self.people[row])).get("paused", []) for row in rows]

    @property
    def status(self) -> str:
        return str(self.campaigns.summary("c1")["status"])


def address(row: int) -> str:
    return f"p{row}@example.com"


def of_one_shard(number: int) -> list[str]:
    """So many addresses that one shard of the ledger holds."""
    return list(islice((email for email in map(address, count()) if shard_of(email) == 0), number))


@pytest.fixture
def house() -> House:
    house = House()
    house.begin()
    return house


@pytest.mark.parametrize("kind", HARM)
def test_the_event_that_passes_the_limit_pauses_the_campaign_and_says_so(house, kind):
    assert house.harm(kind, 1, 2) == [[], []]
    assert house.status == "sending"
    assert house.harm(kind, 3) == [["c1"]]
    summary = house.campaigns.summary("c1")
    assert (summary["status"], summary["paused_by"]) == ("paused", "breaker")
    assert summary["reason"].startswith("Paused by the circuit breaker: 3 of 20 mails ")


@pytest.mark.parametrize("kind", HARM)
def test_the_same_event_again_and_again_is_one(house, kind):
    assert house.harm(kind, 1, 1, 1, 1, 2) == [[]] * 5
    assert house.status == "sending"


def test_bounces_and_complaints_have_a_limit_each(house):
    house.harm("Permanent", 1, 2)
    house.harm("Complaint", 3, 4)
    assert house.status == "sending"


def test_a_campaign_that_is_paused_already_is_not_paused_again(house):
    assert house.harm("Permanent", *range(1, 7)) == [[], [], ["c1"], [], [], []]
    assert "3 of 20" in house.campaigns.summary("c1")["reason"]


def test_a_campaign_that_its_owner_resumed_is_not_paused_again(house):
    house.harm("Permanent", 1, 2, 3)
    assert house.campaigns.unpause("c1", house.campaigns.summary("c1"))
    assert house.harm("Permanent", 4, 5) == [[], []]
    assert house.harm("Complaint", 6, 7, 8) == [[], [], []]
    assert house.status == "sending"


def test_what_its_owner_paused_keeps_their_reason(house):
    house.campaigns.pause("c1", "Lunch.", PausedBy.OWNER)
    assert house.harm("Permanent", 1, 2, 3) == [[], [], []]
    assert house.campaigns.summary("c1")["reason"] == "Lunch."


@pytest.mark.parametrize("status", ["finished", "cancelled", "stopped", "failed"])
def test_what_has_ended_is_not_paused(house, status):
    house.campaigns.end("c1", Status(status), "over")
    assert house.harm("Permanent", 1, 2, 3) == [[], [], []]
    assert house.status == status


def test_a_notification_of_many_recipients_pauses_their_campaign_once(house):
    document = json.loads(notice("Permanent"))
    names = [address(row) for row in range(1, 6)]
    document["mail"]["destination"] = names
    document["bounce"]["bouncedRecipients"] = [{"emailAddress": name} for name in names]
    answer = house.record(json.dumps(document))
    assert (answer["events"], answer["paused"]) == ({"bounced_permanently": 5}, ["c1"])


@pytest.mark.parametrize("kind", HARM)
def test_an_event_of_a_batch_that_has_no_campaign_is_recorded_all_the_same(kind):
    house = House()
    assert house.harm(kind, 1, 2, 3, 4) == [[], [], [], []]
    counted = (EventCounts(house.campaigns.event_counts("c1", shard)) for shard in range(SHARDS))
    assert sum(counts.total(TYPES[kind][2]) for counts in counted) == 4
    assert house.campaigns.summary("c1") == {}


def test_other_mail_of_the_account_pauses_nothing(house):
    for row in range(1, 9):
        house.record(notice("Permanent", email=address(row), mail=""))
    assert house.status == "sending"


class Unread(FakeCampaigns):
    """Campaigns whose numbers nobody looks at: that costs a query each time."""

    def report(self, campaign_id: str) -> Report:
        raise AssertionError("nobody asked for the numbers")


@pytest.mark.parametrize("kind", sorted(set(TYPES) - set(HARM)))
def test_events_that_do_no_harm_do_not_look_at_the_campaigns_numbers(kind):
    house = House(Unread())
    house.begin()
    assert house.harm(kind, 1, 2, 3) == [[], [], []]


class Looked(FakeCampaigns):
    """Campaigns that know how often somebody looked at their numbers."""

    looks = 0

    def report(self, campaign_id: str) -> Report:
        self.looks += 1
        return super().report(campaign_id)


@pytest.mark.parametrize("kind", HARM)
def test_of_many_in_one_shard_the_first_three_and_then_every_tenth_look_at_the_campaigns_numbers(kind):
    campaigns = Looked()
    house = House(campaigns, of_one_shard(sent := 45))
    house.begin()
    house.campaigns.count_batch("c1", 1, {"accepted": 100_000})
    looked = []
    for row in range(1, sent):
        before = campaigns.looks
        house.harm(kind, row)
        looked += [row] * (campaigns.looks - before)
    assert looked == [1, 2, 3, 10, 20, 30, 40]


def test_a_bounce_of_another_sort_is_looked_at_though_its_shard_has_had_many():
    campaigns = Looked()
    house = House(campaigns, of_one_shard(10))
    house.begin()
    house.campaigns.count_batch("c1", 1, {"accepted": 100_000})
    house.harm("Permanent", *range(1, 8))
    before = campaigns.looks
    house.harm("Complaint", 8)
    assert campaigns.looks == before + 1


def test_of_a_large_campaign_the_limit_is_seen_soon_after_it_is_passed():
    house = House(people=[f"p{row}@example.com" for row in range(1500)])
    house.begin()
    house.campaigns.count_batch("c1", 1, {"accepted": 8000 - SENT})  # of which it bears 800
    bounced = next(row for row in range(1500) if house.harm("Permanent", row) == [["c1"]]) + 1
    assert 800 < bounced < 800 + 9 * SHARDS


@pytest.mark.parametrize("kind", HARM)
def test_an_event_that_is_not_new_does_not_look_at_them_either(kind):
    house = House()
    house.begin()
    house.harm(kind, 1)
    unread = House(Unread())
    unread.ledger = house.ledger
    assert unread.harm(kind, 1) == [[]]


@pytest.mark.parametrize("kind", HARM)
def test_the_event_that_pauses_a_campaign_tells_of_it_and_so_does_each_that_comes_again(house, kind):
    house.harm(kind, 1, 2, 3)
    assert house.notify.told == [("c1", "paused")]
    house.harm(kind, 4, 5)
    assert house.notify.told == [("c1", "paused")]
    house.harm(kind, 3)
    assert house.notify.told == [("c1", "paused")] * 2, "who paused it may have been cut off before it was told"


def test_other_mail_of_the_account_and_events_that_do_no_harm_are_not_told_of(house):
    house.record(notice("Permanent", email=address(1), mail=""))
    house.harm("Delivery", 2, 2)
    assert house.notify.told == []
