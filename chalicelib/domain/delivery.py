"""A delivery: one mail to one address, in the ledger. What its timestamps say, and what may be done next.

The claim comes before the send and the record after it, so a crash between the two leaves a claim that says nothing:

    claimed_at ──── send ──── accepted_at (message_id)   SES has it: never sent again
        │              └───── failed_at (reason)         SES refused it: a later campaign may try again
        │
        └── crash ── … settling time … ── an event came?   yes: it was sent, SES had it
                                          └─ none came?    the next try takes the claim over and sends

A claim that SES took no mail for (throttled) is given back: the item is deleted, as if it had never been.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from typing import Any

from chalicelib.domain.event import EventKind


class State(StrEnum):
    """Where a delivery stands with SES."""

    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    FAILED = "failed"


# The first time that each kind of event reached the ledger, by its attribute.
EVENT_TIMES: Mapping[EventKind, str] = {
    EventKind.DELIVERED: "delivered_at",
    EventKind.DELAYED: "delayed_at",
    EventKind.BOUNCED_PERMANENTLY: "bounced_at",
    EventKind.BOUNCED_TRANSIENTLY: "soft_bounced_at",
    EventKind.BOUNCED_UNDETERMINED: "soft_bounced_at",
    EventKind.COMPLAINED: "complained_at",
    EventKind.REJECTED: "rejected_at",
    EventKind.RENDERING_FAILED: "rendering_failed_at",
    EventKind.OPENED: "opened_at",
    EventKind.CLICKED: "clicked_at",
}

# The counter that the first event of each kind moves.
COUNTERS: Mapping[str, str] = {
    "delivered_at": "delivered",
    "delayed_at": "delayed",
    "bounced_at": "bounced",
    "soft_bounced_at": "soft_bounced",
    "complained_at": "complained",
    "rejected_at": "rejected",
    "rendering_failed_at": "rendering_failed",
    "opened_at": "opened",
    "clicked_at": "clicked",
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One item of the ledger, as far as sending needs it. Times are ISO 8601 in UTC, empty where there is none."""

    email: str
    campaign_id: str
    batch: int
    claimed_at: str
    attempt: int = 1
    accepted_at: str = ""
    failed_at: str = ""
    reason: str = ""
    message_id: str = ""
    has_event: bool = False

    @classmethod
    def from_item(cls, item: Mapping[str, Any]) -> "Delivery":
        """The delivery that an item of the ledger is."""
        return cls(
            email=item["email"],
            campaign_id=item.get("campaign_id", ""),
            batch=int(item.get("batch", 0)),
            claimed_at=item.get("claimed_at", ""),
            attempt=int(item.get("attempt", 1)),
            accepted_at=item.get("accepted_at", ""),
            failed_at=item.get("failed_at", ""),
            reason=item.get("reason", ""),
            message_id=item.get("message_id", ""),
            has_event="first_event_at" in item,
        )

    @property
    def state(self) -> State:
        """Derived, never stored: an event proves that SES had the mail, whatever was or was not recorded."""
        if self.accepted_at or self.has_event:
            return State.ACCEPTED
        return State.FAILED if self.failed_at else State.CLAIMED


class Verdict(Enum):
    """What a batch that finds an address claimed already makes of it."""

    ACCEPTED = auto()  # by an earlier try of this very batch
    ALREADY_SENT = auto()  # by another campaign, or another batch
    FAILED = auto()  # by an earlier try of this very batch
    WAIT = auto()  # somebody began to send; how it ended is not known yet
    TAKE_OVER = auto()  # nobody will ever say more: claim it again and send


def judge(delivery: Delivery, campaign_id: str, batch: int, now: datetime, settling: timedelta) -> Verdict:
    """What the batch of that campaign does about an address that has this delivery already."""
    ours = (delivery.campaign_id, delivery.batch) == (campaign_id, batch)
    match delivery.state:
        case State.ACCEPTED:
            return Verdict.ACCEPTED if ours else Verdict.ALREADY_SENT
        case State.FAILED:
            return Verdict.FAILED if ours else Verdict.TAKE_OVER
        case State.CLAIMED:
            age = now - datetime.fromisoformat(delivery.claimed_at)
            return Verdict.TAKE_OVER if age >= settling else Verdict.WAIT
