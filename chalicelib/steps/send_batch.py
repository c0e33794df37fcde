"""A batch becomes mail: claimed, paced, sent, recorded, reported; each address once, whatever happens in between."""

import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.domain.batch import Batch, BatchMessage
from chalicelib.domain.delivery import Claim, Settling
from chalicelib.domain.outcome import Outcome, OutcomeKind, tally
from chalicelib.domain.parcel import Parcel
from chalicelib.domain.tracking import tracking_of
from chalicelib.errors import (
    CampaignStopped,
    HatoError,
    MailInvalid,
    MergeFieldMissing,
    OutcomeUnsettled,
    SendingThrottled,
    SettingInvalid,
)
from chalicelib.steps import sending
from chalicelib.steps.clock import Clock, timestamp
from chalicelib.steps.courier import Courier
from chalicelib.steps.triage import ClaimLedger, Contacts, Progress, triage

if TYPE_CHECKING:
    from chalicelib.domain.template import Template


class Campaigns(sending.Campaigns, Protocol):
    """The campaigns' own records."""

    def count_batch(self, campaign_id: str, batch: int, totals: Mapping[str, int]) -> None:
        """Add a batch's outcomes to the campaign's counters, once however often it is called."""
        ...


class Mails(Protocol):
    """The mail as the campaign keeps it."""

    def template(self, campaign_id: str, mail_id: str) -> "Template":
        """The campaign's mail, ready to be filled in. Raises MailNotFound or MailInvalid."""
        ...


class Ledger(ClaimLedger, sending.Ledger, Protocol):
    """Which mail went to which address."""


class Links(Protocol):
    """The way out of a mailing."""

    def link(self, email: str, mail_id: str) -> str:
        """The address of the page that lets this address out."""
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
    """The step, with what it needs. `new_claimant` gives each try of a batch a name that no other has."""

    campaigns: Campaigns
    mails: Mails
    contacts: Contacts
    ledger: Ledger
    courier: Courier
    files: OutcomeFiles
    tasks: Tasks
    clock: Clock
    settling: Settling
    new_claimant: Callable[[], str]
    links: Callable[[], Links]  # raises SettingInvalid where the stage does not know its own pages

    def __call__(self, message: BatchMessage, deadline: float) -> dict[str, Any]:
        """Send the batch and tell the state machine how it went. `deadline` (epoch seconds) is the Lambda's own."""
        batch, token, progress = message.batch, message.task_token, Progress()
        try:
            totals = self._report(batch, self._send(batch, deadline, progress))
            self.tasks.succeed(token, totals)
        except HatoError as error:
            self.tasks.fail(token, type(error).__name__, str(error))
            return {"returned": type(error).__name__, "why": str(error), **_so_far(progress)}
        except Exception as error:
            # Told to the state machine, which tries again in seconds; SQS would wait out its visibility timeout.
            self.tasks.fail(token, "BatchFailed", f"{type(error).__name__}: {error}")
            trace = traceback.format_exc(limit=-5)
            return {"error": type(error).__name__, "why": str(error), "trace": trace, **_so_far(progress)}
        return {name: count for name, count in totals.items() if count} | progress.notes()

    def _report(self, batch: Batch, outcomes: Sequence[Outcome]) -> dict[str, int]:
        totals = tally(outcomes)
        self.files.write_outcomes(batch.campaign_id, batch.number, outcomes)
        self.campaigns.count_batch(batch.campaign_id, batch.number, totals)
        return totals

    def _send(self, batch: Batch, deadline: float, progress: Progress) -> list[Outcome]:
        # Before anything is claimed, and again before anything is sent: who ends a campaign looks for claims after
        # saying so, so either they see this batch's, or this batch sees that the campaign has ended.
        self.campaigns.check_sending(batch.campaign_id)
        links = self._links(batch.campaign_id)
        template = self.mails.template(batch.campaign_id, batch.mail_id)
        now = self.clock.now()
        claim = Claim(batch, self.new_claimant(), timestamp(now))
        try:
            triage(claim, self.contacts, self.ledger, now, self.settling, progress)
            parcels = self._fill_in(batch, template, links, progress)
        except Exception as error:  # half claimed: nobody was sent to, and nobody need wait for the settling time
            if isinstance(error, SendingThrottled):  # by the ledger, which records and events need as well
                self.courier.pacer.throttled()
            self.ledger.release(claim, [person.email for person in batch.recipients])
            raise
        if parcels:
            lease_end = (now + self.settling.lease).timestamp()
            self.courier.deliver(claim, template.mail, parcels, min(deadline, lease_end), progress)
        if progress.unsettled:
            raise OutcomeUnsettled(f"{progress.unsettled} sends were begun earlier and their outcome is not known yet.")
        return sorted(progress.outcomes, key=lambda outcome: outcome.row)

    def _links(self, campaign_id: str) -> Links:
        """The way out that every mail carries: without one, none is sent."""
        try:
            return self.links()
        except SettingInvalid as error:
            self.campaigns.stop(campaign_id, str(error))
            raise CampaignStopped(str(error)) from None

    def _fill_in(self, batch: Batch, template: "Template", links: Links, progress: Progress) -> list[Parcel]:
        """The mails for all who are to have one; a row that the mail cannot be filled in for fails alone."""
        parcels: list[Parcel] = []
        failed: dict[str, str] = {}
        for person in progress.to_send:
            url = links.link(person.email, batch.mail_id)
            try:
                rendered = template.render(person.email, person.fields, url)
                parcels.append(Parcel(person, rendered, url, tracking_of(template.mail.tracking, person.fields)))
            except (MergeFieldMissing, MailInvalid) as error:
                failed[person.email] = str(error)
                progress.end(person, OutcomeKind.FAILED, str(error))
        if failed:
            self.ledger.fail(batch.mail_id, failed, timestamp(self.clock.now()))
        return parcels


def _so_far(progress: Progress) -> dict[str, Any]:
    """How far a batch came that is not done: who has the mail, or will not get it. The others are judged again."""
    totals = tally(progress.outcomes)
    ends = {kind.value: totals[kind.value] for kind in (OutcomeKind.ACCEPTED, OutcomeKind.FAILED)}
    return {name: count for name, count in ends.items() if count} | progress.notes()
