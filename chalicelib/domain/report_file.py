"""The files that say of every row how it ended, safe for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import islice

from chalicelib.domain.outcome import Outcome, OutcomeKind

COLUMNS = ("row", "email", "outcome", "reason", "message_id")
# As OWASP has them; Japanese spreadsheets read the full-width ones too.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_LINES_PER_CHUNK = 1000


def csv_chunks(outcomes: Iterable[Outcome]) -> Iterator[bytes]:
    """The outcomes as a CSV file (UTF-8 with a byte order mark, for spreadsheets), some lines at a time."""
    buffer = io.StringIO("\ufeff")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    lines = map(_line, outcomes)
    while len(some := list(islice(lines, _LINES_PER_CHUNK))) == _LINES_PER_CHUNK:
        writer.writerows(some)
        yield _take(buffer)
    writer.writerows(some)
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


def by_row(sent: Iterable[Outcome], rejected: Iterator[Outcome]) -> Iterator[Outcome]:
    """Both in the order of their rows, which each of them has; heapq.merge takes five times as long."""
    following = next(rejected, None)
    for outcome in sent:
        while following is not None and following.row < outcome.row:
            yield following
            following = next(rejected, None)
        yield outcome
    if following is not None:
        yield following
        yield from rejected


def harmless(text: str) -> str:
    """The text as a spreadsheet shows it and never runs it."""
    if text[:1].isalnum():  # nearly always
        return text
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA_STARTS) else text


def _line(outcome: Outcome) -> tuple[int, str, str, str, str]:
    row, email, kind, reason, message_id = outcome
    return row, harmless(email), kind, reason and harmless(reason), message_id and harmless(message_id)


def _original(text: str) -> str:
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_FORMULA_STARTS) else text


def _take(buffer: io.StringIO) -> bytes:
    content = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return content
