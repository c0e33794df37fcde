"""A delivery: one mail to one address, in the ledger. What its timestamps say, and what may be done next.

The claim comes before the send and the record after it, so whatever breaks in between leaves a claim that says nothing.
SES cannot be asked; only time and SES's events can tell:

    claimed_at ─── send ──── accepted_at, message_id   accepted: SES has it, and it is never sent again
       │             ├────── failed_at, reason         failed: SES refused it; a later campaign may try again
       │             └────── throttled                 given back: the item is deleted, as if it had never been
       │
       ├── crash, or a call that broke off ··········· unsettled
       │        │
       │        ├── first_event_at, at any time        settled: it was sent, SES's answer never came
       │        │
    ═══╪════════╪══════════╪═══════════════╪═══► time
       │      lease        │ settling time over, no event came
       └── no call begins ─┘                           resend: claimed again (attempt + 1), and sent
           after the lease                             hold:   unknown, and never sent again by itself

The lease ends early enough before the settling time for a call that began in it to have ended: who takes a claim over
can be sure that nobody sends under the old one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum, auto
from typing import Any

from chalicelib.domain.batch import Batch

# The longest that a call to SES takes: 5 seconds to connect, 20 to answer, and a little for clocks that differ.
CALL_TIME = timedelta(seconds=30)


class State(StrEnum):
    """Where a delivery stands with SES."""

    CLAIMED = "claimed"
    UNSETTLED = "unsettled"
    ACCEPTED = "accepted"
    SETTLED = "settled"
    FAILED = "failed"


class UnknownOutcomes(StrEnum):
    """What is done about a send of which nobody knows how it ended, after the settling time."""

    RESEND = "resend"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Settling:
    """How long an event is waited for, and what is done when none has come."""

    time: timedelta
    then: UnknownOutcomes = UnknownOutcomes.RESEND

    @property
    def lease(self) -> timedelta:
        """How long after its claim an address may still be sent to."""
        return self.time - CALL_TIME


@dataclass(frozen=True, slots=True)
class Claim:
    """One try of one batch, which claims addresses before it sends to them. No two tries have the same claimant."""

    batch: Batch
    claimant: str
    at: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One item of the ledger, as far as sending needs it. Times are ISO 8601 in UTC, empty where there is none."""

    email: str
    campaign_id: str
    batch: int
    claimed_at: str
    claimant: str = ""
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
            claimant=item.get("claimant", ""),
            attempt=int(item.get("attempt", 1)),
            accepted_at=item.get("accepted_at", ""),
            failed_at=item.get("failed_at", ""),
            reason=item.get("reason", ""),
            message_id=item.get("message_id", ""),
            has_event="first_event_at" in item,
        )

    def is_of(self, batch: Batch) -> bool:
        """Whether it was claimed by a try of this batch."""
        return (self.campaign_id, self.batch) == (batch.campaign_id, batch.number)

    def state(self, now: datetime, settling: Settling) -> State:
        """Derived, never stored: an event proves that SES had the mail, whatever was or was not recorded."""
        if self.accepted_at:
            return State.ACCEPTED
        if self.has_event:
            return State.SETTLED
        if self.failed_at:
            return State.FAILED
        return State.CLAIMED if self._age(now) < settling.lease else State.UNSETTLED

    def is_silent(self, now: datetime, settling: Settling) -> bool:
        """Whether the settling time of a claim is over: no event will come."""
        return self._age(now) >= settling.time

    def _age(self, now: datetime) -> timedelta:
        return now - datetime.fromisoformat(self.claimed_at) if self.claimed_at else timedelta.max


class Verdict(Enum):
    """What a batch that finds an address claimed already makes of it."""

    ACCEPTED = auto()  # by an earlier try of this very batch
    ALREADY_SENT = auto()  # by another campaign, or another batch
    FAILED = auto()  # by an earlier try of this very batch
    WAIT = auto()  # somebody began to send; how it ended is not known yet
    TAKE_OVER = auto()  # nobody will ever say more: claim it again and send
    HOLD = auto()  # nobody will ever say more: leave it alone


def judge(delivery: Delivery, batch: Batch, now: datetime, settling: Settling) -> Verdict:
    """What the batch does about an address that has this delivery already."""
    ours = delivery.is_of(batch)
    match delivery.state(now, settling):
        case State.ACCEPTED | State.SETTLED:
            return Verdict.ACCEPTED if ours else Verdict.ALREADY_SENT
        case State.FAILED:
            return Verdict.FAILED if ours else Verdict.TAKE_OVER
        case State.CLAIMED | State.UNSETTLED:
            if not delivery.is_silent(now, settling):
                return Verdict.WAIT
            return Verdict.TAKE_OVER if settling.then is UnknownOutcomes.RESEND else Verdict.HOLD
