"""Transient bounces count in a row: a delivery between them ends it, in whatever order both are told."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.breaker import Breaker
from chalicelib.domain.recipient import Recipient
from chalicelib.domain.soft_bounces import in_a_row
from chalicelib.steps.record_event import record_event
from tests.fakes.campaigns import FakeCampaigns
from tests.fakes.contacts import FakeContacts
from tests.fakes.ledger import FakeLedger
from tests.fakes.notify import FakeNotify
from tests.steps.notices import A, notice

Told = tuple[str, int]
NO_LIMIT = 1000


class House:
    def __init__(self, limit: int = NO_LIMIT) -> None:
        self.contacts = FakeContacts(soft_bounce_limit=limit)

    def record(self, kind: str, second: int) -> None:
        stores: dict[str, Any] = {"ledger": FakeLedger(), "campaigns": FakeCampaigns(), "contacts": self.contacts}
        record_event(notice(kind, second), "", breaker=Breaker(), notify=FakeNotify(), **stores)

    def in_a_row(self) -> int:
        item = self.contacts.items.get(A, {})
        return in_a_row(item.get("soft_bounces", ()), item.get("soft_bounces_ended_at", ""))

    def is_suppressed(self) -> bool:
        return bool(self.contacts.suppressed([Recipient(2, A, {})]))


def newest_delivery(events: list[Told]) -> int:
    return max((second for kind, second in events if kind == "Delivery"), default=-1)


def in_truth(events: list[Told]) -> int:
    return len({second for kind, second in events if kind == "Transient" and second > newest_delivery(events)})


moments = st.tuples(st.sampled_from(["Transient", "Delivery"]), st.integers(0, 9))
histories = st.lists(moments, max_size=14)


@given(histories)
def test_whatever_is_told_twice_or_late_the_last_delivery_told_again_leaves_the_bounces_after_it(events):
    house = House()
    for kind, second in events:
        house.record(kind, second)
    assert house.in_a_row() >= in_truth(events), "a bounce that nothing ended is forgotten"
    if (last := newest_delivery(events)) >= 0:
        house.record("Delivery", last)
    assert house.in_a_row() == in_truth(events)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.integers(0, 9), st.data())
def test_once_a_delivery_has_ended_bounces_no_telling_again_brings_them_back(bounces, delivered, data):
    events = [("Transient", second) for second in bounces] + [("Delivery", delivered)]
    house = House()
    for kind, second in events:
        house.record(kind, second)
    if delivered >= min(bounces):
        for kind, second in data.draw(st.permutations(events * 2)):
            house.record(kind, second)
    assert house.in_a_row() == in_truth(events)


@given(st.lists(st.booleans(), min_size=12, max_size=12), st.integers(1, 3))
def test_whoever_is_on_holiday_and_answers_every_mail_by_itself_stays_in_good_standing(answered_first, times):
    house = House(limit=3)
    for mail, is_answer_told_first in enumerate(answered_first):
        told = [("Delivery", 4 * mail + 1), ("Transient", 4 * mail + 2)]
        for kind, second in (told[::-1] if is_answer_told_first else told) * times:
            house.record(kind, second)
        assert not house.is_suppressed()


def test_bounces_in_a_row_end_the_contact_and_a_later_delivery_does_not_take_that_back():
    house = House(limit=3)
    for second in (1, 2, 3):
        house.record("Transient", second)
    assert house.is_suppressed()
    house.record("Delivery", 9)
    assert house.is_suppressed()
