"""One contact, changed by a person who has looked at it: removed, or allowed to be written to again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.contacts import Contacts
from chalicelib.aws.items import to_item
from chalicelib.domain.contact import OURS, SUPPRESSIONS, why_suppressed
from chalicelib.domain.recipient import AddressInvalid, canonical_address
from chalicelib.errors import HatoError


class NoAddress(HatoError):
    """What was given is no address that Hato could write to."""


class NoContact(HatoError):
    """Nothing is known of this address."""


class NotAllowed(HatoError):
    """What is against this contact is not for the sender to take back."""


class Changed(HatoError):
    """Something happened to the contact since it was read."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the Contacts table has under an address: one item, or a second one under the address as it was typed."""

    email: str
    items: tuple[Mapping[str, Any], ...]

    @property
    def why_suppressed(self) -> str:
        """Why it must not be written to; empty where it may."""
        return next(filter(None, map(why_suppressed, self.items)), "")


def read_address(text: str) -> str:
    """The canonical form. Raises NoAddress."""
    try:
        return canonical_address(text)
    except AddressInvalid as error:
        raise NoAddress(f"That is no address that Hato can write to: {error.reason}") from None


def find(contacts: Contacts, text: str) -> Found:
    """What is known of the address. Raises NoAddress, or NoContact where nothing is."""
    email = read_address(text)
    items = contacts.get({email, text.strip()})
    if not items:
        raise NoContact(f"There is no contact {email}. `hato why {email}` says what is known of the address.")
    return Found(email, tuple(items[key] for key in sorted(items, key=lambda key: key != email)))


class Changer:
    """Changes contacts one by one, unless something has happened to one since it was read."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def remove(self, contact: Mapping[str, Any], at: str) -> bool:
        """Delete the contact; True where what stands against it was kept, without anything else. Raises Changed."""
        if not why_suppressed(contact):
            self._change(self._dynamodb.delete_item, contact, {})
            return False
        theirs = [name for name in contact if name not in OURS | {"email", "haserror"}]
        removed = f" REMOVE {', '.join(f'#n{number}' for number in range(len(theirs)))}" if theirs else ""
        self._change(
            self._dynamodb.update_item,
            contact,
            {":now": at},
            {f"#n{number}": name for number, name in enumerate(theirs)},
            UpdateExpression=f"SET noted_at = if_not_exists(noted_at, :now){removed}",
        )
        return True

    def allow(self, contact: Mapping[str, Any], *, even_complained: bool) -> None:
        """Take back what events and SES's list hold against the contact. Raises NotAllowed or Changed."""
        check_allowed(contact, even_complained=even_complained)
        zero = " SET haserror = :zero" if "haserror" in contact else ""
        self._change(
            self._dynamodb.update_item,
            contact,
            {":zero": 0} if zero else {},
            UpdateExpression=f"REMOVE {', '.join(sorted(OURS - {'noted_at', 'unsubscribed_at'}))}{zero}",
        )

    def _change(
        self,
        call: Callable[..., Any],
        contact: Mapping[str, Any],
        values: Mapping[str, Any],
        names: Mapping[str, str] | None = None,
        **arguments: str,
    ) -> None:
        condition, seen = _as_read(contact)
        values = {**values, **seen}
        try:
            call(
                TableName=self._table,
                Key=to_item({"email": contact["email"]}),
                ConditionExpression=condition,
                **({"ExpressionAttributeValues": to_item(values)} if values else {}),
                **({"ExpressionAttributeNames": dict(names)} if names else {}),
                **arguments,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            raise Changed(f"Something has just happened to {contact['email']}: look at it again.") from None


def check_allowed(contact: Mapping[str, Any], *, even_complained: bool) -> None:
    """Raises NotAllowed where what is against the contact is not for the sender to take back."""
    if contact.get("unsubscribed_at"):
        raise NotAllowed(
            f"{contact['email']} unsubscribed {contact['unsubscribed_at']}: only they can take that back, by "
            "subscribing again."
        )
    if contact.get("complained_at") and not even_complained:
        raise NotAllowed(
            f"{contact['email']} complained {contact['complained_at']}: they called a mail of yours spam. If they "
            "have asked you to write to them again, say so with --even-complained."
        )


def _as_read(contact: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The condition that nothing new stands against the contact, and its values."""
    tests, values = ["attribute_exists(email)"], dict[str, Any]()
    for name in (*SUPPRESSIONS, "haserror"):
        if name in contact:
            tests.append(f"{name} = :seen_{name}")
            values[f":seen_{name}"] = contact[name]
        else:
            tests.append(f"attribute_not_exists({name})")
    return " AND ".join(tests), values
