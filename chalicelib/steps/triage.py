"""Who of a batch may be written to: claimed for it, or sorted out with the reason."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.domain.batch import Batch
from chalicelib.domain.delivery import Delivery, Verdict, judge
from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.recipient import Recipient
from chalicelib.steps.clock import timestamp


class Contacts(Protocol):
    """Who must not be written to."""

    def suppressed(self, recipients: Sequence[Recipient]) -> dict[str, str]:
        """The reason for each of these addresses that must not be written to."""
        ...


class ClaimLedger(Protocol):
    """Which mail went to which address, and who is about to send it."""

    def claim(self, batch: Batch, people: Sequence[Recipient], now: str) -> dict[str, Delivery]:
        """Claim all these addresses for the batch; returns the deliveries of those that were claimed before."""
        ...

    def read(self, mail_id: str, emails: Iterable[str]) -> dict[str, Delivery]:
        """The deliveries of these addresses, where there are any."""
        ...

    def take_over(self, batch: Batch, old: Delivery, row: int, now: str) -> bool:
        """Claim an address whose earlier claim came to nothing; False where somebody else was faster."""
        ...


@dataclass(slots=True)
class Progress:
    """What is known of a batch so far."""

    outcomes: list[Outcome] = field(default_factory=list)
    to_send: list[Recipient] = field(default_factory=list)
    unsettled: int = 0

    def end(self, person: Recipient, kind: OutcomeKind, reason: str = "", message_id: str = "") -> None:
        """This recipient's row has come to an end."""
        self.outcomes.append(Outcome(person.row, person.email, kind, reason, message_id))


def triage(batch: Batch, contacts: Contacts, ledger: ClaimLedger, now: datetime, settling: timedelta) -> Progress:
    """Claim who may be written to, and sort out who may not, or has the mail already.

    The ledger is asked also for the suppressed: who was sent to by an earlier try and bounced since was sent to.
    """
    progress = Progress()
    suppressed = contacts.suppressed(batch.recipients)
    free = [person for person in batch.recipients if person.email not in suppressed]
    known = ledger.claim(batch, free, timestamp(now)) if free else {}
    if suppressed:
        known |= ledger.read(batch.mail_id, suppressed)
    for person in batch.recipients:
        delivery, reason = known.get(person.email), suppressed.get(person.email)
        if delivery is None and reason is None:
            progress.to_send.append(person)
        elif delivery is None:
            progress.end(person, OutcomeKind.SUPPRESSED, reason or "")
        else:
            verdict = judge(delivery, batch.campaign_id, batch.number, now, settling)
            if verdict is Verdict.TAKE_OVER and reason is None:
                if ledger.take_over(batch, delivery, person.row, timestamp(now)):
                    progress.to_send.append(person)
                else:
                    progress.unsettled += 1
            else:
                _follow(verdict, person, delivery, reason, progress)
    return progress


def _follow(
    verdict: Verdict, person: Recipient, delivery: Delivery, suppressed: str | None, progress: Progress
) -> None:
    """Do what the verdict on an address that was claimed before says, where that is not to send."""
    match verdict:
        case Verdict.ACCEPTED:
            progress.end(person, OutcomeKind.ACCEPTED, message_id=delivery.message_id)
        case Verdict.ALREADY_SENT:
            reason = f"Accepted {delivery.accepted_at or 'before'} in campaign {delivery.campaign_id}."
            progress.end(person, OutcomeKind.ALREADY_SENT, reason, delivery.message_id)
        case Verdict.FAILED:
            progress.end(person, OutcomeKind.FAILED, delivery.reason)
        case Verdict.TAKE_OVER if delivery.failed_at:
            progress.end(person, OutcomeKind.SUPPRESSED, suppressed or "")
        case Verdict.TAKE_OVER:
            progress.end(person, OutcomeKind.UNKNOWN, f"A send was begun and broke off. {suppressed}")
        case Verdict.WAIT:
            progress.unsettled += 1
