"""The simulator's sends as a caller meets them: with the faults that were asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count, cycle
from typing import TypeVar

from hato.local.ses.bulk import Refusal
from hato.local.ses.draft import Draft
from hato.local.ses.draws import Draws
from hato.local.ses.errors import InternalFailure, TooManyRequests
from hato.local.ses.faults import CallFault, call_fault, entry_is_throttled, lateness
from hato.local.ses.settings import Faults
from hato.local.ses.simulator import Outcome, Simulator

Result = TypeVar("Result")

_ENTRY_REFUSALS = (
    Refusal("ACCOUNT_THROTTLED", "Maximum sending rate exceeded."),
    Refusal("TRANSIENT_FAILURE", "The mail could not be processed because of a temporary issue."),
)


class AnswerDropped(Exception):
    """The mails of the call are taken, and its caller must not hear of it."""


@dataclass
class FaultCounts:
    """How many calls met each fault; throttles that the account's limits caused are not among them."""

    injected_throttles: int = 0
    dropped_answers: int = 0
    failed_calls: int = 0
    slow_answers: int = 0


class Sending:
    """Sends one call at a time, as the simulator wants it, and lets go wrong what is drawn to."""

    def __init__(self, simulator: Simulator) -> None:
        self.counts = FaultCounts()
        self._simulator = simulator
        self._calls, self._answers = count(1), count(1)
        self._entry_refusals = cycle(_ENTRY_REFUSALS)

    def send_bulk(self, entries: Sequence[Draft | Refusal]) -> list[Outcome]:
        return self._send(lambda draw: self._simulator.send_bulk(self._throttled(entries, draw)))

    def send_one(self, draft: Draft) -> str:
        return self._send(lambda draw: self._simulator.send_one(draft))

    def lateness(self) -> float:
        """The seconds by which the next answer comes late."""
        seconds = lateness(self._draw("answer", next(self._answers)), self._faults)
        self.counts.slow_answers += seconds > 0
        return seconds

    def _send(self, send: Callable[[Draws], Result]) -> Result:
        draw = self._draw("call", next(self._calls))
        fault = call_fault(draw, self._faults)
        # Every second failure comes when the mails are gone; a call that is refused for a reason of its own is none.
        too_late = self.counts.failed_calls % 2 == 1
        if fault is CallFault.THROTTLED:
            self.counts.injected_throttles += 1
            raise TooManyRequests("Maximum sending rate exceeded.")
        if fault is CallFault.FAILED and not too_late:
            self._fail()
        result = send(draw)
        if fault is CallFault.FAILED:
            self._fail()
        if fault is CallFault.DROPPED:
            self.counts.dropped_answers += 1
            raise AnswerDropped
        return result

    def _fail(self) -> None:
        self.counts.failed_calls += 1
        raise InternalFailure("The request failed because of an internal error.")

    def _throttled(self, entries: Sequence[Draft | Refusal], draw: Draws) -> list[Draft | Refusal]:
        """The entries, some refused; one that is refused anyway stays as it is."""
        return [
            next(self._entry_refusals)
            if isinstance(entry, Draft) and entry_is_throttled(draw, number, self._faults)
            else entry
            for number, entry in enumerate(entries)
        ]

    def _draw(self, what: str, number: int) -> Draws:
        return Draws(self._simulator.settings.seed, what, str(number))

    @property
    def _faults(self) -> Faults:
        return self._simulator.settings.faults
