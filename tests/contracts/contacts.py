"""What the tests of the contacts say over and over."""

from typing import Any

from chalicelib.aws.items import from_item, to_item
from chalicelib.domain.recipient import Recipient
from tests.fakes.contacts import FakeContacts

AT, LATER, LATEST = (f"2026-01-31T{hour:02d}:00:00.000Z" for hour in (8, 9, 10))
TARO = Recipient(2, "taro@example.com", {"email": "Taro@Example.com", "name": "Taro"})


def put(contacts: Any, email: str, **attributes: Any) -> None:
    """What `put-item` does: the item as it is given, in the place of any other."""
    item = {"email": email, **attributes}
    if isinstance(contacts, FakeContacts):
        contacts.items[email] = item
    else:
        contacts._dynamodb.put_item(TableName=contacts._table, Item=to_item(item))


def get(contacts: Any, email: str) -> dict[str, Any]:
    """The item under this key; empty where there is none."""
    if isinstance(contacts, FakeContacts):
        return contacts.items.get(email, {})
    answer = contacts._dynamodb.get_item(TableName=contacts._table, Key=to_item({"email": email}))
    return from_item(answer.get("Item", {}))
