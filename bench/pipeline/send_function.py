"""The send function: what it asks of AWS for a batch, one thing after another, as chalicelib.steps.send_batch does."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from bench.pipeline.agenda import Agenda
from bench.pipeline.batches import Batch
from bench.pipeline.bill import Bill
from bench.pipeline.capacity import take_of_all
from bench.pipeline.mail_events import MailEvents
from bench.pipeline.pace import SharedPace
from bench.pipeline.parameters import Parameters
from bench.pipeline.stages import count_units
from bench.pipeline.stores import Stores
from chalicelib.aws import statements
from chalicelib.domain.recipient import SHARDS

_STATEMENTS = statements.STATEMENTS_PER_CALL
_KEYS_A_READ = 100
_SENDS = 63.0  # of its 90 seconds a Lambda keeps back 27
_SETTLES = 15 * 60.0
_BOTO_TRIES = 6


@dataclass(slots=True)
class Tally:
    """What the function has done, all batches together. `times` says of each batch how often its mails were sent."""

    times: bytearray
    sent: int = 0
    sent_twice: int = 0
    counted: int = 0
    claims_throttled: int = 0
    records_throttled: int = 0
    counts_throttled: int = 0


@dataclass(frozen=True, slots=True)
class SendFunction:
    """One batch's way through the function, from `begin`; at its end it calls `done`, or `back` with the error."""

    parameters: Parameters
    vcpus: float
    agenda: Agenda
    stores: Stores
    pace: SharedPace
    events: MailEvents
    bill: Bill
    chance: Random
    tally: Tally
    done: Callable[[float, Batch], None]
    back: Callable[[float, Batch, str], None]

    def begin(self, now: float, batch: Batch) -> None:
        """Look at the campaign and the contacts; then claim, or go on where an earlier try ended."""
        batch.began, batch.waits = now, 0
        reads = math.ceil((batch.mails + 1) / _KEYS_A_READ)
        self.bill.add("reads", 2 + batch.mails + 1)
        took = self._takes(self.parameters.dynamodb) + self._takes(self.parameters.dynamodb_batch, reads)
        took += self._takes(self.parameters.dynamodb)
        if batch.is_sent:
            self.agenda.at(now + took, self._report, batch)
        elif batch.unrecorded:
            self.agenda.at(now + took, self._settle, batch)
        else:
            batch.unclaimed, batch.claimed_at = batch.mails, now
            self.agenda.at(now + took, self._claim, batch)

    def _claim(self, now: float, batch: Batch) -> None:
        granted = self._write(now, batch.unclaimed)
        batch.unclaimed -= granted
        if not batch.unclaimed:
            took = self._takes(self.parameters.dynamodb_batch, math.ceil(batch.mails / _STATEMENTS))
            cpu = batch.mails * self.parameters.send_cpu_a_mail / self.vcpus
            self.agenda.at(now + took + cpu, self._reserve, batch)
        elif wait := self._wait(batch, granted, self.parameters.claim_waits):
            self.tally.claims_throttled += min(_STATEMENTS, batch.unclaimed)
            self.agenda.at(now + wait, self._claim, batch)
        else:
            self._release(now, batch, self.parameters.busy)

    def _release(self, now: float, batch: Batch, error: str) -> None:
        """Give the claims back, each in a call."""
        self._write(now, batch.mails)
        took = self._takes(self.parameters.dynamodb, batch.mails)
        self.agenda.at(now + took, lambda then, it: self.back(then, it, error), batch)

    def _reserve(self, now: float, batch: Batch) -> None:
        took = self._takes(self.parameters.dynamodb) + self._takes(self.parameters.dynamodb)
        self.bill.add("reads", 1)
        self.bill.add("writes", 1)
        if self.stores.pacing_item.take(now, 1) < 1:
            self.agenda.at(now + took, self._reserve, batch)
            return
        mails = batch.unrecorded or batch.mails
        end = self.pace.reserve(now + took, mails, batch.began + _SENDS)
        if end < 0:
            self._release(now, batch, "SendingThrottled")
            return
        self.bill.calls += self.pace.calls(mails)
        batch.unrecorded = mails
        self.agenda.at(end + self.chance.uniform(*self.parameters.ses), self._sent, batch)

    def _sent(self, now: float, batch: Batch) -> None:
        """SES has taken the mails."""
        if self.tally.times[batch.number]:
            self.tally.sent_twice += batch.unrecorded
        else:
            self.tally.sent += batch.mails
        self.tally.times[batch.number] += 1
        self.events.sent(batch.unrecorded)
        batch.waits = 0
        self._record(now, batch)

    def _record(self, now: float, batch: Batch) -> None:
        granted = self._write(now, batch.unrecorded)
        batch.unrecorded -= granted
        if not batch.unrecorded:
            self.bill.calls += math.ceil(batch.mails / _STATEMENTS) - 2
            self.bill.add("S3 puts", 1)
            batch.is_sent, batch.waits = True, 0
            took = self._takes(self.parameters.dynamodb_batch, 2) + self._takes(self.parameters.s3)
            self.agenda.at(now + took, self._report, batch)
        elif wait := self._wait(batch, granted, self.parameters.record_waits):
            self.tally.records_throttled += min(_STATEMENTS, batch.unrecorded)
            self.agenda.at(now + wait, self._record, batch)
        else:
            self.back(now, batch, "States.ALL")

    def _settle(self, now: float, batch: Batch) -> None:
        """It was sent, and the ledger does not know: an event says so, or for a while nobody does."""
        self._write(now, batch.mails)  # the claims are refused, which costs as much
        self.bill.add("reads", batch.mails)
        since = now - batch.claimed_at
        if self.events.waits(now) < since:
            batch.unrecorded, batch.is_sent = 0, True
            self._report(now, batch)
        elif since > _SETTLES:
            self._reserve(now, batch)
        else:
            self.back(now, batch, "OutcomeUnsettled")

    def _report(self, now: float, batch: Batch) -> None:
        units = count_units(self.parameters, self.tally.counted, SHARDS)
        if self.stores.count(now, units):
            self.tally.counted += 1
            self.bill.add("writes", units)
            took = self._takes(self.parameters.dynamodb) + self._takes(self.parameters.states)
            self.agenda.at(now + took, self._succeed, batch)
        elif batch.waits < _BOTO_TRIES:
            self.tally.counts_throttled += 1
            batch.waits += 1
            self.agenda.at(now + self.chance.uniform(0, min(20, 2**batch.waits)), self._report, batch)
        else:
            self.back(now, batch, "States.ALL")

    def _succeed(self, now: float, batch: Batch) -> None:
        if self.stores.answers.take(now, 1) < 1:
            self.agenda.at(now + 0.5, self._succeed, batch)
        else:
            self.done(now, batch)

    def _write(self, now: float, units: int) -> int:
        granted = int(take_of_all(self.stores.ledger, now, units))
        self.bill.add("writes", granted)
        return granted

    def _takes(self, between: tuple[float, float], calls: int = 1) -> float:
        """How long so many calls take, some of them side by side."""
        self.bill.calls += calls
        return math.ceil(calls / self.parameters.side_by_side) * self.chance.uniform(*between)

    @staticmethod
    def _wait(batch: Batch, granted: int, waits: Sequence[float]) -> float:
        """How long a call waits for its next try, 0 where it has none; one that came through gives its to the next."""
        batch.waits = 1 if granted >= _STATEMENTS else batch.waits + 1
        return waits[batch.waits - 1] if batch.waits <= len(waits) else 0.0
