"""A campaign's numbers, and the files that say of every row how it ended."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.campaign import ENDED, Status, imbalance
from chalicelib.domain.delivery import COUNTERS
from chalicelib.domain.outcome import Outcome, OutcomeKind

COLUMNS = ("row", "email", "outcome", "reason", "message_id")
# As OWASP has them; Japanese spreadsheets read the full-width ones too.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_LINES_PER_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Report:
    """All the numbers of a campaign: `rows`, the seven ends, and the events counted so far."""

    campaign_id: str
    status: Status
    reason: str
    mail_id: str
    source: str
    created_at: str
    finished_at: str
    rows: int
    batches: int
    ends: Mapping[str, int]
    events: Mapping[str, int]

    @classmethod
    def from_parts(cls, campaign_id: str, parts: Iterable[Mapping[str, Any]]) -> "Report":
        """The report of a campaign whose items (its summary and its counters) these are."""
        summary: Mapping[str, Any] = {}
        counted = dict.fromkeys((*(kind.value for kind in OutcomeKind), *COUNTERS.values()), 0)
        for part in parts:
            if part.get("part") == "summary":
                summary = part
            else:
                for name in counted:
                    counted[name] += int(part.get(name, 0))
        status = Status(summary.get("status", Status.PREPARING))
        # While batches are under way their counters speak; an ended campaign's totals are in its summary.
        ends = {
            kind.value: int(summary.get(kind.value, counted[kind.value]))
            if (status in ENDED and summary.get("finished_at")) or kind in (OutcomeKind.INVALID, OutcomeKind.DUPLICATE)
            else counted[kind.value]
            for kind in OutcomeKind
        }
        return cls(
            campaign_id=campaign_id,
            status=status,
            reason=summary.get("reason", ""),
            mail_id=summary.get("mail_id", ""),
            source=summary.get("source", ""),
            created_at=summary.get("created_at", ""),
            finished_at=summary.get("finished_at", ""),
            rows=int(summary.get("rows", 0)),
            batches=int(summary.get("batches", 0)),
            ends=ends,
            events={name: counted[name] for name in COUNTERS.values()},
        )

    @property
    def settled(self) -> int:
        """How many rows have come to an end."""
        return sum(self.ends.values())

    @property
    def balanced(self) -> bool:
        """Whether every row has come to exactly one end."""
        return imbalance(self.rows, self.ends) == 0

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will be sent, and every row is accounted for."""
        return self.status in ENDED and bool(self.finished_at)

    def to_document(self) -> dict[str, Any]:
        """The report as a flat JSON object."""
        return {
            "campaign_id": self.campaign_id,
            "status": self.status.value,
            "reason": self.reason,
            "mail_id": self.mail_id,
            "source": self.source,
            "created_at": self.created_at,
            "finished_at": self.finished_at,
            "rows": self.rows,
            "batches": self.batches,
            **self.ends,
            **self.events,
            "balanced": self.balanced,
        }


def csv_chunks(outcomes: Iterable[Outcome]) -> Iterator[bytes]:
    """The outcomes as a CSV file (UTF-8 with a byte order mark, for spreadsheets), some lines at a time."""
    buffer = io.StringIO("\ufeff")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for number, outcome in enumerate(outcomes, 1):
        texts = (outcome.email, outcome.kind.value, outcome.reason, outcome.message_id)
        writer.writerow((outcome.row, *map(harmless, texts)))
        if number % _LINES_PER_CHUNK == 0:
            yield _take(buffer)
    yield _take(buffer)


def read_csv(lines: Iterable[str]) -> Iterator[Outcome]:
    """The outcomes that `csv_chunks` wrote, from the file's decoded lines."""
    for record in csv.DictReader(lines):
        yield Outcome(
            row=int(record["row"]),
            email=_original(record["email"]),
            kind=OutcomeKind(record["outcome"]),
            reason=_original(record["reason"]),
            message_id=_original(record["message_id"]),
        )


def harmless(text: str) -> str:
    """The text as a spreadsheet shows it and never runs it."""
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA_STARTS) else text


def _original(text: str) -> str:
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA_STARTS) else text


def _take(buffer: io.StringIO) -> bytes:
    content = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return content
