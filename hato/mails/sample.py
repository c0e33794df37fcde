"""What a mail is filled in with, to be looked at: a row of a list, or a placeholder for each field."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from chalicelib.domain.mail import Mail, Rendered
from chalicelib.domain.mailing_list import Rejected, read_rows
from chalicelib.domain.markup import LINKS
from chalicelib.domain.recipient import Recipient
from chalicelib.domain.template import Template
from chalicelib.errors import HatoError, MailInvalid
from hato.mails.pieces import Pieces

UNSUBSCRIBE_URL = "https://example.com/unsubscribe"
EMAIL = "someone@example.com"
MOST_ROWS = 1_000
_CHUNK = 256 * 1024


class RowNotThere(HatoError):
    """The list has no such row, or one that would get no mail."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Whom a mail is shown for: somebody of a list, or nobody in particular, in row 0."""

    recipient: Recipient

    def for_address(self, email: str) -> "Sample":
        """The same fields for another address."""
        return replace(self, recipient=Recipient(self.recipient.row, email, self.recipient.fields))

    def rendered(self, template: Template, unsubscribe_url: str = UNSUBSCRIBE_URL) -> Rendered:
        """The mail for this recipient. Raises MergeFieldMissing or MailInvalid."""
        return template.render(self.recipient.email, self.recipient.fields, unsubscribe_url)


def placeholders(mail: Mail) -> Sample:
    """`«name»` for each field of the mail, and the address of a page where the field is a link's."""
    template, links = Template(mail), _fields_of_links(mail)
    fields = {name: f"https://example.com/«{name}»" if name in links else f"«{name}»" for name in template.fields}
    return Sample(Recipient(0, EMAIL, fields))


def row_of(path: Path, row: int | None) -> Sample:
    """The row of the list, as a spreadsheet numbers it; without a number, the first that is sent to.

    Raises RowNotThere, ListUnreadable or OSError.
    """
    with path.open("rb") as file:
        mailing_list = read_rows(_chunks(file))
        last = 1
        for found in mailing_list:
            last = found.row
            if isinstance(found, Recipient) and row in (None, found.row):
                return Sample(found)
            if isinstance(found, Rejected) and found.row == row:
                raise RowNotThere(f"Row {row} of {path.name} gets no mail: {found.reason}")
    wanted = f"has no row {row}; its rows are 2 to {last}" if row else "has no row that is sent to"
    raise RowNotThere(f"{path.name} {wanted}.")


def rows_of(path: Path) -> tuple[tuple[str, ...], list[Recipient]]:
    """The columns of the list, and its first recipients, MOST_ROWS at most. Raises ListUnreadable or OSError."""
    with path.open("rb") as file:
        mailing_list = read_rows(_chunks(file))
        recipients = (each for each in mailing_list if isinstance(each, Recipient))
        return mailing_list.columns, list(islice(recipients, MOST_ROWS))


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(_CHUNK), b"")


def _fields_of_links(mail: Mail) -> frozenset[str]:
    pieces = Pieces(mail.html)
    finder = _LinkFinder()
    finder.feed(pieces.hide(mail.html))
    begins = [found[0] for link in finder.links if (found := re.match(pieces.pattern, link))]
    names: set[str] = set()
    for word in begins:
        try:
            names |= Template(Mail("link", "-", pieces.show(word))).fields
        except MailInvalid:
            continue  # half of a condition
    return frozenset(names)


class _LinkFinder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.links += [(value or "").strip() for name, value in attributes if name in LINKS]
