"""Who of a batch may be written to: claimed for it, or sorted out with the reason."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.delivery import Claim, Delivery, Settling, Verdict, judge
from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.recipient import Recipient

# The reason of a row whose outcome nobody knows.
UNKNOWN = "A send was begun and how it ended never became known."


class Contacts(Protocol):
    """Who must not be written to."""

    def suppressed(self, recipients: Sequence[Recipient]) -> dict[str, str]:
        """The reason for each of these addresses that must not be written to."""
        ...


class ClaimLedger(Protocol):
    """Which mail went to which address, and who is about to send it."""

    def claim(self, claim: Claim, people: Sequence[Recipient]) -> dict[str, Delivery]:
        """Claim all these addresses; returns the deliveries of those that somebody else had claimed before."""
        ...

    def read(self, mail_id: str, emails: Iterable[str]) -> dict[str, Delivery]:
        """The deliveries of these addresses, where there are any."""
        ...

    def take_over(self, claim: Claim, old: Delivery, row: int) -> bool:
        """Claim an address whose earlier claim came to nothing; False where somebody else was faster."""
        ...


@dataclass(slots=True)
class Progress:
    """What is known of a batch so far."""

    outcomes: list[Outcome] = field(default_factory=list)
    to_send: list[Recipient] = field(default_factory=list)
    taken_over: set[str] = field(default_factory=set)  # the addresses of those to send to who were claimed before
    unsettled: int = 0
    earlier: Counter[str] = field(default_factory=Counter)  # the ends among the outcomes that an earlier try came to
    calls_throttled: int = 0
    stopped: bool = False  # SES stopped the campaign, in answer to this try

    def end(self, person: Recipient, kind: OutcomeKind, reason: str = "", message_id: str = "") -> None:
        """This recipient's row has come to an end."""
        self.outcomes.append(Outcome(person.row, person.email, kind, reason, message_id))

    def notes(self) -> dict[str, Any]:
        """What the outcomes do not say; nothing where there is nothing to say."""
        said = {"earlier": dict(self.earlier), "throttled": self.calls_throttled, "stopped": self.stopped}
        return {name: value for name, value in said.items() if value}


def triage(
    claim: Claim, contacts: Contacts, ledger: ClaimLedger, now: datetime, settling: Settling, progress: Progress
) -> None:
    """Claim who may be written to, and sort out who may not, or has the mail already; the progress has the result.

    The ledger is asked also for the suppressed: who was sent to by an earlier try and bounced since was sent to.
    """
    batch = claim.batch
    suppressed = contacts.suppressed(batch.recipients)
    free = [person for person in batch.recipients if person.email not in suppressed]
    known = ledger.claim(claim, free) if free else {}
    if suppressed:
        known |= ledger.read(batch.mail_id, suppressed)
    for person in batch.recipients:
        delivery, reason = known.get(person.email), suppressed.get(person.email)
        if delivery is None and reason is None:
            progress.to_send.append(person)
        elif delivery is None:
            progress.end(person, OutcomeKind.SUPPRESSED, reason or "")
        else:
            verdict = judge(delivery, batch, now, settling)
            if verdict is Verdict.TAKE_OVER and reason is None:
                if ledger.take_over(claim, delivery, person.row):
                    progress.to_send.append(person)
                    progress.taken_over.add(person.email)
                else:
                    progress.unsettled += 1
            else:
                _follow(verdict, person, delivery, reason, progress)


def _follow(
    verdict: Verdict, person: Recipient, delivery: Delivery, suppressed: str | None, progress: Progress
) -> None:
    """Do what the verdict on an address that was claimed before says, where that is not to send."""
    match verdict:
        case Verdict.ACCEPTED:
            progress.earlier[OutcomeKind.ACCEPTED.value] += 1
            progress.end(person, OutcomeKind.ACCEPTED, message_id=delivery.message_id)
        case Verdict.ALREADY_SENT:
            reason = f"Accepted {delivery.accepted_at or 'before'} in campaign {delivery.campaign_id}."
            progress.end(person, OutcomeKind.ALREADY_SENT, reason, delivery.message_id)
        case Verdict.FAILED:
            progress.earlier[OutcomeKind.FAILED.value] += 1
            progress.end(person, OutcomeKind.FAILED, delivery.reason)
        case Verdict.TAKE_OVER if delivery.failed_at:
            progress.end(person, OutcomeKind.SUPPRESSED, suppressed or "")
        case Verdict.TAKE_OVER:
            progress.end(person, OutcomeKind.UNKNOWN, f"{UNKNOWN} {suppressed}")
        case Verdict.HOLD:
            progress.end(person, OutcomeKind.UNKNOWN, UNKNOWN)
        case Verdict.WAIT:
            progress.unsettled += 1
