"""The contacts: the fake and DynamoDB promise the same."""

import threading
from typing import Any

import pytest

from chalicelib.aws.contacts import Contacts
from chalicelib.aws.items import from_item, to_item
from chalicelib.domain.recipient import Recipient
from tests.contracts.conftest import make_table
from tests.fakes.contacts import FakeContacts

AT, LATER = "2026-01-31T08:00:00.000Z", "2026-01-31T09:00:00.000Z"
TARO = Recipient(2, "taro@example.com", {"email": "Taro@Example.com", "name": "Taro"})


def put(contacts: Any, email: str, **attributes: Any) -> None:
    item = {"email": email, **attributes}
    if isinstance(contacts, FakeContacts):
        contacts.items[email] = item
    else:
        contacts._dynamodb.put_item(TableName=contacts._table, Item=to_item(item))


def get(contacts: Any, email: str) -> dict[str, Any]:
    if isinstance(contacts, FakeContacts):
        return contacts.items[email]
    return from_item(contacts._dynamodb.get_item(TableName=contacts._table, Key=to_item({"email": email}))["Item"])


class TestContacts:
    @pytest.fixture(params=["fake", "dynamodb"])
    def contacts(self, request: pytest.FixtureRequest) -> Any:
        if request.param == "fake":
            return FakeContacts(soft_bounce_limit=3)
        dynamodb = request.getfixturevalue("moto_dynamodb")
        return Contacts(dynamodb, make_table(dynamodb, "email"), soft_bounce_limit=3)

    @pytest.mark.parametrize(
        "attributes",
        [
            {"haserror": 1},
            {"haserror": "1"},
            {"haserror": True},
            {"unsubscribed_at": AT, "haserror": 0},
            {"bounced_at": AT},
            {"complained_at": AT},
            {"soft_bounced_at": AT},
        ],
    )
    @pytest.mark.parametrize("spelling", ["taro@example.com", "Taro@Example.com"])
    def test_a_contact_not_to_be_written_to_is_found_under_either_spelling(self, contacts, spelling, attributes):
        put(contacts, spelling, **attributes)
        assert contacts.suppressed([TARO]).keys() == {"taro@example.com"}
        assert contacts.suppressed([TARO])["taro@example.com"]
        assert list(contacts.in_good_standing()) == []

    @pytest.mark.parametrize("attributes", [{"haserror": 0, "issend": 1}, {"haserror": "0"}, {"unsubscribed_at": ""}])
    def test_a_contact_in_good_standing_is_not_suppressed(self, contacts, attributes):
        put(contacts, "taro@example.com", **attributes)
        assert contacts.suppressed([TARO]) == {}
        assert [each["email"] for each in contacts.in_good_standing()] == ["taro@example.com"]

    def test_an_address_that_is_no_contact_is_not_suppressed(self, contacts):
        assert contacts.suppressed([TARO]) == {}

    def test_another_address_in_a_field_does_not_count(self, contacts):
        put(contacts, "boss@example.com", haserror=1)
        assert contacts.suppressed([Recipient(2, "a@example.com", {"boss": "boss@example.com"})]) == {}

    def test_the_suppressed_among_more_than_a_hundred_are_found(self, contacts):
        people = [Recipient(row, f"p{row}@example.com", {"e": f"P{row}@example.com"}) for row in range(120)]
        for row in (0, 60, 119):
            put(contacts, f"P{row}@example.com", bounced_at=AT)
        assert contacts.suppressed(people).keys() == {"p0@example.com", "p60@example.com", "p119@example.com"}

    def test_the_attributes_of_a_contact_come_as_text(self, contacts):
        put(contacts, "taro@example.com", username="Taro", haserror=0, points=3, friends={"a", "b"})
        (fields,) = contacts.in_good_standing()
        assert fields == {"email": "taro@example.com", "username": "Taro", "haserror": "0", "points": "3"}

    def test_an_empty_table_has_nobody_in_good_standing(self, contacts):
        assert list(contacts.in_good_standing()) == []

    def test_an_unknown_address_that_bounces_becomes_a_contact_that_is_not_written_to(self, contacts):
        contacts.mark_unreachable("taro@example.com", "bounced_at", AT, "no such user")
        expected = {"email": "taro@example.com", "haserror": 1, "bounced_at": AT, "error_reason": "no such user"}
        assert get(contacts, "taro@example.com") == expected

    def test_marking_keeps_what_else_is_known_and_the_first_time(self, contacts):
        put(contacts, "taro@example.com", username="Taro", haserror=0)
        contacts.mark_unreachable("taro@example.com", "complained_at", AT, "")
        contacts.mark_unreachable("taro@example.com", "complained_at", LATER, "")
        found = get(contacts, "taro@example.com")
        assert (found["username"], found["haserror"], found["complained_at"]) == ("Taro", 1, AT)
        assert found["error_reason"] == "complained"

    def test_transient_bounces_end_a_contact_at_the_limit(self, contacts):
        for message in ("m1", "m2"):
            contacts.count_soft_bounce("taro@example.com", message, AT)
        assert contacts.suppressed([TARO]) == {}
        contacts.count_soft_bounce("taro@example.com", "m3", LATER)
        assert contacts.suppressed([TARO]).keys() == {"taro@example.com"}
        assert get(contacts, "taro@example.com")["soft_bounced_at"] == LATER

    def test_the_same_message_is_one_transient_bounce_however_often_it_is_told(self, contacts):
        for at in (AT, LATER, AT, LATER):
            contacts.count_soft_bounce("taro@example.com", "m1", at)
        assert contacts.suppressed([TARO]) == {}

    def test_bounces_without_a_message_id_are_told_apart_by_their_time(self, contacts):
        for at in (AT, AT, LATER):
            contacts.count_soft_bounce("taro@example.com", "", at)
        assert contacts.suppressed([TARO]) == {}
        contacts.count_soft_bounce("taro@example.com", "", "2026-02-01T00:00:00.000Z")
        assert contacts.suppressed([TARO])

    @pytest.mark.parametrize("zero", [0, "0", False])
    def test_a_contact_without_error_in_whatever_form_is_ended_by_transient_bounces(self, contacts, zero):
        put(contacts, "taro@example.com", haserror=zero)
        for message in ("m1", "m2", "m3"):
            contacts.count_soft_bounce("taro@example.com", message, AT)
        assert contacts.suppressed([TARO])

    def test_an_address_that_is_known_by_its_bounces_alone_is_no_contact_to_broadcast_to(self, contacts):
        put(contacts, "hanako@example.com", username="Hanako")
        for message in ("m1", "m2"):
            contacts.count_soft_bounce("hanako@example.com", message, AT)
            contacts.count_soft_bounce("stranger@example.com", message, AT)
        assert [each["email"] for each in contacts.in_good_standing()] == ["hanako@example.com"]

    def test_whoever_becomes_a_contact_after_a_bounce_is_one(self, contacts):
        contacts.count_soft_bounce("stranger@example.com", "m1", AT)
        put(contacts, "stranger@example.com", username="Shiro", haserror=0)
        assert [each["email"] for each in contacts.in_good_standing()] == ["stranger@example.com"]

    def test_the_reason_of_a_contact_ended_before_is_kept(self, contacts):
        contacts.mark_unreachable("taro@example.com", "bounced_at", AT, "no such user")
        for message in ("m1", "m2", "m3", "m4"):
            contacts.count_soft_bounce("taro@example.com", message, LATER)
        found = get(contacts, "taro@example.com")
        assert found["error_reason"] == "no such user"
        assert "soft_bounced_at" not in found


class PagedDynamoDb:
    """A table of many pages in each segment, that can fail in one of them."""

    def __init__(self, pages: int, broken_segment: int | None = None) -> None:
        self.pages = pages
        self.broken_segment = broken_segment
        self.read = 0

    def get_paginator(self, operation: str) -> Any:
        assert operation == "scan"
        return self

    def paginate(self, **request: Any) -> Any:
        segment = request["Segment"]
        for page in range(self.pages):
            self.read += 1
            if segment == self.broken_segment and page == 1:
                raise OSError("the line is dead")
            yield {"Items": [to_item({"email": f"s{segment}p{page}n{n}@example.com"}) for n in range(3)]}


def test_a_table_of_many_pages_is_read_to_its_end(moto_dynamodb):
    # Over a megabyte in each of the eight segments, so each comes in several pages.
    table = make_table(moto_dynamodb, "email")
    emails = {f"p{number}@example.com" for number in range(48)}
    for email in emails:
        moto_dynamodb.put_item(TableName=table, Item=to_item({"email": email, "note": "x" * 390_000}))
    found = [each["email"] for each in Contacts(moto_dynamodb, table).in_good_standing()]
    assert sorted(found) == sorted(emails)


def test_every_page_of_every_segment_is_read_once():
    found = [each["email"] for each in Contacts(PagedDynamoDb(pages=40), "t").in_good_standing()]
    assert len(found) == len(set(found)) == 8 * 40 * 3


def test_a_consumer_that_stops_early_stops_the_reading():
    dynamodb = PagedDynamoDb(pages=1000)
    reading = Contacts(dynamodb, "t").in_good_standing()
    assert next(reading)
    closing = threading.Thread(target=reading.close, daemon=True)
    closing.start()
    closing.join(10)
    assert not closing.is_alive(), "closing waits for readers that wait for room"
    assert dynamodb.read < 8 * 1000


def test_a_segment_that_fails_fails_the_reading():
    dynamodb = PagedDynamoDb(pages=1000, broken_segment=5)
    with pytest.raises(OSError, match="the line is dead"):
        list(Contacts(dynamodb, "t").in_good_standing())
    assert dynamodb.read < 1000
