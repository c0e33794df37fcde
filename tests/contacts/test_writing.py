"""People are stored as contacts, whatever else happens to the table meanwhile."""

from collections import Counter
from typing import Any

import pytest

from chalicelib.aws.contacts import Contacts
from chalicelib.aws.items import from_item, to_item
from hato.contacts.importing import Person
from hato.contacts.writing import Writer
from hato.local.cloud import LocalCloud
from tests.contracts.conftest import cloud_dynamodb, make_table  # noqa: F401 - a fixture
from tests.contracts.contacts import AT, get

pytestmark = pytest.mark.cloud


class Meddling:
    """A client; right before the first statements are run, somebody else does something."""

    def __init__(self, dynamodb: Any, meddle: Any) -> None:
        self._dynamodb = dynamodb
        self._meddle = meddle

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dynamodb, name)

    def batch_execute_statement(self, **request: Any) -> Any:
        meddle, self._meddle = self._meddle, lambda: None
        meddle()
        return self._dynamodb.batch_execute_statement(**request)


def people(count: int, **attributes: str) -> list[Person]:
    return [Person(f"p{n}@example.com", (f"p{n}@example.com",), attributes) for n in range(count)]


def store(dynamodb: Any, table: str, persons: list[Person]) -> Counter[str]:
    told: list[int] = []
    totals = Writer(dynamodb, table, Contacts(dynamodb, table)).store(persons, told.append)
    assert sum(told) == len(persons)
    return +totals


@pytest.fixture
def table(cloud_dynamodb: Any) -> str:  # noqa: F811 - the fixture
    return make_table(cloud_dynamodb, "email")


def test_new_changed_and_unchanged_are_counted_and_stored(cloud_dynamodb: Any, table: str) -> None:  # noqa: F811
    odd = {"plan": "pro", "名前": "鳩'\"", 'it\'s "quoted"': "?", "a.b": "{}", "x" * 5000: "long", "y" * 5000: "long"}
    assert store(cloud_dynamodb, table, people(130, **odd)) == {"imported": 130}
    contacts = Contacts(cloud_dynamodb, table)
    assert get(contacts, "p129@example.com") == {"email": "p129@example.com", **odd}
    assert store(cloud_dynamodb, table, people(140, plan="pro")) == {"imported": 10, "same": 130}
    changed = {"plan": "free", 'it\'s "quoted"': "!", "a.b": "c"}
    assert store(cloud_dynamodb, table, people(140, **changed)) == {"changed": 140}
    assert get(contacts, "p7@example.com") == {"email": "p7@example.com", **odd, **changed}


def test_what_an_event_writes_meanwhile_stays(cloud: LocalCloud, cloud_dynamodb: Any, table: str) -> None:  # noqa: F811
    contacts = Contacts(cloud_dynamodb, table)
    meddling = Meddling(cloud_dynamodb, lambda: contacts.mark_unreachable("p1@example.com", "bounced_at", AT, "gone"))
    store(meddling, table, people(3, plan="pro"))
    found = get(contacts, "p1@example.com")
    assert (found["plan"], found["bounced_at"], "noted_at" in found) == ("pro", AT, False)


def test_a_contact_that_is_taken_away_meanwhile_is_there_again(cloud_dynamodb: Any, table: str) -> None:  # noqa: F811
    store(cloud_dynamodb, table, people(2, plan="free"))
    key = to_item({"email": "p0@example.com"})
    meddling = Meddling(cloud_dynamodb, lambda: cloud_dynamodb.delete_item(TableName=table, Key=key))
    store(meddling, table, people(2, plan="pro"))
    item = cloud_dynamodb.get_item(TableName=table, Key=key)["Item"]
    assert from_item(item) == {"email": "p0@example.com", "plan": "pro"}
