"""What became of a row: the seven ends that a row of a list can come to."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class OutcomeKind(StrEnum):
    """The seven ends; every row comes to exactly one of them."""

    INVALID = "invalid"
    DUPLICATE = "duplicate"
    SUPPRESSED = "suppressed"
    ALREADY_SENT = "already_sent"
    ACCEPTED = "accepted"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
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
        return cls(
            row=int(document["row"]),
            email=document["email"],
            kind=OutcomeKind(document["outcome"]),
            reason=document.get("reason", ""),
            message_id=document.get("message_id", ""),
        )


def tally(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """How many outcomes there are of each of the seven kinds."""
    counts = Counter(outcome.kind for outcome in outcomes)
    return {kind.value: counts[kind] for kind in OutcomeKind}
