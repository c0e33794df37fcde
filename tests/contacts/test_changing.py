"""A person changes one contact, unless something has just happened to it."""

from typing import Any

import pytest

from chalicelib.aws.contacts import Contacts
from hato.contacts.changing import Changed, Changer, NoAddress, NoContact, NotAllowed, find
from tests.contracts.conftest import clients, make_table, moto, moto_dynamodb, session  # noqa: F401 - fixtures
from tests.contracts.contacts import AT, LATER, get, put

EMAIL = "taro@example.com"


@pytest.fixture
def contacts(moto_dynamodb: Any) -> Contacts:  # noqa: F811 - the fixture
    return Contacts(moto_dynamodb, make_table(moto_dynamodb, "email"))


def changer(contacts: Contacts) -> Changer:
    return Changer(contacts._dynamodb, contacts._table)


def test_both_spellings_of_a_contact_are_found_and_either_may_be_held_against_it(contacts: Contacts) -> None:
    put(contacts, "Taro@Example.com", plan="pro")
    contacts.unsubscribe(EMAIL, AT)
    found = find(contacts, " Taro@Example.com ")
    assert [item["email"] for item in found.items] == [EMAIL, "Taro@Example.com"]
    assert found.why_suppressed == f"The contact unsubscribed {AT}."


def test_nobody_and_no_address_are_told_apart(contacts: Contacts) -> None:
    with pytest.raises(NoContact):
        find(contacts, EMAIL)
    with pytest.raises(NoAddress):
        find(contacts, "taro")


def test_who_unsubscribes_while_the_contact_is_removed_is_remembered(contacts: Contacts) -> None:
    put(contacts, EMAIL, plan="pro")
    read = get(contacts, EMAIL)
    contacts.unsubscribe(EMAIL, AT)
    with pytest.raises(Changed):
        changer(contacts).remove(read, LATER)
    assert changer(contacts).remove(get(contacts, EMAIL), LATER) is True
    assert get(contacts, EMAIL) == {"email": EMAIL, "unsubscribed_at": AT, "noted_at": LATER}


def test_who_unsubscribes_while_an_address_is_allowed_stays_out(contacts: Contacts) -> None:
    put(contacts, EMAIL, bounced_at=AT, haserror=1)
    read = get(contacts, EMAIL)
    contacts.unsubscribe(EMAIL, LATER)
    with pytest.raises(Changed):
        changer(contacts).allow(read, even_complained=True)
    with pytest.raises(NotAllowed):
        changer(contacts).allow(get(contacts, EMAIL), even_complained=True)


def test_an_address_that_is_known_by_its_bounces_is_none_that_a_broadcast_goes_to_after_it_is_allowed(
    contacts: Contacts,
) -> None:
    contacts.mark_unreachable(EMAIL, "bounced_at", AT, "no such user")
    changer(contacts).allow(get(contacts, EMAIL), even_complained=False)
    assert get(contacts, EMAIL) == {"email": EMAIL, "haserror": 0, "noted_at": AT}
    assert list(contacts.in_good_standing()) == []


def test_bounces_count_anew_after_an_address_is_allowed(contacts: Contacts) -> None:
    for number in range(5):
        contacts.count_soft_bounce(EMAIL, f"m{number}", AT)
    changer(contacts).allow(get(contacts, EMAIL), even_complained=False)
    contacts.count_soft_bounce(EMAIL, "m9", LATER)
    assert "soft_bounced_at" not in get(contacts, EMAIL)
