"""What SES says of a mail becomes part of the ledger, the counters and the contacts."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.batch import Batch
from chalicelib.domain.breaker import Breaker
from chalicelib.domain.delivery import Claim
from chalicelib.domain.recipient import Recipient, shard_of
from chalicelib.domain.tally import tally
from chalicelib.steps.record_event import record_event
from tests.fakes.campaigns import FakeCampaigns
from tests.fakes.contacts import FakeContacts
from tests.fakes.ledger import FakeLedger
from tests.fakes.notify import FakeNotify
from tests.steps.notices import TYPES, A, B, engagement, notice

SAMPLES = Path(__file__).parent.parent / "samples"
RECEIVED = "2026-01-31T09:00:00.000Z"
# What is counted besides where nothing says that it was a program.
HUMAN = {"opened": {"human_opened": 1}, "clicked": {"human_clicked": 1}}


class House:
    def __init__(self, soft_bounce_limit: int = 3) -> None:
        self.ledger, self.campaigns, self.contacts = FakeLedger(), FakeCampaigns(), FakeContacts(soft_bounce_limit)
        people = [Recipient(row, email, {}) for row, email in enumerate((A, B), 2)]
        self.ledger.claim(Claim(Batch("c1", "m1", 0, ()), "a try", "2026-01-31T08:00:00.000Z"), people)
        self.campaigns.create("c1", "s3://uploads/lists/m1/a.csv", "m1", "2026-01-31T07:59:00.000Z")
        self.ledger.accept("m1", {A: "id-a"}, "2026-01-31T08:00:01.000Z")

    def record(self, notification: str) -> dict[str, Any]:
        stores = {"ledger": self.ledger, "campaigns": self.campaigns, "contacts": self.contacts}
        return record_event(notification, RECEIVED, breaker=Breaker(), notify=FakeNotify(), **stores)


@pytest.fixture
def house() -> House:
    return House()


@pytest.mark.parametrize("kind", TYPES)
def test_every_kind_of_event_is_kept_in_the_ledger_and_counted_once(house, kind):
    house.record(notice(kind))
    house.record(notice(kind))
    counter = TYPES[kind][2]
    assert house.ledger.items["m1", A][f"{counter}_at"] == "2026-01-31T08:00:05.000Z"
    assert house.campaigns.totals("c1") == {counter: 1} | HUMAN.get(counter, {})


@pytest.mark.parametrize(("kind", "attribute"), [("Permanent", "bounced_at"), ("Complaint", "complained_at")])
def test_a_bounce_and_a_complaint_end_the_contact(house, kind, attribute):
    house.record(notice(kind))
    assert house.contacts.items[A]["haserror"] == 1
    assert house.contacts.items[A][attribute] == "2026-01-31T08:00:05.000Z"


@pytest.mark.parametrize("kind", ["Delivery", "DeliveryDelay", "Undetermined", "Reject", "Open", "Click"])
def test_other_events_leave_the_contact_alone(house, kind):
    house.record(notice(kind))
    assert house.contacts.items == {}


def test_transient_bounces_end_the_contact_only_after_the_limit(house):
    for second in (1, 2, 2, 1):
        house.record(notice("Transient", second))
    assert house.contacts.suppressed([Recipient(2, A, {})]) == {}
    house.record(notice("Transient", 3))
    assert house.contacts.suppressed([Recipient(2, A, {})])


@pytest.mark.parametrize("kind", TYPES)
def test_events_of_other_mail_touch_no_delivery_and_no_campaign(house, kind):
    before = json.dumps(list(house.ledger.items.values()))
    house.record(notice(kind, mail=""))
    assert json.dumps(list(house.ledger.items.values())) == before
    assert house.campaigns.events == {}


def test_a_bounce_of_other_mail_marks_the_contact(house):
    house.record(notice("Permanent", email="stranger@example.com", mail=""))
    assert house.contacts.items["stranger@example.com"]["haserror"] == 1


def test_an_event_of_a_delivery_that_is_not_in_the_ledger_is_not_counted(house):
    house.record(notice("Delivery", email="stranger@example.com"))
    assert house.campaigns.events == {}
    assert len(house.ledger.items) == 2


def test_an_event_proves_that_an_unrecorded_send_went_out(house):
    assert not house.ledger.read("m1", [B])[B].has_event
    house.record(notice("Delivery", email=B))
    assert house.ledger.read("m1", [B])[B].has_event


def test_ids_that_tags_cannot_hold_find_their_delivery(house):
    house.ledger.claim(Claim(Batch("春の便り", "お知らせ", 0, ()), "a try", RECEIVED), [Recipient(2, A, {})])
    house.record(notice("Open", campaign="春の便り", mail="お知らせ"))
    assert house.campaigns.events.keys() == {"春の便り"}


def test_the_event_counts_for_the_campaign_that_the_ledger_names(house):
    house.record(notice("Open", campaign="another"))
    assert house.campaigns.events.keys() == {"c1"}


def test_a_bounce_at_the_end_of_a_forwarding_is_the_recipients_that_the_mail_was_sent_to(house):
    document = json.loads(notice("Permanent"))
    document["bounce"]["bouncedRecipients"] = [{"emailAddress": "forwarded@example.net"}]
    house.record(json.dumps(document))
    assert house.contacts.items.keys() == {A}
    assert "bounced_at" in house.ledger.items["m1", A]


def test_an_address_in_another_spelling_is_the_same_recipient(house):
    house.record(notice("Open", email="A@Example.com"))
    assert "opened_at" in house.ledger.items["m1", A]


def test_an_event_without_any_time_gets_the_one_it_was_received_at(house):
    document = json.loads(notice("Open"))
    del document["open"]["timestamp"], document["mail"]["timestamp"]
    house.record(json.dumps(document))
    assert house.ledger.items["m1", A]["opened_at"] == RECEIVED


@pytest.mark.parametrize("text", ["", "{", "null", "[]", '"x"', "Successfully validated SNS topic for SES.", "{}"])
def test_what_is_no_event_is_said_to_be_unreadable_and_changes_nothing(house, text):
    assert "unreadable" in house.record(text)
    assert house.contacts.items == house.campaigns.events == {}


def test_an_event_that_names_nobody_changes_nothing(house):
    document = json.loads(notice("Open"))
    document["mail"]["destination"] = []
    assert house.record(json.dumps(document))["events"] == {"opened": 1}
    assert house.campaigns.events == {}


def test_an_event_of_an_unknown_type_changes_nothing(house):
    assert house.record('{"eventType": "Teleported", "mail": {"destination": ["a@example.com"]}}')
    assert house.campaigns.events == house.contacts.items == {}


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("ses_*.json")), ids=lambda path: path.stem)
def test_every_sample_of_a_notification_can_be_recorded_twice_with_the_effect_of_once(sample):
    once, twice = House(), House()
    text = sample.read_text()
    once.record(text)
    twice.record(text)
    twice.record(text)
    assert twice.contacts.items == once.contacts.items
    assert twice.campaigns.events == once.campaigns.events


def test_the_counter_is_the_one_of_the_addresss_shard():
    house = House()
    house.record(notice("Open"))
    counted = {"2026-01-31T06": {"opened@08": 1, "human_opened@08": 1}}
    assert house.campaigns.events == {"c1": {shard_of(A): counted}}


def test_a_click_is_counted_for_the_link_of_the_mail_that_was_followed(house):
    house.campaigns.keep_links("c1", ["https://example.org/", "https://example.com/{{ word }}"])
    house.record(notice("Click"))
    assert house.campaigns.report("c1").links == [("https://example.com/{{ word }}", 1, 1)]


def test_an_open_before_the_delivery_is_no_persons_once_the_delivery_is_known(house):
    house.record(notice("Open", 3))
    assert house.campaigns.totals("c1") == {"opened": 1, "human_opened": 1}
    house.record(notice("Delivery", 4))
    assert house.campaigns.totals("c1") == {"delivered": 1, "opened": 1}


def test_neither_the_program_nor_its_address_is_kept(house):
    document = json.loads(notice("Open"))
    document["open"] |= {"userAgent": "Gecko of Taro", "ipAddress": "192.0.2.17"}
    house.record(json.dumps(document))
    kept = json.dumps(house.ledger.items["m1", A], default=sorted)
    assert "Gecko" not in kept
    assert "192.0.2.17" not in kept


events = st.builds(notice, st.sampled_from(sorted(TYPES)), st.integers(0, 3), st.sampled_from([A, B]))
engagements = st.builds(
    engagement,
    st.sampled_from(["Delivery", "Open", "Click"]),
    st.integers(0, 25),
    st.sampled_from([None, "Likely", "Unlikely"]),
    st.sampled_from(["Mail", "curl/8"]),
    st.sampled_from("abcd"),
)


@given(
    st.lists(events | engagements, max_size=8).flatmap(lambda told: st.tuples(st.just(told), st.permutations(told))),
    st.data(),
)
def test_events_in_any_order_and_any_number_of_times_come_to_the_same(lists, data):
    told, shuffled = lists
    again = data.draw(st.lists(st.sampled_from(shuffled), max_size=5)) if shuffled else []
    # Of bounces in a row it counts what was known when the limit was reached: see test_soft_bounces.
    one, other = House(soft_bounce_limit=100), House(soft_bounce_limit=100)
    for each in (one, other):
        each.campaigns.keep_links("c1", [f"https://example.com/{letter}" for letter in "abc"])
    for each in told:
        one.record(each)
    for each in [*shuffled, *again]:
        other.record(each)
    assert times(one) == times(other)
    assert counted(one) == counted(other)
    people = [Recipient(2, A, {}), Recipient(3, B, {})]
    assert one.contacts.suppressed(people).keys() == other.contacts.suppressed(people).keys()


def times(house: House) -> dict[Any, Any]:
    """The ledger; the time of the very first event to arrive is its arrival's: only that there is one counts."""
    return {
        key: {name: at for name, at in item.items() if name != "first_event_at"}
        | {"has_event": "first_event_at" in item}
        for key, item in house.ledger.items.items()
    }


def counted(house: House) -> Any:
    """All counters that are not zero, which are what the ledger says."""
    counts = house.campaigns.report("c1").counts.counts
    assert all(number > 0 for number in counts.values())
    assert counts == Counter(count for item in house.ledger.items.values() for count in tally(item))
    return counts
