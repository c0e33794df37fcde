"""A row of a list becomes a contact: which columns may come in, and what a row changes of what is known already."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from chalicelib.domain.contact import OURS, is_contact, is_set, why_suppressed
from chalicelib.domain.recipient import Recipient
from chalicelib.errors import HatoError


class ColumnRefused(HatoError):
    """The list has a column that must not become an attribute of a contact."""


class Done(StrEnum):
    """What importing a row came to."""

    IMPORTED = "imported"
    CHANGED = "changed"
    SAME = "same"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Person:
    """A row as it is to be stored: the key, as which spellings it may be filed already, and the attributes."""

    email: str
    spellings: tuple[str, ...]
    attributes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """What is written of a person, under which key, and what that is called."""

    email: str
    attributes: Mapping[str, Any]
    done: Done
    is_new: bool = False
    was_noted: bool = False
    is_suppressed: bool = False


def check_columns(columns: Iterable[str], email_column: str) -> None:
    """Raises ColumnRefused where a column has a name that Hato keeps for itself, or that only the key may have."""
    for name in columns:
        if name in OURS:
            raise ColumnRefused(
                f"The column {name!r} has a name under which Hato keeps what it has learnt of a contact: take it out, "
                "or call it something else. (To bring in who must not be written to, use a column haserror with 1.)"
            )
        if name == "email" and name != email_column:
            raise ColumnRefused(
                f"The addresses are in the column {email_column!r}, so the column 'email' cannot be stored beside "
                "them: rename it, or name it with --email-column."
            )


def read_person(row: Recipient, email_column: str) -> Person:
    """The row as it is to be stored: an empty cell says nothing, and a list can set haserror, never take it back."""
    cell = row.fields.get(email_column, "").strip()
    spellings = (row.email, cell) if cell != row.email and cell.lower() == row.email else (row.email,)
    attributes: dict[str, Any] = {name: text for name, text in row.fields.items() if text.strip()}
    attributes.pop(email_column, None)
    if "haserror" in attributes:
        attributes["haserror"] = 1
        if not is_set(row.fields["haserror"]):
            del attributes["haserror"]
    return Person(row.email, spellings, attributes)


def plan(person: Person, known: Mapping[str, Mapping[str, Any]], forgotten: Iterable[str]) -> Change:
    """What storing the person comes to, where these items of the table are known already."""
    if person.email in forgotten:
        return Change(person.email, {}, Done.FORGOTTEN)
    found = [known[each] for each in person.spellings if each in known]
    if not found:
        suppressed = is_set(person.attributes.get("haserror"))
        return Change(person.email, person.attributes, Done.IMPORTED, is_new=True, is_suppressed=suppressed)
    # Somebody may have put the contact under its address as it was typed: then that one is changed.
    contact = next(filter(is_contact, found), found[0])
    new = {name: value for name, value in person.attributes.items() if str(contact.get(name, "")) != str(value)}
    done = Done.IMPORTED if not is_contact(contact) else Done.CHANGED if new else Done.SAME
    suppressed = any(why_suppressed({**each, **new}) for each in found)
    return Change(str(contact["email"]), new, done, was_noted="noted_at" in contact, is_suppressed=suppressed)
