"""Contacts who were erased on request: the fake and DynamoDB promise the same."""

from typing import Any

import pytest

from chalicelib.aws.contacts import Contacts
from chalicelib.domain.forgotten import MARKER, NOBODY_AT_ALL, REASON, forgotten_key
from chalicelib.domain.recipient import Recipient
from tests.contracts.conftest import make_table
from tests.contracts.contacts import AT, TARO, get, put
from tests.fakes.contacts import FakeContacts

EMAIL = TARO.email


def forget(contacts: Any, email: str) -> None:
    if isinstance(contacts, FakeContacts):
        contacts.erased.add(email)
    else:
        put(contacts, MARKER)
        put(contacts, forgotten_key("a key", email), forgotten_at="2026-01-31")


def test_a_forgotten_address_is_suppressed_and_no_other(contacts):
    forget(contacts, EMAIL)
    assert contacts.suppressed([TARO, Recipient(3, "hanako@example.com", {})]) == {EMAIL: REASON}


def test_the_forgotten_among_more_than_a_hundred_are_found(contacts):
    people = [Recipient(row, f"p{row}@example.com", {}) for row in range(230)]
    for row in (0, 99, 100, 229):
        forget(contacts, f"p{row}@example.com")
    erased = {f"p{row}@example.com" for row in (0, 99, 100, 229)}
    assert contacts.suppressed(people).keys() == erased
    assert contacts.forgotten([person.email for person in people]) == erased


def test_without_anybody_forgotten_nobody_is(contacts):
    assert contacts.forgotten([EMAIL]) == set()


def test_what_is_kept_of_the_forgotten_is_no_contact(contacts):
    put(contacts, "hanako@example.com")
    forget(contacts, EMAIL)
    assert [each["email"] for each in contacts.in_good_standing()] == ["hanako@example.com"]


def test_no_event_and_no_unsubscribing_brings_a_forgotten_address_back(contacts):
    forget(contacts, EMAIL)
    contacts.mark_unreachable(EMAIL, "bounced_at", AT, "no such user")
    for message in ("m1", "m2", "m3", "m4"):
        contacts.count_soft_bounce(EMAIL, message, AT)
    contacts.end_soft_bounces(EMAIL, AT)
    contacts.resubscribe(EMAIL)
    assert contacts.unsubscribe(EMAIL, AT) is False
    assert get(contacts, EMAIL) == {}


def test_who_stands_for_the_forgotten_in_a_batch_is_never_written_to(contacts):
    assert contacts.suppressed([Recipient(2, NOBODY_AT_ALL, {}), TARO]) == {NOBODY_AT_ALL: REASON}


def test_the_key_is_not_asked_for_while_nobody_was_forgotten(moto_dynamodb):
    def key() -> str:
        raise AssertionError("nobody was forgotten")

    contacts = Contacts(moto_dynamodb, make_table(moto_dynamodb, "email"), forgotten_key=key)
    contacts.mark_unreachable(EMAIL, "bounced_at", AT, "")
    assert contacts.suppressed([TARO]).keys() == {EMAIL}


def test_a_key_that_cannot_be_read_stops_the_batch_before_anything_is_sent(moto_dynamodb):
    def key() -> str:
        raise PermissionError("the secret is not ours to read")

    contacts = Contacts(moto_dynamodb, make_table(moto_dynamodb, "email"), forgotten_key=key)
    put(contacts, MARKER)
    with pytest.raises(PermissionError):
        contacts.suppressed([TARO])


def test_a_hash_tells_nothing_without_the_key_and_is_another_under_another():
    assert forgotten_key("a key", EMAIL) == forgotten_key("a key", EMAIL)
    assert forgotten_key("a key", EMAIL) != forgotten_key("another", EMAIL)
    assert "taro" not in forgotten_key("a key", EMAIL)
    assert len(forgotten_key("a key", EMAIL)) == len("forgotten:") + 32
