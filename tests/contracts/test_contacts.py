"""The contacts: the fake and DynamoDB promise the same."""

import threading
from typing import Any

import pytest

from chalicelib.aws.contacts import Contacts
from chalicelib.aws.items import to_item
from chalicelib.domain.recipient import Recipient
from tests.contracts.conftest import make_table
from tests.contracts.contacts import AT, TARO, put


class TestContacts:
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
            {"ses_suppressed_at": AT, "ses_suppression_reason": "BOUNCE"},
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

    @pytest.mark.parametrize(
        ("where", "expected"),
        [
            ({"plan": "pro"}, {"a", "c"}),
            ({"plan": "pro", "town": "Kyoto"}, {"a"}),
            ({"points": "3"}, {"b"}),
            ({"plan": "PRO"}, set()),
            ({"plan": ""}, set()),
            ({"shoe": "42"}, set()),
            ({}, {"a", "b", "c"}),
        ],
    )
    def test_conditions_choose_the_contacts_whose_attributes_are_just_that_as_text(self, contacts, where, expected):
        put(contacts, "a@example.com", plan="pro", town="Kyoto")
        put(contacts, "b@example.com", plan="free", town="Kyoto", points=3)
        put(contacts, "c@example.com", plan="pro", town="Nara")
        put(contacts, "off@example.com", plan="pro", town="Kyoto", points=3, bounced_at=AT)
        assert {each["email"][0] for each in contacts.in_good_standing(where)} == expected

    def test_an_empty_table_has_nobody_in_good_standing(self, contacts):
        assert list(contacts.in_good_standing()) == []


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
