"""A list, read to its end and counted: what is wrong with which row, and what was made right."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from chalicelib.domain.mail import Rendered
from chalicelib.domain.mailing_list import MailingList, Rejected
from chalicelib.domain.recipient import Recipient
from chalicelib.domain.template import Template
from chalicelib.domain.tracking import Tracking, tracking_of
from chalicelib.errors import MailInvalid, MergeFieldMissing

SHOWN = 20  # rows that are named
_WEB_ADDRESS = re.compile(r"(?i)\b(?:https?://|www\.)\S")
_EXAMPLE_URL = "https://example.com/unsubscribe/example"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that gets no mail, and why."""

    row: int
    raw_email: str
    kind: str  # invalid, duplicate, or failed: the mail cannot be filled in for it
    reason: str


@dataclass
class Look:
    """What was found in a list so far."""

    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    email_column: str
    rows: int = 0
    sendable: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)
    normalised: int = 0
    normalisations: list[tuple[int, str, str]] = field(default_factory=list)
    untracked: int = 0
    web_addresses: Counter[str] = field(default_factory=Counter)  # by column, of those that no link is made of
    example: tuple[Recipient, Rendered] | None = None

    def refuse(self, row: int, raw: str, kind: str, reason: str) -> None:
        """Count a row that gets no mail."""
        self.refused[kind] += 1
        self.reasons[reason] += 1
        if len(self.refusals) < SHOWN:
            self.refusals.append(Refusal(row, raw, kind, reason))


def look_through(mailing_list: MailingList, template: Template | None) -> tuple[Look, Iterator[Recipient]]:
    """What is found, which grows while the sendable rows are taken from the iterator.

    Raises MergeFieldMissing where the mail uses a field that no column gives; iterating raises what reading raises.
    """
    if template is not None:
        template.check_columns(mailing_list.columns)
    look = Look(
        encoding=mailing_list.encoding,
        delimiter=mailing_list.delimiter,
        columns=mailing_list.columns,
        email_column=mailing_list.email_column,
    )
    return look, _sendable(mailing_list, template, look)


def _sendable(rows: Iterable[Recipient | Rejected], template: Template | None, look: Look) -> Iterator[Recipient]:
    plain_columns = _plain_columns(look, template) if template else []
    for row in rows:
        look.rows += 1
        if isinstance(row, Rejected):
            look.refuse(row.row, row.raw_email, row.reason_code, row.reason)
        elif template is None or _is_filled_in(row, template, look):
            _note(row, plain_columns, look)
            look.sendable += 1
            yield row


def _is_filled_in(row: Recipient, template: Template, look: Look) -> bool:
    try:
        rendered = template.render(row.email, row.fields, _EXAMPLE_URL)
    except (MailInvalid, MergeFieldMissing) as error:
        look.refuse(row.row, row.fields.get(look.email_column, ""), "failed", str(error))
        return False
    if look.example is None:
        look.example = row, rendered
    return True


def _note(row: Recipient, plain_columns: Iterable[str], look: Look) -> None:
    written = row.fields[look.email_column]
    if written != row.email:
        look.normalised += 1
        if len(look.normalisations) < SHOWN:
            look.normalisations.append((row.row, written, row.email))
    if tracking_of(Tracking(), row.fields) != Tracking():
        look.untracked += 1
    look.web_addresses.update(name for name in plain_columns if _WEB_ADDRESS.search(row.fields[name]))


def _plain_columns(look: Look, template: Template) -> list[str]:
    """The columns that the mail uses as text, and not as links."""
    used = [name for name in look.columns if {name, _identifier(name)} & template.fields]
    return [name for name in used if name != look.email_column and not _is_linked(name, template)]


def _is_linked(column: str, template: Template) -> bool:
    """Whether the mail makes links of the column: then there have to be addresses of pages in it."""
    begins = rf"(?i)(?:href|src)=[\"']\s*{{{{\s*{re.escape(_identifier(column))}\b"
    return bool(re.search(begins, template.mail.html))


def _identifier(column: str) -> str:
    return re.sub(r"\W", "_", column)
