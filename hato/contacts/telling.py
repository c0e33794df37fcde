"""A contact in words, as JSON, and as a row of a CSV file."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from tempfile import TemporaryFile
from typing import Any

from chalicelib.domain.contact import OURS, as_fields, is_contact, why_suppressed
from chalicelib.domain.report_file import harmless

NOT_A_CONTACT = "Nobody made it a contact: it is known by events, or by SES's list, alone. No broadcast goes to it."


def document(contact: Mapping[str, Any]) -> dict[str, Any]:
    """The contact as a JSON object: the item, and what Hato makes of it."""
    plain = {name: sorted(value) if isinstance(value, set) else value for name, value in contact.items()}
    return plain | {"suppressed": why_suppressed(contact), "is_contact": is_contact(contact)}


def lines(contact: Mapping[str, Any]) -> Iterator[str]:
    """The contact in words, line by line."""
    yield str(contact["email"])
    yield f"  {why_suppressed(contact) or 'It may be written to.'}"
    if not is_contact(contact):
        yield f"  {NOT_A_CONTACT}"
    width = max(len(name) for name in contact)
    for name in sorted(contact, key=lambda name: (name in OURS, name)):
        if name != "email":
            yield f"  {name:<{width}}  {_text(contact[name])}"


def line(contact: Mapping[str, Any]) -> str:
    """The contact in one line: its address, its attributes, and why it is not written to, if it is not."""
    theirs = {name: text for name, text in as_fields(contact).items() if name not in OURS | {"email", "haserror"}}
    told = [contact["email"], *(f"{name}={text}" for name, text in sorted(theirs.items()))]
    return "  ".join([*told, *filter(None, [why_suppressed(contact)])])


def as_json(contacts: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A JSON array of the contacts, in pieces: a table of any size can be told."""
    before = "["
    for contact in contacts:
        yield before + json.dumps(document(contact), ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[" else "]\n"


def as_csv(contacts: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A CSV of the contacts: a column for every attribute that any of them has."""
    columns = set[str]()
    with TemporaryFile("w+", encoding="utf-8") as kept:  # which columns there are is known only at the end
        for contact in contacts:
            fields = as_fields(contact) | {"suppressed": why_suppressed(contact)}
            columns |= fields.keys()
            kept.write(f"{json.dumps(fields)}\n")
        ordered = ["email", *sorted(columns - {"email", "suppressed"}), "suppressed"]
        yield _row(ordered)
        kept.seek(0)
        for kept_line in kept:
            fields = json.loads(kept_line)
            yield _row(fields.get(name, "") for name in ordered)


def _row(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([harmless(cell) for cell in cells])
    return buffer.getvalue()


def _text(value: Any) -> str:
    return ", ".join(sorted(value)) if isinstance(value, set) else str(value)
