"""What whoever watches a stage is told of a campaign that has ended, or that paused itself: a subject and a paragraph.

A notice goes to mailboxes and chats, so nobody's address is in it.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.domain.campaign import Status, Upload
from chalicelib.domain.discretion import without_addresses
from chalicelib.domain.duration import between
from chalicelib.domain.outcome import OutcomeKind
from chalicelib.domain.report import Report

# How each of them is told; a campaign that is cancelled, or paused by its owner, is no news to them.
TOLD = {
    Status.FINISHED: "has finished",
    Status.PAUSED: "has paused itself",
    Status.STOPPED: "was stopped",
    Status.FAILED: "has failed",
}
LINK_DAYS = 7

_LONGEST_SUBJECT = 100  # SNS's limit
_LONGEST_NAME = 200
_LONGEST_REASON = 400
_MOST_REASONS = 3
_AT = dict.fromkeys("\uff20\ufe6b", "@")  # the wide and the small one, which addresses of lists are read with
# Nobody was sent to; of an unknown row nobody knows.
_NOT_SENT = tuple(kind for kind in OutcomeKind if kind not in {OutcomeKind.ACCEPTED, OutcomeKind.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Notice:
    """A subject of at most 100 ASCII characters, and a paragraph with the report's link below it."""

    subject: str
    text: str

    @classmethod
    def of(cls, report: Report, stage: str, link: str) -> "Notice":
        """The notice of a campaign that stands as one of TOLD; `link` is good for LINK_DAYS, or is empty."""
        name = _line(report.campaign_id)
        paragraph = " ".join(_sentences(report, f"{name} --stage {stage}"))
        if link:
            paragraph += f" Who has this link sees the report, without anybody's address, for {LINK_DAYS} days:"
        return cls(_subject(report, stage), f"{paragraph}\n\n{link or f'hato report {name} --open --stage {stage}'}\n")


def _subject(report: Report, stage: str) -> str:
    said = TOLD[report.status].removeprefix("has ")
    text = unicodedata.normalize("NFKD", _line(f"Hato {stage}: campaign {said}: {report.campaign_id}"))
    plain = "".join(char for char in text if not unicodedata.combining(char)).encode("ascii", "replace").decode()
    return _shortened(without_addresses(plain), _LONGEST_SUBJECT)


def _sentences(report: Report, command: str) -> Iterator[str]:
    yield f"Campaign {_line(report.campaign_id)}, {_what(report)}, {TOLD[report.status]}."
    if report.reason:
        yield _sentence(report.reason)
    yield from _numbers(report) if report.rows else ["Nothing was sent."]
    if report.has_ended and (took := between(report.created_at, report.finished_at)):
        yield f"From its start to its end it took {took}."
    yield from _what_to_do(report, command)


def _what(report: Report) -> str:
    """Which mail to which list, as far as that is known."""
    key = report.source.split("/", 3)[-1] if report.source.startswith("s3://") else report.source
    file = _line(key.rsplit("/", 1)[-1]) or "no list"
    if not report.mail_id:
        return f"of the upload {file}"
    to = "all contacts" if Upload("", key).is_broadcast else file
    return f"the mail {_line(report.mail_id)} to {to}"


def _numbers(report: Report) -> Iterator[str]:
    events, ends = report.events, report.ends
    yield (
        f"Of its {report.rows:,} rows SES accepted {ends['accepted']:,}; so far {events['delivered']:,} were "
        f"delivered, {events['bounced']:,} bounced for good, {events['complained']:,} complained of."
    )
    if waiting := max(0, report.rows - report.settled):
        yield f"Still to be sent: {waiting:,}."
    if parts := [f"{ends[kind]:,} {kind.value.replace('_', ' ')}" for kind in _NOT_SENT if ends[kind]]:
        yield f"Not sent: {', '.join(parts)}."
    if ends["unknown"]:
        yield f"Whether they were sent nobody knows: {ends['unknown']:,}."
    if reasons := list(_reasons(report)):
        yield f"The foremost reasons: {'; '.join(reasons)}."


def _reasons(report: Report) -> Iterator[str]:
    """The reasons of most rows; not once more why the campaign ended."""
    known = {report.reason, f"Not sent: {report.reason}", ""}
    told = [each for each in report.reasons if each.outcome != OutcomeKind.ACCEPTED and each.reason not in known]
    for each in sorted(told, key=lambda each: -each.rows)[:_MOST_REASONS]:
        yield f"{_line(each.reason, _LONGEST_REASON).rstrip('.')} ({each.rows:,})"


def _what_to_do(report: Report, command: str) -> Iterator[str]:
    """What its owner does next, with the report below this; a campaign that has finished needs nothing."""
    if report.status is Status.PAUSED:
        yield (
            f"`hato report {command}` shows the numbers. `hato resume {command}` sends the rest, and then the campaign "
            f"does not pause itself again; `hato cancel {command}` ends it."
        )
    elif report.status is not Status.FINISHED:
        yield f"`hato report {command}` shows the numbers."
        yield from _how_to_mend(report, command)


def _how_to_mend(report: Report, command: str) -> Iterator[str]:
    if not report.mail_id:
        yield "Mend the upload and put it there again."
    elif not report.rows:
        yield f"Mend the list and upload it again; where the list is right, mend the cause and `hato resume {command}`."
    else:
        yield f"Mend the cause, then `hato resume {command}` sends to whoever has not had the mail."


def _sentence(text: str) -> str:
    line = _line(text, _LONGEST_REASON)
    return line if line.endswith((".", "!", "?")) else f"{line}."


def _line(text: str, longest: int = _LONGEST_NAME) -> str:
    """The text on one line, without addresses, control characters and what else has no shape."""
    shown = "".join(" " if unicodedata.category(char).startswith("C") else _AT.get(char, char) for char in text)
    return _shortened(without_addresses(" ".join(shown.split())), longest)


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 3]}..."
