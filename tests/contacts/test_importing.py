"""What a row of a list changes of what is known of an address."""

from typing import Any

import pytest

from chalicelib.domain.contact import OURS
from chalicelib.domain.recipient import Recipient
from hato.contacts.importing import Change, ColumnRefused, Done, Person, check_columns, plan, read_person

EMAIL = "taro@example.com"
AT = "2026-01-31T08:00:00.000Z"


def person(**cells: str) -> Person:
    return read_person(Recipient(2, EMAIL, cells), "email")


@pytest.mark.parametrize("name", sorted(OURS))
def test_no_list_brings_what_hato_keeps_for_itself(name: str) -> None:
    with pytest.raises(ColumnRefused, match=f"'{name}'"):
        check_columns(["email", name], "email")


def test_the_column_email_is_the_addresses_or_none() -> None:
    check_columns(["email", "plan", "haserror"], "email")
    check_columns(["メール", "plan"], "メール")
    with pytest.raises(ColumnRefused, match="--email-column"):
        check_columns(["email", "work mail"], "work mail")


def test_an_empty_cell_says_nothing_and_the_address_is_the_key_alone() -> None:
    found = person(email=" Taro@Example.com", plan="pro", town=" ", note="")
    assert found == Person(EMAIL, (EMAIL, "Taro@Example.com"), {"plan": "pro"})


@pytest.mark.parametrize(("cell", "attributes"), [("1", {"haserror": 1}), ("true", {"haserror": 1}), ("0", {})])
def test_a_list_can_set_haserror_and_never_take_it_back(cell: str, attributes: dict[str, Any]) -> None:
    assert person(email=EMAIL, haserror=cell).attributes == attributes


@pytest.mark.parametrize(
    ("known", "change"),
    [
        (None, Change(EMAIL, {"plan": "pro", "points": "3"}, Done.IMPORTED, is_new=True)),
        ({"plan": "pro", "points": 3}, Change(EMAIL, {}, Done.SAME)),
        ({"plan": "free", "points": 3, "x": 1}, Change(EMAIL, {"plan": "pro"}, Done.CHANGED)),
        ({"plan": "pro", "points": "3", "bounced_at": AT}, Change(EMAIL, {}, Done.SAME, is_suppressed=True)),
        (
            {"noted_at": AT, "unsubscribed_at": AT},
            Change(EMAIL, {"plan": "pro", "points": "3"}, Done.IMPORTED, was_noted=True, is_suppressed=True),
        ),
        ({"noted_at": AT, "plan": "pro", "points": "3"}, Change(EMAIL, {}, Done.IMPORTED, was_noted=True)),
    ],
)
def test_only_what_is_new_is_written(known: dict[str, Any] | None, change: Change) -> None:
    items = {EMAIL: {"email": EMAIL, **known}} if known is not None else {}
    assert plan(person(email=EMAIL, plan="pro", points="3"), items, set()) == change


def test_who_was_erased_stays_so() -> None:
    assert plan(person(email=EMAIL, plan="pro"), {}, {EMAIL}) == Change(EMAIL, {}, Done.FORGOTTEN)


def test_a_contact_under_its_address_as_typed_is_the_one_that_is_changed_and_a_mark_on_either_counts() -> None:
    known = {
        "Taro@Example.com": {"email": "Taro@Example.com", "plan": "free"},
        EMAIL: {"email": EMAIL, "noted_at": AT, "unsubscribed_at": AT},
    }
    change = plan(person(email="Taro@Example.com", plan="pro"), known, set())
    assert change == Change("Taro@Example.com", {"plan": "pro"}, Done.CHANGED, is_suppressed=True)
