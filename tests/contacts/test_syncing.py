"""The contacts say what SES's suppression list says."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.aws.contacts import Contacts
from chalicelib.domain.forgotten import MARKER, forgotten_key
from hato.contacts.syncing import Change, Mark, Syncer, compare, read_list
from tests.contracts.conftest import clients, make_table, moto, moto_dynamodb, session  # noqa: F401 - fixtures
from tests.contracts.contacts import AT, LATER, get, put

MARK = Mark(AT, "BOUNCE")
MARKED = {"ses_suppressed_at": AT, "ses_suppression_reason": "BOUNCE"}


@pytest.mark.parametrize(
    ("listed", "items", "changes"),
    [
        ({"a@x.example": MARK}, [], [Change("a@x.example", MARK, is_new=True)]),
        ({"a@x.example": MARK}, [{"email": "a@x.example"}], [Change("a@x.example", MARK)]),
        ({"a@x.example": MARK}, [{"email": "a@x.example", **MARKED}], []),
        ({"a@x.example": Mark(LATER, "BOUNCE")}, [{"email": "a@x.example", **MARKED}], None),
        ({}, [{"email": "a@x.example", **MARKED}], [Change("a@x.example", None)]),
        ({}, [{"email": "a@x.example", "bounced_at": AT}], []),
        ({}, [{"email": MARKER}, {"email": "forgotten:00"}], []),
    ],
)
def test_only_differences_are_written(
    listed: dict[str, Mark], items: list[dict[str, Any]], changes: list[Change] | None
) -> None:
    expected = [Change("a@x.example", Mark(LATER, "BOUNCE"))] if changes is None else changes
    assert compare(listed, items) == expected


def test_a_contact_under_its_address_as_typed_is_marked_and_so_is_the_address_itself() -> None:
    changes = compare({"a@x.example": MARK}, [{"email": "A@X.example"}])
    assert changes == [Change("A@X.example", MARK), Change("a@x.example", MARK, is_new=True)]


class Pages:
    """SES, with an address a page."""

    def __init__(self, *addresses: str) -> None:
        self._addresses = addresses

    def list_suppressed_destinations(self, **asked: Any) -> dict[str, Any]:
        number, at = int(asked.get("NextToken", 0)), datetime(2026, 1, 31, 8, tzinfo=UTC)
        found = {"EmailAddress": self._addresses[number], "Reason": "BOUNCE", "LastUpdateTime": at}
        more = {"NextToken": str(number + 1)} if number + 1 < len(self._addresses) else {}
        return {"SuppressedDestinationSummaries": [found], **more}


def test_the_list_is_read_to_its_last_page_without_what_is_no_address() -> None:
    assert list(read_list(Pages("A@x.example", "no address", "b@x.example"))) == [
        ("a@x.example", MARK),
        ("b@x.example", MARK),
    ]


def test_the_table_follows_the_list(moto_dynamodb: Any) -> None:  # noqa: F811 - the fixture
    contacts = Contacts(moto_dynamodb, make_table(moto_dynamodb, "email"), forgotten_key=lambda: "k")
    put(contacts, "known@x.example", plan="pro")
    put(contacts, MARKER)
    put(contacts, forgotten_key("k", "gone@x.example"))
    syncer, told = Syncer(moto_dynamodb, contacts._table, contacts), list[tuple[int, int]]()
    listed = dict.fromkeys(("known@x.example", "new@x.example", "gone@x.example"), MARK)
    assert syncer.sync(listed, lambda *count: told.append(count)) == {"marked": 2, "unmarked": 0, "forgotten": 1}
    assert told == [(1, 2), (2, 2)]
    assert get(contacts, "known@x.example") == {"email": "known@x.example", "plan": "pro", **MARKED}
    assert get(contacts, "new@x.example") == {"email": "new@x.example", "noted_at": AT, **MARKED}
    assert get(contacts, "gone@x.example") == {}
    assert syncer.sync({}, lambda *count: None) == {"marked": 0, "unmarked": 2, "forgotten": 0}
    assert get(contacts, "known@x.example") == {"email": "known@x.example", "plan": "pro"}
