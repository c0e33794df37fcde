"""One recipient as a page: what is known of the address, and what became of each mail to it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.contact import OURS
from chalicelib.domain.history import Moment
from chalicelib.web.page import page


@dataclass(frozen=True, slots=True)
class Person:
    """An address; its contact, where there is one; why it must not be written to, or nothing; and its mails.

    Of each mail: its id, the campaign's, and what happened.
    """

    email: str
    contact: Mapping[str, Any] | None
    suppressed: str
    mails: Sequence[tuple[str, str, Sequence[Moment]]]


def recipient_page(person: Person, language: str, *, back: str) -> str:
    """The person as HTML; `back` is the relative address of the page that led here, or nothing."""
    return page("recipient.html", language, person=person, known=list(_known(person)), back=back)


def _known(person: Person) -> Iterator[tuple[str, str]]:
    """What the contact brought along, then what Hato keeps of it."""
    fields = {
        name: value for name, value in (person.contact or {}).items() if name != "email" and value not in ("", None)
    }
    for name in sorted(fields, key=lambda name: (name in OURS, name)):
        yield name, str(fields[name])
