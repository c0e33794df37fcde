"""What became of a row: the seven ends that a row of a list can come to."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple


class OutcomeKind(StrEnum):
    """The seven ends; every row comes to exactly one of them."""

    INVALID = "invalid"
    DUPLICATE = "duplicate"
    SUPPRESSED = "suppressed"
    ALREADY_SENT = "already_sent"
    ACCEPTED = "accepted"
    FAILED = "failed"
    UNKNOWN = "unknown"


class Outcome(NamedTuple):
    """How one row ended, and why where that is not plain."""

    row: int
    email: str
    kind: OutcomeKind
    reason: str = ""
    message_id: str = ""

    def to_document(self) -> dict[str, Any]:
        """The outcome as a JSON object."""
        document = {"row": self.row, "email": self.email, "outcome": self.kind.value}
        return document | {k: v for k, v in (("reason", self.reason), ("message_id", self.message_id)) if v}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Outcome":
        """The outcome that `to_document` wrote."""
        told = document.get
        kind = OutcomeKind(document["outcome"])
        return cls(int(document["row"]), document["email"], kind, told("reason", ""), told("message_id", ""))


def as_lines(outcomes: Iterable[Outcome]) -> str:
    """The outcomes as an outcome file, JSON a line."""
    return "".join(json.dumps(outcome.to_document(), ensure_ascii=False) + "\n" for outcome in outcomes)


def read_lines(lines: bytes) -> Iterator[Outcome]:
    """The outcomes of such a file, read as one document: line by line takes twice the time."""
    return map(Outcome.from_document, json.loads(b"[%s]" % lines.rstrip().replace(b"\n", b",")))


def tally(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How many outcomes there are of each of the seven kinds."""
    counts = Counter(outcome.kind for outcome in outcomes)
    return {kind.value: counts[kind] for kind in OutcomeKind}
