"""A list becomes batches: read, judged row by row, numbered, and checked against the mail before anything is sent."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

from chalicelib.domain import pacing
from chalicelib.domain.batch import Batch, pack
from chalicelib.domain.broadcast import contact_rows
from chalicelib.domain.campaign import BROADCASTS, ENDED, Status, check_input
from chalicelib.domain.links import links_of
from chalicelib.domain.mail import Mail
from chalicelib.domain.mailing_list import Rejected, read_rows
from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.recipient import Recipient
from chalicelib.domain.template import Template
from chalicelib.domain.upload_options import UploadOptions
from chalicelib.errors import CampaignFailed, CampaignStopped, ListEmpty, ListNotFound, ListTooLong
from chalicelib.steps.clock import Clock, timestamp

Row = Recipient | Rejected

# The functions that prepare and finish a campaign have 15 minutes and so much memory: a longer list would break off in
# the middle, with nothing to say of itself. `bench.intake` measures what they take.
MOST_ROWS = 25_000_000


class Mails(Protocol):
    """Where mails are kept."""

    def get(self, mail_id: str) -> Mail:
        """The mail. Raises MailNotFound or MailInvalid."""
        ...


class Contacts(Protocol):
    """All contacts."""

    def in_good_standing(self, where: Mapping[str, str]) -> Iterator[dict[str, str]]:
        """The attributes of every contact that may be written to and is so, as text; `email` among them."""
        ...


class Lists(Protocol):
    """The uploaded lists."""

    def metadata(self, key: str, version: str) -> dict[str, str]:
        """What its uploader said of the file. Raises ListNotFound."""
        ...

    def read_list(self, key: str, version: str) -> Iterator[bytes]:
        """The file in chunks, in this version (the newest where it is empty). Raises ListNotFound."""
        ...


class CampaignFiles(Protocol):
    """The campaign's own files."""

    def write_batches(self, campaign_id: str, lines: Iterable[str], number: int = 1) -> str:
        """Write the batches of this round while the lines come; returns the file's key.

        Nothing is left behind if the lines fail. The first round's file, batches.jsonl, holds all batches.
        """
        ...

    def batches(self, campaign_id: str) -> Iterator[Batch]:
        """The batches as they were first prepared."""
        ...

    def batches_with_outcomes(self, campaign_id: str) -> set[int]:
        """The numbers of the batches that have an outcome file."""
        ...

    def write_rejected(self, campaign_id: str, outcomes: Iterable[Outcome]) -> None:
        """Write rejected.csv."""
        ...

    def write_mail(self, campaign_id: str, mail: Mail) -> None:
        """Keep the mail as it is now, so that a later edit cannot change half a campaign."""
        ...


class Campaigns(Protocol):
    """The campaigns' own records."""

    def create(
        self, campaign_id: str, source: str, mail_id: str, now: str, version: str, options: Mapping[str, Any]
    ) -> bool:
        """Record a new campaign as `preparing`, with what its execution was told; False where it exists already."""
        ...

    def summary(self, campaign_id: str) -> dict[str, Any]:
        """The campaign's summary; empty where there is none."""
        ...

    def keep_links(self, campaign_id: str, links: Sequence[str]) -> None:
        """Keep the links of the campaign's mail, whose clicks are counted by their places here."""
        ...

    def prepared(self, campaign_id: str, mail_id: str, execution: str, numbers: dict[str, int]) -> None:
        """Record what was found in the list, and that sending begins."""
        ...


class Account(Protocol):
    """The SES account's limits."""

    def refresh(self) -> pacing.Limits:
        """Ask SES for the account's limits and keep Hato's share of them for all workers.

        Raises CampaignStopped where SES lets the account send nothing at all.
        """
        ...


class Rejections(Protocol):
    """A place for any number of rejected rows while the list is read."""

    def add(self, outcome: Outcome) -> None:
        """Keep one more."""
        ...

    def __iter__(self) -> Iterator[Outcome]:
        """All of them, in the order they came."""
        ...


@dataclass(slots=True)
class _Intake:
    """Sorts rows into those to send and those to reject, and counts both."""

    rejections: Rejections
    most: int
    counts: dict[str, int] = field(default_factory=lambda: {"rows": 0, "invalid": 0, "duplicate": 0})

    def sendable(self, rows: Iterable[Row]) -> Iterator[Recipient]:
        """Those to send to. Raises ListTooLong."""
        for row in rows:
            if self.counts["rows"] == self.most:
                raise ListTooLong(
                    f"The list has more than {self.most:,} rows: split it, and upload its parts for the same mail; "
                    "nobody gets it twice."
                )
            self.counts["rows"] += 1
            if isinstance(row, Recipient):
                yield row
            else:
                kind = OutcomeKind(row.reason_code)
                self.counts[kind.value] += 1
                self.rejections.add(Outcome(row.row, row.raw_email, kind, row.reason))


@dataclass(frozen=True, slots=True)
class PrepareBatches:
    """The step, with what it needs."""

    mails: Mails
    contacts: Contacts
    lists: Lists
    files: CampaignFiles
    campaigns: Campaigns
    account: Account
    clock: Clock
    new_rejections: Callable[[], Rejections]
    most_rows: int = MOST_ROWS

    def __call__(self, campaign_id: str, execution: str, document: dict[str, Any]) -> dict[str, Any]:
        """Write the campaign's batches and return where they are and how many go at once.

        Where list and mail cannot be sent together, before any mail, return `Error` and `Cause` in place of it: the
        functions' own failures are tried again, and trying again would not mend a list.
        """
        try:
            return self._prepare(campaign_id, execution, document)
        except (CampaignFailed, CampaignStopped) as error:
            return {"Error": type(error).__name__, "Cause": str(error)}

    def _prepare(self, campaign_id: str, execution: str, document: dict[str, Any]) -> dict[str, Any]:
        file_name, mail_id = check_input(document)
        version = str(document.get("version_id") or "")
        told = UploadOptions.told_by_hand(document)
        self.campaigns.create(campaign_id, file_name, mail_id, timestamp(self.clock.now()), version, told)
        summary = self.campaigns.summary(campaign_id)
        if summary["status"] in ENDED:
            return {"campaign_id": campaign_id, "batches": 0}
        limits = self.account.refresh()
        if "batches" in summary:
            return self._resume(campaign_id, summary, limits)
        template = Template(self.mails.get(mail_id))
        intake = _Intake(self.new_rejections(), self.most_rows)
        options = self._options(file_name, version, document)
        people = intake.sendable(self._rows(file_name, version, template, options))
        size = pacing.batch_size(limits)
        written = _Counted(pack(campaign_id, mail_id, size, people))
        key = self.files.write_batches(campaign_id, written)
        if intake.counts["rows"] == 0:
            whom = f" of contacts with {urlencode(options.where)}" if options.where else ""
            raise ListEmpty(f"{file_name} has no rows{whom} to send to.")
        self.files.write_rejected(campaign_id, intake.rejections)
        self.files.write_mail(campaign_id, template.mail)
        self.campaigns.keep_links(campaign_id, links_of(template.mail.html))
        numbers = intake.counts | {"batches": written.count}
        self.campaigns.prepared(campaign_id, mail_id, execution, numbers)
        if self.campaigns.summary(campaign_id)["status"] in ENDED:  # cancelled while the list was read
            return {"campaign_id": campaign_id, "batches": 0}
        return _answer(campaign_id, key, pacing.concurrency(limits, size), numbers)

    def _resume(self, campaign_id: str, summary: dict[str, Any], limits: pacing.Limits) -> dict[str, Any]:
        """The batches that have not come to their end in an earlier round, the same as they were then."""
        done = self.files.batches_with_outcomes(campaign_id)
        left = _Counted(batch.to_line() for batch in self.files.batches(campaign_id) if batch.number not in done)
        key = self.files.write_batches(campaign_id, left, max(2, int(summary.get("round", 1))))
        numbers = {name: int(summary[name]) for name in ("rows", "invalid", "duplicate")}
        people, batches = numbers["rows"] - numbers["invalid"] - numbers["duplicate"], int(summary["batches"])
        # Theirs, not what today's limits would make of them; one alone may be as small as it likes.
        size = max(1, people // batches) if batches > 1 else pacing.batch_size(limits)
        return _answer(campaign_id, key, pacing.concurrency(limits, size), numbers | {"batches": left.count})

    def _options(self, file_name: str, version: str, document: Mapping[str, Any]) -> UploadOptions:
        try:
            metadata = self.lists.metadata(file_name, version)
        except ListNotFound:
            if version or not file_name.startswith(BROADCASTS):
                raise
            metadata = {}  # a broadcast that was started by hand needs no file
        return UploadOptions.read(metadata, document)

    def _rows(self, file_name: str, version: str, template: Template, options: UploadOptions) -> Iterator[Row]:
        if file_name.startswith(BROADCASTS):
            return contact_rows(self.contacts.in_good_standing(options.where), template)
        mailing_list = read_rows(self.lists.read_list(file_name, version), options.email_column)
        template.check_columns(mailing_list.columns)
        return iter(mailing_list)


def _answer(campaign_id: str, key: str, at_once: int, numbers: dict[str, int]) -> dict[str, Any]:
    return {"campaign_id": campaign_id, "batches_key": key, "concurrency": at_once, "status": Status.SENDING, **numbers}


class _Counted:
    """An iterable that knows how many items went through it."""

    def __init__(self, items: Iterable[str]) -> None:
        self._items = items
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        for item in self._items:
            self.count += 1
            yield item
