"""What a smoke test sends to SES's mailbox simulator, and what must come back of it. Nothing here asks anybody."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from chalicelib.domain.event import EventKind
from chalicelib.domain.mail import Mail
from chalicelib.domain.outcome import OutcomeKind

SIMULATOR_DOMAIN = "simulator.amazonses.com"
PRICE = 0.0001  # USD: SES charges a mail to the mailbox simulator like any other

_FIRST_ROW = 2  # the header is row 1

_SUBJECT = "Smoke test of Hato {run} for {{{{ username }}}}"
_TEXT = """This mail is part of a test and goes to SES's mailbox simulator alone: {{{{ username }}}}, run {run}.

https://example.com/hato-smoke/{run}
"""
_HTML = """<p>This mail is part of a test and goes to SES's mailbox simulator alone: {{{{ username }}}}, run {run}.</p>
<p><a href="https://example.com/hato-smoke/{run}">A link, so that tracking has one to rewrite</a></p>
"""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address of the mailbox simulator: how many mails go to it, and what must become of each.

    `must` has to be reported, `may` can be, and anything else must not. `marks` says whether its contact is one that
    is not written to again.
    """

    name: str
    mails: int
    must: frozenset[EventKind]
    may: frozenset[EventKind] = field(default=frozenset())
    marks: bool = False


_ARRIVES = frozenset({EventKind.DELIVERED})
_COMES_BACK = frozenset({EventKind.BOUNCED_PERMANENTLY})
# An automatic answer comes after the delivery, as a transient bounce of one type or the other, or not at all.
_ANSWERS = frozenset({EventKind.BOUNCED_TRANSIENTLY, EventKind.BOUNCED_UNDETERMINED})

MAILBOXES = (
    Mailbox("success", 4, _ARRIVES),
    Mailbox("bounce", 2, _COMES_BACK, marks=True),
    Mailbox("complaint", 2, _ARRIVES | {EventKind.COMPLAINED}, marks=True),
    Mailbox("suppressionlist", 2, _COMES_BACK, marks=True),
    Mailbox("ooto", 2, _ARRIVES, may=_ANSWERS),
)
MAILS = sum(mailbox.mails for mailbox in MAILBOXES)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list: its number as a spreadsheet shows it, what stands in it, and the end that it must come to."""

    number: int
    email: str
    end: OutcomeKind


@dataclass(frozen=True, slots=True)
class Plan:
    """One smoke test. `run` labels all its addresses, so that none was ever suppressed by an earlier one."""

    run: str

    @property
    def mail_id(self) -> str:
        """The id of its mail."""
        return f"hato-smoke-{self.run}"

    @property
    def file_name(self) -> str:
        """The name of its list, after which its campaigns are named."""
        return f"{self.mail_id}.csv"

    def mail(self) -> Mail:
        """Its mail, which says what it is."""
        subject, text, html = (part.format(run=self.run) for part in (_SUBJECT, _TEXT, _HTML))
        return Mail(self.mail_id, subject, text, html)

    def addresses(self, mailbox: Mailbox) -> list[str]:
        """The addresses of a mailbox that this run writes to."""
        return [f"{mailbox.name}+{self.run}-{number}@{SIMULATOR_DOMAIN}" for number in range(1, mailbox.mails + 1)]

    def all_addresses(self) -> list[str]:
        """Every address that this run writes to."""
        return [address for mailbox in MAILBOXES for address in self.addresses(mailbox)]

    def rows(self) -> list[Row]:
        """The rows of its list: all addresses, one of them a second time, and one that is none."""
        return [Row(number, *cells) for number, cells in enumerate(self._cells(), _FIRST_ROW)]

    def list_csv(self) -> bytes:
        """Its list, as it is uploaded."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(("email", "username"))
        writer.writerows((row.email, f"Simulator {row.number}") for row in self.rows())
        return text.getvalue().encode()

    def _cells(self) -> Iterator[tuple[str, OutcomeKind]]:
        addresses = self.all_addresses()
        yield from ((address, OutcomeKind.ACCEPTED) for address in addresses)
        yield addresses[0].upper(), OutcomeKind.DUPLICATE
        yield f"not-an-address-{self.run}", OutcomeKind.INVALID
