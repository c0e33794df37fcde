"""What is held against a contact: the fake and DynamoDB promise the same."""

from typing import Any

import pytest

from chalicelib.aws.contacts import Contacts
from tests.contracts.conftest import make_table
from tests.contracts.contacts import AT, LATER, LATEST, TARO, get, put


def test_an_unknown_address_that_bounces_becomes_a_contact_that_is_not_written_to(contacts):
    contacts.mark_unreachable("taro@example.com", "bounced_at", AT, "no such user")
    marks = {"haserror": 1, "bounced_at": AT, "error_reason": "no such user", "noted_at": AT}
    assert get(contacts, "taro@example.com") == {"email": "taro@example.com", **marks}


def test_marking_keeps_what_else_is_known_and_the_first_time(contacts):
    put(contacts, "taro@example.com", username="Taro", haserror=0)
    contacts.mark_unreachable("taro@example.com", "complained_at", AT, "")
    contacts.mark_unreachable("taro@example.com", "complained_at", LATER, "")
    found = get(contacts, "taro@example.com")
    assert (found["username"], found["haserror"], found["complained_at"]) == ("Taro", 1, AT)
    assert found["error_reason"] == "complained"


def test_transient_bounces_end_a_contact_at_the_limit(contacts):
    for message in ("m1", "m2"):
        contacts.count_soft_bounce("taro@example.com", message, AT)
    assert contacts.suppressed([TARO]) == {}
    contacts.count_soft_bounce("taro@example.com", "m3", LATER)
    assert contacts.suppressed([TARO]).keys() == {"taro@example.com"}
    assert get(contacts, "taro@example.com")["soft_bounced_at"] == LATER


def test_the_same_message_is_one_transient_bounce_however_often_it_is_told(contacts):
    for at in (AT, LATER, AT, LATER):
        contacts.count_soft_bounce("taro@example.com", "m1", at)
    assert contacts.suppressed([TARO]) == {}


def test_bounces_without_a_message_id_are_told_apart_by_their_time(contacts):
    for at in (AT, AT, LATER):
        contacts.count_soft_bounce("taro@example.com", "", at)
    assert contacts.suppressed([TARO]) == {}
    contacts.count_soft_bounce("taro@example.com", "", "2026-02-01T00:00:00.000Z")
    assert contacts.suppressed([TARO])


@pytest.mark.parametrize("zero", [0, "0", False])
def test_a_contact_without_error_in_whatever_form_is_ended_by_transient_bounces(contacts, zero):
    put(contacts, "taro@example.com", haserror=zero)
    for message in ("m1", "m2", "m3"):
        contacts.count_soft_bounce("taro@example.com", message, AT)
    assert contacts.suppressed([TARO])


def test_an_address_that_is_known_by_its_bounces_alone_is_no_contact_to_broadcast_to(contacts):
    put(contacts, "hanako@example.com", username="Hanako")
    for message in ("m1", "m2"):
        contacts.count_soft_bounce("hanako@example.com", message, AT)
        contacts.count_soft_bounce("stranger@example.com", message, AT)
    assert [each["email"] for each in contacts.in_good_standing()] == ["hanako@example.com"]


def test_whoever_becomes_a_contact_after_a_bounce_is_one(contacts):
    contacts.count_soft_bounce("stranger@example.com", "m1", AT)
    put(contacts, "stranger@example.com", username="Shiro", haserror=0)
    assert [each["email"] for each in contacts.in_good_standing()] == ["stranger@example.com"]


def test_the_reason_of_a_contact_ended_before_is_kept(contacts):
    contacts.mark_unreachable("taro@example.com", "bounced_at", AT, "no such user")
    for message in ("m1", "m2", "m3", "m4"):
        contacts.count_soft_bounce("taro@example.com", message, LATER)
    found = get(contacts, "taro@example.com")
    assert found["error_reason"] == "no such user"
    assert "soft_bounced_at" not in found


# ── a delivery ends the row of transient bounces ────────────────────────────────────────────────────────────────────


def test_a_delivery_ends_the_row_of_transient_bounces(contacts):
    for message in ("m1", "m2"):
        contacts.count_soft_bounce("taro@example.com", message, AT)
    contacts.end_soft_bounces("taro@example.com", LATER)
    for message in ("m3", "m4"):
        contacts.count_soft_bounce("taro@example.com", message, LATEST)
    assert contacts.suppressed([TARO]) == {}
    contacts.count_soft_bounce("taro@example.com", "m5", LATEST)
    assert contacts.suppressed([TARO])


def test_the_delivery_of_an_earlier_mail_that_is_told_late_leaves_later_bounces(contacts):
    for message in ("m2", "m3"):
        contacts.count_soft_bounce("taro@example.com", message, LATER)
    contacts.end_soft_bounces("taro@example.com", AT)
    contacts.count_soft_bounce("taro@example.com", "m4", LATER)
    assert contacts.suppressed([TARO])


def test_a_bounce_that_is_told_again_after_the_delivery_that_ended_it_does_not_count(contacts):
    for message in ("m1", "m2", "m1", "m2"):
        contacts.count_soft_bounce("taro@example.com", message, AT)
    contacts.end_soft_bounces("taro@example.com", LATER)
    for message in ("m1", "m2", "m0"):
        contacts.count_soft_bounce("taro@example.com", message, AT)
    assert contacts.suppressed([TARO]) == {}


def test_an_earlier_delivery_does_not_bring_back_what_a_later_one_ended(contacts):
    contacts.count_soft_bounce("taro@example.com", "m1", AT)
    contacts.end_soft_bounces("taro@example.com", LATEST)
    contacts.count_soft_bounce("taro@example.com", "m2", AT)
    contacts.end_soft_bounces("taro@example.com", LATER)
    assert get(contacts, "taro@example.com")["soft_bounces_ended_at"] == LATEST


def test_a_delivery_leaves_the_mark_of_who_has_come_to_the_limit(contacts):
    for message in ("m1", "m2", "m3"):
        contacts.count_soft_bounce("taro@example.com", message, AT)
    before = get(contacts, "taro@example.com")
    contacts.end_soft_bounces("taro@example.com", LATER)
    assert get(contacts, "taro@example.com") == before
    assert contacts.suppressed([TARO])


def test_bounces_of_which_only_the_message_is_known_count_until_the_next_delivery(contacts):
    put(contacts, "taro@example.com", soft_bounces={"m1", "m2"})
    contacts.count_soft_bounce("taro@example.com", "m2", AT)
    assert contacts.suppressed([TARO]) == {}
    contacts.end_soft_bounces("taro@example.com", LATER)
    assert "soft_bounces" not in get(contacts, "taro@example.com")


@pytest.mark.parametrize("attributes", [{}, {"username": "Taro"}, {"bounced_at": AT, "haserror": 1}])
def test_a_delivery_to_a_contact_without_transient_bounces_changes_nothing(contacts, attributes):
    put(contacts, "taro@example.com", **attributes)
    contacts.end_soft_bounces("taro@example.com", LATER)
    contacts.end_soft_bounces("nobody@example.com", LATER)
    assert get(contacts, "taro@example.com") == {"email": "taro@example.com", **attributes}
    assert get(contacts, "nobody@example.com") == {}


class Counting:
    """A client that counts what is written."""

    def __init__(self, dynamodb: Any) -> None:
        self._dynamodb = dynamodb
        self.writes = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dynamodb, name)

    def update_item(self, **request: Any) -> Any:
        self.writes += 1
        return self._dynamodb.update_item(**request)


def test_deliveries_are_written_down_only_where_there_is_a_row_to_end(moto_dynamodb):
    counting = Counting(moto_dynamodb)
    contacts = Contacts(counting, make_table(moto_dynamodb, "email"))
    put(contacts, "taro@example.com", username="Taro")
    for email in ("taro@example.com", "nobody@example.com"):
        contacts.end_soft_bounces(email, LATER)
    assert counting.writes == 0
    contacts.count_soft_bounce("taro@example.com", "m1", AT)
    before = counting.writes
    for at in (LATER, LATEST, LATER):
        contacts.end_soft_bounces("taro@example.com", at)
    assert counting.writes == before + 1


# ── unsubscribing ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("attributes", [{"username": "Taro"}, {"unsubscribed_at": ""}, {"noted_at": AT}])
def test_who_unsubscribes_is_not_written_to_and_the_first_time_counts(contacts, attributes):
    put(contacts, "taro@example.com", **attributes)
    assert contacts.unsubscribe("taro@example.com", AT) is True
    assert contacts.unsubscribe("taro@example.com", LATER) is False
    assert get(contacts, "taro@example.com")["unsubscribed_at"] == AT
    assert contacts.suppressed([TARO]).keys() == {"taro@example.com"}


def test_who_is_no_contact_and_unsubscribes_is_remembered_and_is_still_none(contacts):
    assert contacts.unsubscribe("taro@example.com", AT) is True
    marks = {"unsubscribed_at": AT, "noted_at": AT}
    assert get(contacts, "taro@example.com") == {"email": "taro@example.com", **marks}
    contacts.resubscribe("taro@example.com")
    assert contacts.suppressed([TARO]) == {}
    assert list(contacts.in_good_standing()) == []


def test_resubscribing_takes_back_the_unsubscribing_alone(contacts):
    put(contacts, "taro@example.com", username="Taro", bounced_at=AT, unsubscribed_at=AT)
    for _ in range(2):
        contacts.resubscribe("taro@example.com")
    expected = {"email": "taro@example.com", "username": "Taro", "bounced_at": AT}
    assert get(contacts, "taro@example.com") == expected


def test_resubscribing_makes_no_contact_of_nobody(contacts):
    contacts.resubscribe("nobody@example.com")
    assert get(contacts, "nobody@example.com") == {}
