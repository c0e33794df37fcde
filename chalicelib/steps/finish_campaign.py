"""A campaign ends: every row of its list is accounted for, or it does not end."""

import heapq
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from chalicelib.domain.batch import Batch
from chalicelib.domain.campaign import Status, imbalance
from chalicelib.domain.delivery import Delivery, Verdict, judge
from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.recipient import Recipient
from chalicelib.errors import CampaignUnbalanced
from chalicelib.steps.clock import Clock, timestamp


class CampaignFiles(Protocol):
    """The campaign's own files."""

    def batches(self, campaign_id: str) -> Iterator[Batch]:
        """The batches as they were prepared."""
        ...

    def batches_with_outcomes(self, campaign_id: str) -> set[int]:
        """The numbers of the batches that have an outcome file."""
        ...

    def outcomes(self, campaign_id: str, batches: int) -> Iterator[Outcome]:
        """The outcomes of all batches, in the order of the batches."""
        ...

    def write_outcomes(self, campaign_id: str, batch: int, outcomes: Sequence[Outcome]) -> None:
        """Write a batch's outcome file."""
        ...

    def rejected(self, campaign_id: str) -> Iterator[Outcome]:
        """The rows that were rejected before sending."""
        ...

    def write_report(self, campaign_id: str, outcomes: Iterable[Outcome]) -> None:
        """Write report.csv while the outcomes come."""
        ...


class Campaigns(Protocol):
    """The campaigns' own records."""

    def create(self, campaign_id: str, source: str, mail_id: str, now: str) -> bool:
        """Record a new campaign as `preparing`; False where it exists already."""
        ...

    def summary(self, campaign_id: str) -> dict[str, Any]:
        """The campaign's summary; empty where there is none."""
        ...

    def finish(self, campaign_id: str, status: Status, reason: str, totals: Mapping[str, int], now: str) -> Status:
        """Record how the campaign ended; returns the status kept, which is the owner's where they ended it."""
        ...


class Ledger(Protocol):
    """Which mail went to which address."""

    def read(self, mail_id: str, emails: Iterable[str]) -> dict[str, Delivery]:
        """The deliveries of these addresses, where there are any."""
        ...


@dataclass(frozen=True, slots=True)
class FinishCampaign:
    """The step, with what it needs."""

    files: CampaignFiles
    campaigns: Campaigns
    ledger: Ledger
    clock: Clock

    def __call__(
        self,
        campaign_id: str,
        error: Mapping[str, Any] | None = None,
        document: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Write report.csv and the totals.

        `error` is the state machine's, where it could not go on, and `document` its input, from which a campaign is
        recorded that came to nothing before it was.

        Raises CampaignUnbalanced where a row is missing from the report.
        """
        status, reason = _read_error(error)
        if document is not None:
            source, mail_id = (str(document.get(name, "")) for name in ("file_name", "mail_id"))
            self.campaigns.create(campaign_id, source, mail_id, timestamp(self.clock.now()))
        if error:  # first of all: what waits in the queue must not be sent after the report said that it was not
            self.campaigns.finish(campaign_id, status, reason, {}, timestamp(self.clock.now()))
        summary = self.campaigns.summary(campaign_id)
        # Where SES or its owner stopped the campaign, that is the reason, not that the batches after it failed.
        reason = str(summary.get("reason") or reason)
        totals: dict[str, int] = {}
        if "batches" in summary:
            self._settle_missing(campaign_id, int(summary["batches"]), reason)
            totals = self._report(campaign_id, summary)
        kept = self.campaigns.finish(campaign_id, status, reason, totals, timestamp(self.clock.now()))
        return {"status": kept.value, "reason": reason, **totals}

    def _settle_missing(self, campaign_id: str, batches: int, reason: str) -> None:
        """Write the outcome files of batches that never got so far, from what the ledger knows."""
        missing = set(range(batches)) - self.files.batches_with_outcomes(campaign_id)
        if not missing:
            return
        for batch in self.files.batches(campaign_id):
            if batch.number in missing:
                known = self.ledger.read(batch.mail_id, [person.email for person in batch.recipients])
                outcomes = [self._settle(batch, person, known.get(person.email), reason) for person in batch.recipients]
                self.files.write_outcomes(campaign_id, batch.number, outcomes)

    def _settle(self, batch: Batch, person: Recipient, delivery: Delivery | None, reason: str) -> Outcome:
        row, email = person.row, person.email
        if delivery is None:
            why = f"Not sent: {reason}" if reason else "Not sent: the batch was given up."
            return Outcome(row, email, OutcomeKind.FAILED, why)
        match judge(delivery, batch.campaign_id, batch.number, self.clock.now(), timedelta.max):
            case Verdict.ACCEPTED:
                return Outcome(row, email, OutcomeKind.ACCEPTED, message_id=delivery.message_id)
            case Verdict.ALREADY_SENT:
                return Outcome(row, email, OutcomeKind.ALREADY_SENT, message_id=delivery.message_id)
            case Verdict.FAILED | Verdict.TAKE_OVER:
                return Outcome(row, email, OutcomeKind.FAILED, delivery.reason)
            case Verdict.WAIT:
                return Outcome(row, email, OutcomeKind.UNKNOWN, "A send was begun and its outcome never became known.")

    def _report(self, campaign_id: str, summary: Mapping[str, Any]) -> dict[str, int]:
        counts: Counter[str] = Counter()

        def counted(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
            for outcome in outcomes:
                counts[outcome.kind.value] += 1
                yield outcome

        sent = self.files.outcomes(campaign_id, int(summary["batches"]))
        rows = heapq.merge(sent, self.files.rejected(campaign_id), key=lambda outcome: outcome.row)
        self.files.write_report(campaign_id, counted(rows))
        totals = {kind.value: counts[kind.value] for kind in OutcomeKind}
        difference = imbalance(int(summary["rows"]), totals)
        if difference:
            raise CampaignUnbalanced(
                f"The list has {summary['rows']} rows and the report {int(summary['rows']) - difference}."
            )
        return totals


def _read_error(error: Mapping[str, Any] | None) -> tuple[Status, str]:
    """The status and the sentence that the state machine's error stands for."""
    if not error:
        return Status.FINISHED, ""
    name, cause = str(error.get("Error", "")), str(error.get("Cause", ""))
    try:  # a Lambda's error comes as JSON in the cause
        message = str(json.loads(cause)["errorMessage"])
    except (ValueError, KeyError, TypeError):
        message = cause
    status = Status.STOPPED if name == "CampaignStopped" else Status.FAILED
    return status, message or name or "The state machine gave up."
