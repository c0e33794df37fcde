"""Pause, resume and cancel a campaign: what its owner decides becomes a status that every batch looks at."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from chalicelib.domain.campaign import ENDED, RESUMABLE, PausedBy, Status, execution_name, round_input
from chalicelib.errors import CampaignNotFound, HatoError

_PAUSED = "Paused by its owner."
_CANCELLED = "Cancelled by its owner."
_CLOSES_WITHIN = 60.0
_EVERY = 1.0


class NotPossible(HatoError):
    """The campaign stands where this cannot be done to it."""


class Campaigns(Protocol):
    """The campaigns' own records."""

    def summary(self, campaign_id: str) -> dict[str, Any]:
        """The campaign's summary; empty where there is none."""
        ...

    def pause(self, campaign_id: str, reason: str, by: PausedBy) -> bool:
        """Send no more until it is resumed; False where it does not send."""
        ...

    def unpause(self, campaign_id: str, summary: Mapping[str, Any]) -> bool:
        """Let a paused campaign go on; False where it is not paused."""
        ...

    def reopen(self, campaign_id: str, summary: Mapping[str, Any]) -> int:
        """Begin the campaign's next round; its number, or 0 where that cannot be, or somebody else was faster."""
        ...

    def cancel(self, campaign_id: str, reason: str) -> bool:
        """End it for good; False where it has ended already."""
        ...

    def next_round(self, campaign_id: str, summary: Mapping[str, Any]) -> int:
        """Count one round more of an ended campaign, to close it; its number, or 0 where somebody else was faster."""
        ...


class Executions(Protocol):
    """The campaign state machine."""

    def is_running(self, name: str) -> bool:
        """Whether there is an execution of this name that has not ended."""
        ...

    def run(self, name: str, document: Mapping[str, object]) -> None:
        """Start an execution; nothing where it was started before."""
        ...

    def end(self, name: str, reason: str) -> None:
        """End an execution; nothing where it has ended, or never was."""
        ...


class Steering:
    """What the owner of campaigns may do to one that runs, or ran."""

    def __init__(
        self,
        campaigns: Campaigns,
        executions: Executions,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._campaigns = campaigns
        self._executions = executions
        self._sleep = sleep
        self._clock = clock

    def pause(self, campaign_id: str) -> str:
        """No call is begun any more; what is under way ends within seconds. Returns what was done, as a sentence."""
        status = self._status(campaign_id)
        if self._campaigns.pause(campaign_id, _PAUSED, PausedBy.OWNER):
            return f"Campaign {campaign_id} is paused; calls that are under way end within seconds."
        if status is Status.PAUSED:
            return f"Campaign {campaign_id} is paused already."
        raise NotPossible(f"Campaign {campaign_id} is {status.value}: there is nothing to pause.")

    def resume(self, campaign_id: str) -> str:
        """Go on where it stopped, whyever it did; returns what was done, as a sentence. Raises NotPossible."""
        summary = self._summary(campaign_id)
        status = Status(summary["status"])
        if status not in RESUMABLE:
            raise NotPossible(
                f"Campaign {campaign_id} is {status.value}: "
                "to send to whoever has not had its mail, upload its list again."
            )
        if not summary.get("mail_id"):
            raise NotPossible(f"Campaign {campaign_id} never began: {summary.get('reason', 'it has no mail')}")
        if self._is_running(campaign_id, summary):
            if self._campaigns.unpause(campaign_id, summary):
                return f"Campaign {campaign_id} goes on; the longer it was paused, the longer it takes to notice."
            if status not in ENDED:
                raise NotPossible(f"Campaign {campaign_id} runs already.")
            self._wait_for_end(campaign_id, summary)
            number, summary = summary.get("round"), self._summary(campaign_id)
            if Status(summary["status"]) not in ENDED or summary.get("round") != number:
                raise NotPossible(f"Campaign {campaign_id} was resumed by somebody else just now.")
        number = self._campaigns.reopen(campaign_id, summary)
        if not number:
            raise NotPossible(f"Campaign {campaign_id} was changed by somebody else just now: look at its status.")
        self._executions.run(execution_name(campaign_id, number), round_input(campaign_id, number, summary))
        return f"Campaign {campaign_id} goes on, in its round {number}, with whoever has not had its mail."

    def cancel(self, campaign_id: str) -> str:
        """Send nothing more, ever; its report says of every row how far it came. Returns what was done."""
        is_cancelled = self._campaigns.cancel(campaign_id, _CANCELLED)
        summary = self._summary(campaign_id)
        status = Status(summary["status"])
        broke_off = status is Status.CANCELLED and "finished_at" not in summary  # before its report was written
        if not (is_cancelled or (broke_off and not self._is_running(campaign_id, summary))):
            raise NotPossible(f"Campaign {campaign_id} is {status.value}: there is nothing to cancel.")
        if "batches" in summary or not self._is_running(campaign_id, summary):  # else who reads its list ends it
            # The state machine may be waiting for a paused batch for minutes, so another round closes it.
            self._executions.end(self._execution(campaign_id, summary), _CANCELLED)
            number = self._campaigns.next_round(campaign_id, summary)
            if number:
                self._executions.run(execution_name(campaign_id, number), round_input(campaign_id, number, summary))
        return f"Campaign {campaign_id} is cancelled; its report is being written."

    def _wait_for_end(self, campaign_id: str, summary: Mapping[str, Any]) -> None:
        """An ended campaign's execution still writes its report: two at once would be in each other's way."""
        deadline = self._clock() + _CLOSES_WITHIN
        while self._is_running(campaign_id, summary):
            if self._clock() > deadline:
                raise NotPossible(
                    f"The report of campaign {campaign_id} is still being written: try again in a minute."
                )
            self._sleep(_EVERY)

    def _is_running(self, campaign_id: str, summary: Mapping[str, Any]) -> bool:
        return self._executions.is_running(self._execution(campaign_id, summary))

    def _execution(self, campaign_id: str, summary: Mapping[str, Any]) -> str:
        return execution_name(campaign_id, int(summary.get("round", 1)))

    def _status(self, campaign_id: str) -> Status:
        return Status(self._summary(campaign_id)["status"])

    def _summary(self, campaign_id: str) -> dict[str, Any]:
        summary = self._campaigns.summary(campaign_id)
        if not summary:
            raise CampaignNotFound(f"There is no campaign {campaign_id!r}.")
        return summary
