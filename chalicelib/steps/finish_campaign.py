"""A campaign ends: every row of its list is accounted for, or it does not end."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any, Protocol

from chalicelib.domain.batch import Batch
from chalicelib.domain.campaign import ENDED, Status, imbalance
from chalicelib.domain.delivery import Delivery, Settling, UnknownOutcomes, Verdict, judge
from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.reasons import Reasons
from chalicelib.domain.recipient import Recipient
from chalicelib.domain.report_file import by_row
from chalicelib.domain.upload_options import UploadOptions
from chalicelib.errors import CampaignUnbalanced
from chalicelib.steps.clock import Clock, timestamp
from chalicelib.steps.notify import Notify
from chalicelib.steps.triage import UNKNOWN

_AT_ONCE = 16  # batches whose claims are looked up side by side


class CampaignFiles(Protocol):
    """The campaign's own files."""

    def batches(self, campaign_id: str) -> Iterator[Batch]:
        """The batches as they were prepared."""
        ...

    def batches_with_outcomes(self, campaign_id: str) -> set[int]:
        """The numbers of the batches that have an outcome file."""
        ...

    def unsent_batches(self, campaign_id: str, number: int) -> set[int]:
        """The numbers of the batches that are written down as given up in this round."""
        ...

    def outcomes(self, campaign_id: str, batches: int, number: int, unsent: Set[int]) -> Iterator[Outcome]:
        """The outcomes of all batches, in their order; of the unsent ones, as this round left them."""
        ...

    def write_unsent(self, campaign_id: str, number: int, batch: int, outcomes: Sequence[Outcome]) -> None:
        """Write how the rows of a batch stand that was given up in this round; a later round may still send it."""
        ...

    def rejected(self, campaign_id: str) -> Iterator[Outcome]:
        """The rows that were rejected before sending."""
        ...

    def write_report(self, campaign_id: str, outcomes: Iterable[Outcome]) -> None:
        """Write report.csv while the outcomes come."""
        ...


class Campaigns(Protocol):
    """The campaigns' own records."""

    def create(
        self, campaign_id: str, source: str, mail_id: str, now: str, version: str, options: Mapping[str, Any]
    ) -> bool:
        """Record a new campaign as `preparing`, with what its execution was told; False where it exists already."""
        ...

    def summary(self, campaign_id: str) -> dict[str, Any]:
        """The campaign's summary; empty where there is none."""
        ...

    def end(self, campaign_id: str, status: Status, reason: str) -> bool:
        """Set an ended status; False where the campaign has ended otherwise before."""
        ...

    def finish(self, campaign_id: str, status: Status, reason: str, totals: Mapping[str, Any], now: str) -> Status:
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
    settling_time: timedelta
    notify: Notify

    def __call__(
        self,
        campaign_id: str,
        error: Mapping[str, Any] | None = None,
        document: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Write report.csv and the totals, or return how many sends are still `settling`: then call again later.

        `error` is the state machine's, where it could not go on, and `document` its input, from which a campaign is
        recorded that came to nothing before it was.

        Raises CampaignUnbalanced where a row is missing from the report.
        """
        status, reason = _read_error(error)
        if document is not None:
            source, mail_id = (str(document.get(name, "")) for name in ("file_name", "mail_id"))
            version, told = str(document.get("version_id") or ""), UploadOptions.told_by_hand(document)
            self.campaigns.create(campaign_id, source, mail_id, timestamp(self.clock.now()), version, told)
        if error:  # first of all: batches look at the status after they have claimed, so nobody claims unseen from now
            self.campaigns.end(campaign_id, status, reason)
        summary = self.campaigns.summary(campaign_id)
        if summary.get("status") in ENDED:
            # Where SES or its owner ended the campaign, that is the reason, not that the batches after it failed.
            reason = str(summary.get("reason") or reason)
        totals: dict[str, int] = {}
        reasons = Reasons()
        if "batches" in summary:
            missing = self._missing(campaign_id, summary)
            if missing and summary.get("status") not in ENDED:  # their messages may still come, and must find it ended
                self.campaigns.end(campaign_id, status, reason)
                summary = self.campaigns.summary(campaign_id)
                missing = self._missing(campaign_id, summary)
            if settling := self._give_up(campaign_id, int(summary.get("round", 1)), missing, reason):
                return {"status": str(summary["status"]), "settling": settling}
            totals = self._report(campaign_id, summary, missing, reasons)
        told = totals | {"reasons": reasons.to_document()} if totals else {}
        kept = self.campaigns.finish(campaign_id, status, reason, told, timestamp(self.clock.now()))
        self.notify(campaign_id, kept)
        return {"status": kept.value, "reason": reason, **totals}

    def _missing(self, campaign_id: str, summary: Mapping[str, Any]) -> set[int]:
        return set(range(int(summary["batches"]))) - self.files.batches_with_outcomes(campaign_id)

    def _give_up(self, campaign_id: str, number: int, missing: Set[int], reason: str) -> int:
        """Write down, from what the ledger knows, how the batches stand that never got so far.

        Returns of how many sends the outcome may still become known; their batches are left for the next call.
        """
        if not missing:
            return 0
        left = missing - self.files.unsent_batches(campaign_id, number)
        batches = (batch for batch in self.files.batches(campaign_id) if batch.number in left)
        settling = 0
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            while some := list(islice(batches, 4 * _AT_ONCE)):
                settling += sum(pool.map(lambda batch: self._give_up_batch(batch, number, reason), some))
        return settling

    def _give_up_batch(self, batch: Batch, number: int, reason: str) -> int:
        known = self.ledger.read(batch.mail_id, [person.email for person in batch.recipients])
        outcomes = [self._settle(batch, person, known.get(person.email), reason) for person in batch.recipients]
        settled = [outcome for outcome in outcomes if outcome is not None]
        if len(settled) == len(outcomes):
            self.files.write_unsent(batch.campaign_id, number, batch.number, settled)
        return len(outcomes) - len(settled)

    def _settle(self, batch: Batch, person: Recipient, delivery: Delivery | None, reason: str) -> Outcome | None:
        row, email = person.row, person.email
        not_sent = f"Not sent: {reason}" if reason else "Not sent: the batch was given up."
        if delivery is None:
            return Outcome(row, email, OutcomeKind.FAILED, not_sent)
        match judge(delivery, batch, self.clock.now(), Settling(self.settling_time, UnknownOutcomes.HOLD)):
            case Verdict.ACCEPTED:
                return Outcome(row, email, OutcomeKind.ACCEPTED, message_id=delivery.message_id)
            case Verdict.ALREADY_SENT:
                return Outcome(row, email, OutcomeKind.ALREADY_SENT, message_id=delivery.message_id)
            case Verdict.FAILED:
                return Outcome(row, email, OutcomeKind.FAILED, delivery.reason)
            case Verdict.TAKE_OVER:  # SES refused another campaign's
                return Outcome(row, email, OutcomeKind.FAILED, not_sent)
            case Verdict.HOLD:
                return Outcome(row, email, OutcomeKind.UNKNOWN, UNKNOWN)
            case Verdict.WAIT:
                return None

    def _report(
        self, campaign_id: str, summary: Mapping[str, Any], unsent: Set[int], reasons: Reasons
    ) -> dict[str, int]:
        counts = Counter[OutcomeKind]()

        def counted(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
            for outcome in outcomes:
                counts[outcome.kind] += 1
                if outcome.reason:
                    reasons.add(outcome)
                yield outcome

        sent = self.files.outcomes(campaign_id, int(summary["batches"]), int(summary.get("round", 1)), unsent)
        self.files.write_report(campaign_id, counted(by_row(sent, self.files.rejected(campaign_id))))
        totals = {kind.value: counts[kind] for kind in OutcomeKind}
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
