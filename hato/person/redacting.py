"""The files of a campaign without one person: every row stays, with its number and how it ended, and names nobody."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from enum import Enum, auto

from chalicelib.domain.batch import Batch
from chalicelib.domain.campaign import BROADCASTS, CAMPAIGN_FILES
from chalicelib.domain.forgotten import NOBODY, NOBODY_AT_ALL
from chalicelib.domain.outcome import Outcome
from chalicelib.domain.recipient import Recipient
from chalicelib.domain.report_file import csv_chunks, read_csv
from hato.person.naming import Naming


class Kind(Enum):
    """What a file of the bucket is, as far as forgetting goes."""

    OUTCOMES = auto()  # one row a line, as JSON
    BATCHES = auto()  # one batch a line, as JSON
    REPORT = auto()  # one row a line, as CSV
    RUN = auto()  # Step Functions' own results, which nothing of Hato reads
    LIST = auto()  # what somebody uploaded
    MAIL = auto()  # what was sent, to whomever


_CAMPAIGN_FILES: tuple[tuple[str, Kind], ...] = (
    (r"(?:outcomes|unsent/\d+)/\d+\.jsonl", Kind.OUTCOMES),
    (r"batches(?:-r\d+)?\.jsonl", Kind.BATCHES),
    (r"(?:rejected|report)\.csv", Kind.REPORT),
    (r"run/.*", Kind.RUN),
    (r"mail\.json", Kind.MAIL),
)


def kind_of(key: str) -> Kind:
    """What the file under this key is."""
    if key.startswith(BROADCASTS):
        return Kind.MAIL
    found = re.fullmatch(rf"{CAMPAIGN_FILES}[^/]+/(.+)", key, re.DOTALL)
    for pattern, kind in _CAMPAIGN_FILES if found else ():
        if re.fullmatch(pattern, found[1] if found else "", re.DOTALL):
            return kind
    return Kind.LIST


def redacted(kind: Kind, lines: Iterable[str], naming: Naming) -> Iterator[bytes]:
    """The file's content without the person, in pieces; `lines` are its decoded lines, with their ends."""
    if kind is Kind.REPORT:
        return csv_chunks(outcome_without(outcome, naming) for outcome in read_csv(lines))
    rewrite: Callable[[str, Naming], str] = _batch_line if kind is Kind.BATCHES else _outcome_line
    return (f"{rewrite(line, naming) if naming.named_in_json(line) else line.rstrip()}\n".encode() for line in lines)


def outcome_without(outcome: Outcome, naming: Naming) -> Outcome:
    """The row, its number and its end; of this person nothing else."""
    if naming.is_it(outcome.email):
        return outcome._replace(email=NOBODY, reason="", message_id="")
    return outcome._replace(email=naming.without(outcome.email), reason=naming.without(outcome.reason))


def batch_without(batch: Batch, naming: Naming) -> Batch:
    """The batch with nobody in this person's place, so that a later round counts the row and sends nothing."""
    return replace(batch, recipients=tuple(_recipient(person, naming) for person in batch.recipients))


def _recipient(person: Recipient, naming: Naming) -> Recipient:
    if naming.is_it(person.email):
        return Recipient(person.row, NOBODY_AT_ALL, {})
    fields = {name: naming.without(text) if naming.named_in(text) else text for name, text in person.fields.items()}
    return Recipient(person.row, person.email, fields)


def _batch_line(line: str, naming: Naming) -> str:
    return batch_without(Batch.from_document(json.loads(line)), naming).to_line()


def _outcome_line(line: str, naming: Naming) -> str:
    outcome = outcome_without(Outcome.from_document(json.loads(line)), naming)
    return json.dumps(outcome.to_document(), ensure_ascii=False)
