"""A batch becomes mail: claimed, paced, sent, recorded, reported; each address once, whatever happens in between."""

import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from chalicelib.domain import pacing
from chalicelib.domain.batch import Batch, BatchMessage
from chalicelib.domain.mail import Mail, Template
from chalicelib.domain.outcome import Outcome, OutcomeKind, tally
from chalicelib.domain.parcel import Answer, Parcel, SendResult
from chalicelib.errors import (
    CampaignStopped,
    DailyQuotaReached,
    HatoError,
    MailInvalid,
    MergeFieldMissing,
    OutcomeUnsettled,
    SendingThrottled,
)
from chalicelib.steps.clock import Clock, timestamp
from chalicelib.steps.triage import ClaimLedger, Contacts, Progress, triage


class Campaigns(Protocol):
    """The campaigns' own records."""

    def check_sending(self, campaign_id: str) -> None:
        """Raises CampaignPaused or CampaignStopped where the campaign must not send now."""
        ...

    def stop(self, campaign_id: str, reason: str) -> None:
        """Mark the campaign stopped: no batch of it is sent from now on."""
        ...

    def count_batch(self, campaign_id: str, batch: int, totals: Mapping[str, int]) -> None:
        """Add a batch's outcomes to the campaign's counters, once however often it is called."""
        ...


class Mails(Protocol):
    """The mail as the campaign keeps it."""

    def template(self, campaign_id: str, mail_id: str) -> Template:
        """The campaign's mail, ready to be filled in. Raises MailNotFound or MailInvalid."""
        ...


class Ledger(ClaimLedger, Protocol):
    """Which mail went to which address."""

    def accept(self, mail_id: str, message_ids: Mapping[str, str], now: str) -> None:
        """Record that SES has these."""
        ...

    def fail(self, mail_id: str, reasons: Mapping[str, str], now: str) -> None:
        """Record that SES refused these."""
        ...

    def release(self, batch: Batch, emails: Iterable[str]) -> None:
        """Give the batch's claims back, as if they had never been."""
        ...


class Pacer(Protocol):
    """The shared pace."""

    def rate(self) -> float:
        """Mails a second, for all workers together."""
        ...

    def reserve(self, count: int, deadline: float) -> pacing.Reservation:
        """Reserve sending time that ends before the deadline (epoch seconds). Raises SendingThrottled."""
        ...


class Mailer(Protocol):
    """SES."""

    def send(self, mail: Mail, campaign_id: str, parcels: Sequence[Parcel]) -> list[SendResult]:
        """Send to all of them in one call; one answer each, in order. Never raises for what SES or the network do."""
        ...

    def fit(self, parcels: Sequence[Parcel], size: int) -> list[list[Parcel]]:
        """The parcels in calls of at most `size` recipients and of at most what SES takes in one request."""
        ...


class OutcomeFiles(Protocol):
    """Where a batch's outcomes are kept."""

    def write_outcomes(self, campaign_id: str, batch: int, outcomes: Sequence[Outcome]) -> None:
        """Write the batch's outcome file."""
        ...


class Tasks(Protocol):
    """The state machine, which waits for each batch."""

    def succeed(self, token: str, result: Mapping[str, Any]) -> None:
        """Tell it that the batch is done; a token that it no longer waits for is no error."""
        ...

    def fail(self, token: str, error: str, cause: str) -> None:
        """Tell it that the batch is not done, and why; a token that it no longer waits for is no error."""
        ...


@dataclass(frozen=True, slots=True)
class SendBatch:
    """The step, with what it needs."""

    campaigns: Campaigns
    mails: Mails
    contacts: Contacts
    ledger: Ledger
    pacer: Pacer
    mailer: Mailer
    files: OutcomeFiles
    tasks: Tasks
    clock: Clock
    settling: timedelta

    def __call__(self, message: BatchMessage, deadline: float) -> dict[str, Any]:
        """Send the batch and tell the state machine how it went. `deadline` (epoch seconds) is the Lambda's own."""
        batch, token = message.batch, message.task_token
        try:
            totals = self._report(batch, self._send(batch, deadline))
            self.tasks.succeed(token, totals)
        except HatoError as error:
            self.tasks.fail(token, type(error).__name__, str(error))
            return {"returned": type(error).__name__, "why": str(error)}
        except Exception as error:
            # Told to the state machine, which tries again in seconds; SQS would wait out its visibility timeout.
            self.tasks.fail(token, "BatchFailed", f"{type(error).__name__}: {error}")
            return {"error": type(error).__name__, "why": str(error), "trace": traceback.format_exc(limit=-5)}
        return {name: count for name, count in totals.items() if count}

    def _report(self, batch: Batch, outcomes: Sequence[Outcome]) -> dict[str, int]:
        totals = tally(outcomes)
        self.files.write_outcomes(batch.campaign_id, batch.number, outcomes)
        self.campaigns.count_batch(batch.campaign_id, batch.number, totals)
        return totals

    def _send(self, batch: Batch, deadline: float) -> list[Outcome]:
        self.campaigns.check_sending(batch.campaign_id)
        template = self.mails.template(batch.campaign_id, batch.mail_id)
        progress = triage(batch, self.contacts, self.ledger, self.clock.now(), self.settling)
        parcels = self._fill_in(batch, template, progress)
        if parcels:
            self._deliver(batch, template.mail, parcels, deadline, progress)
        if progress.unsettled:
            raise OutcomeUnsettled(f"{progress.unsettled} sends were begun earlier and their outcome is not known yet.")
        return sorted(progress.outcomes, key=lambda outcome: outcome.row)

    def _fill_in(self, batch: Batch, template: Template, progress: Progress) -> list[Parcel]:
        """The mails for all who are to have one; a row that the mail cannot be filled in for fails alone."""
        parcels: list[Parcel] = []
        failed: dict[str, str] = {}
        for person in progress.to_send:
            try:
                parcels.append(Parcel(person, template.render(person.email, person.fields)))
            except (MergeFieldMissing, MailInvalid) as error:
                failed[person.email] = str(error)
                progress.end(person, OutcomeKind.FAILED, str(error))
        if failed:
            self.ledger.fail(batch.mail_id, failed, timestamp(self.clock.now()))
        return parcels

    def _deliver(
        self, batch: Batch, mail: Mail, parcels: Sequence[Parcel], deadline: float, progress: Progress
    ) -> None:
        """Send call by call, each when its slots come; what SES did not take is given back."""
        unsent = {parcel.recipient.email for parcel in parcels}
        try:
            calls = self.mailer.fit(parcels, pacing.call_size(self.pacer.rate()))
            reservation, sent = self.pacer.reserve(len(parcels), deadline), 0
            for call in calls:
                self.clock.sleep_until(reservation.slot(sent))
                if self.clock.now().timestamp() > deadline:
                    raise SendingThrottled("SES answers too slowly to finish the batch in one go.")
                unsent -= {parcel.recipient.email for parcel in call}
                results = self.mailer.send(mail, batch.campaign_id, call)
                unsent |= self._record(batch, call, results, progress)
                self._check(batch, results)
                sent += len(call)
        except Exception:  # whatever it was: who was not sent to must not wait for the settling time
            self.ledger.release(batch, unsent)
            raise

    def _record(
        self, batch: Batch, call: Sequence[Parcel], results: Sequence[SendResult], progress: Progress
    ) -> set[str]:
        """Write down what SES answered; returns the addresses that it did not take, to try again."""
        accepted: dict[str, str] = {}
        refused: dict[str, str] = {}
        again: set[str] = set()
        for parcel, result in zip(call, results, strict=True):
            person = parcel.recipient
            match result.answer:
                case Answer.ACCEPTED:
                    accepted[person.email] = result.message_id
                    progress.end(person, OutcomeKind.ACCEPTED, message_id=result.message_id)
                case Answer.REFUSED:
                    refused[person.email] = result.reason
                    progress.end(person, OutcomeKind.FAILED, result.reason)
                case Answer.UNSURE:
                    progress.unsettled += 1
                case _:
                    again.add(person.email)
        now = timestamp(self.clock.now())
        if accepted:
            self.ledger.accept(batch.mail_id, accepted, now)
        if refused:
            self.ledger.fail(batch.mail_id, refused, now)
        return again

    def _check(self, batch: Batch, results: Sequence[SendResult]) -> None:
        """Raise for what concerns more than the recipients of this call."""
        reasons = {result.answer: result.reason for result in results}
        if Answer.STOPPED in reasons:
            self.campaigns.stop(batch.campaign_id, reasons[Answer.STOPPED])
            raise CampaignStopped(reasons[Answer.STOPPED])
        if Answer.QUOTA in reasons:
            raise DailyQuotaReached(reasons[Answer.QUOTA])
        if Answer.THROTTLED in reasons:
            raise SendingThrottled(reasons[Answer.THROTTLED])
