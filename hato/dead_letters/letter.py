"""A dead letter: a message that was given up, what it is, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from chalicelib.domain.discretion import without_addresses

_LONGEST = 300


class Queue(StrEnum):
    """Which of a stage's two queues of dead letters one lies in."""

    SEND = "send"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Message:
    """A queue's message as it was received; `handle` is what it is deleted and given back by."""

    id: str
    body: str
    handle: str = ""
    sent_at: str = ""  # ISO 8601 in UTC; where SQS moved it from another queue, when it came to that one
    attributes: Mapping[str, str] = field(default_factory=dict)
    moved_from: str = ""  # the ARN of the queue that SQS moved it from


@dataclass(frozen=True, slots=True)
class StrandedBatch:
    """A batch that send_batch took up again and again, and never finished."""

    campaign_id: str
    number: int
    recipients: int


@dataclass(frozen=True, slots=True)
class FailedCall:
    """A function, by its name in app.py, and the event that it could not work on."""

    function: str
    event: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NotReadable:
    """What is neither."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """What a message is (`what`, `content`), why it was given up (`why`), and after how many tries, where that is told.

    Its texts can be shown as they stand: one line each, with no address in them.
    """

    queue: Queue
    message: Message
    content: StrandedBatch | FailedCall | NotReadable
    what: str
    why: str
    tries: int | None = None
    campaign_id: str = ""


def shown(text: str) -> str:
    """The text as it may be printed: one line, not too long, nothing that moves a terminal, no address in it."""
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    line = without_addresses(line)
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
