"""A campaign from the upload to its report, batch by batch, in simulated time.

What happens to a batch is a chain of moments. How a batch is cut, how many are in flight, when its calls may leave and
how often it is tried again come from Hato's own code; what AWS does, from the parameters. SES's events are a stream
beside it.
"""

import math
from random import Random

from bench.pipeline.agenda import Agenda
from bench.pipeline.batches import Batch, Children, Pollers
from bench.pipeline.bill import Bill
from bench.pipeline.deployment import Deployment, concurrency_of, limits_of
from bench.pipeline.mail_events import MailEvents
from bench.pipeline.pace import SharedPace
from bench.pipeline.parameters import Parameters
from bench.pipeline.send_function import SendFunction, Tally
from bench.pipeline.stages import event_units, finish_seconds, prepare_seconds, report_units
from bench.pipeline.stores import Stores
from chalicelib.domain.pacing import batch_size, concurrency
from chalicelib.domain.recipient import SHARDS

_STATES_AROUND = 12  # of the campaign's own execution
_DAY = 86_400.0


class Simulation:
    """One campaign on an account of this rate: `run` it, then look at what came of it."""

    def __init__(
        self, recipients: int, account_rate: float, parameters: Parameters, deployment: Deployment, seed: int = 1
    ) -> None:
        self.recipients, self.parameters, self.deployment = recipients, parameters, deployment
        self.limits = limits_of(account_rate, parameters.sending_share)
        self.size = batch_size(self.limits)
        self.batches = math.ceil(recipients / self.size)
        self.tally = Tally(bytearray(self.batches))
        self.sent_back = self.batches_failed = 0
        self.began_at = self.sent_at = self.ended_at = 0.0
        self.broke_off = False
        self.bill = Bill(parameters, deployment)
        self.pace = SharedPace(self.limits)
        self._chance = Random(seed)  # noqa: S311 - a simulation, no secret
        self.children = Children(parameters, concurrency(self.limits, self.size), self.batches)
        self.pollers = Pollers(parameters, concurrency_of(account_rate), self._chance)
        stores = Stores(parameters)
        self.events = MailEvents(parameters, self.bill, stores)
        self._agenda = Agenda()
        self._next_second = 0
        self._function = SendFunction(
            parameters,
            deployment.functions["send_batch"].vcpus(parameters.mb_of_a_vcpu),
            self._agenda,
            stores,
            self.pace,
            self.events,
            self.bill,
            self._chance,
            self.tally,
            self._done,
            self._return,
        )

    def run(self) -> "Simulation":
        """Prepare, send, and finish; then let the last events come."""
        self.began_at = self.sent_at = prepare_seconds(self.parameters, self.deployment, self.recipients)
        self._next_second = math.ceil(self.began_at)
        self._start_children(self.began_at)
        for now, step, batch in self._agenda:
            while self._next_second <= now:
                self._second()
            step(now, batch)
        finished = finish_seconds(self.parameters, self.deployment, self.recipients, self.size)
        self.ended_at = self.sent_at + finished
        self._count_once(finished)
        while not self.events.is_over:
            self._second()
        self.events.finish()
        return self

    def _count_once(self, finished: float) -> None:
        self.bill.ran("prepare_batches", self.began_at)
        self.bill.ran("finish_campaign", finished)
        self.bill.add("S3 gets", self.batches)
        self.bill.add("transitions", _STATES_AROUND)

    def _second(self) -> None:
        """Let the events of a second come."""
        now = float(self._next_second)
        free = self.parameters.account_concurrency - self.pollers.busy
        days = (now - self.began_at) / _DAY
        units = report_units(self.parameters, self.tally.counted, SHARDS, days)
        self.events.tick(now, free, units, event_units(self.parameters, days))
        self._next_second += 1

    def _start_children(self, now: float) -> None:
        while self.children.may_start() and not self.broke_off:
            number = self.batches - self.children.left
            mails = min(self.size, self.recipients - number * self.size)
            start = self.children.start(now) + self._chance.uniform(*self.parameters.child_start)
            self.bill.add("transitions", self.parameters.transitions_a_child)
            self._agenda.at(start, self._arrive, Batch(number, mails))

    def _arrive(self, now: float, batch: Batch) -> None:
        """A batch comes to the queue: sent, received and deleted by the chunk of its size, or once."""
        chunks = math.ceil(batch.mails * self.parameters.batch_bytes_a_row / self.parameters.chunk_bytes)
        self.bill.add("sqs", 2 * chunks + 1)
        self.pollers.put(now, batch)
        self._poll(now, batch)

    def _poll(self, now: float, batch: Batch) -> None:
        while taken := self.pollers.take(now):
            self._agenda.at(taken[1], self._function.begin, taken[0])
        if self.pollers.queue and self.pollers.is_growing(now):
            self._agenda.at(now + self.pollers.until_more(), self._poll, batch)

    def _done(self, now: float, batch: Batch) -> None:
        self._leave(now, batch)
        self._agenda.at(now + self._chance.uniform(*self.parameters.child_end), self._end_child, batch)

    def _return(self, now: float, batch: Batch, error: str) -> None:
        """The function says that the batch is not done; the state machine tries it again, or gives it up."""
        self._leave(now, batch)
        self.sent_back += 1
        retry = self.deployment.retries[error]
        if batch.tries < retry.attempts:
            wait = retry.wait(batch.tries) + self._chance.uniform(*self.parameters.child_start)
            batch.tries += 1
            self.bill.add("transitions", 1)
            self._agenda.at(now + wait, self._arrive, batch)
        else:
            self.batches_failed += 1
            self.broke_off |= self.batches_failed > self.deployment.tolerated_failures * self.batches
            self._end_child(now, batch)

    def _leave(self, now: float, batch: Batch) -> None:
        """The function has ended, whatever came of it."""
        self.bill.ran("send_batch", now - batch.began)
        self.pollers.busy -= 1
        self._poll(now, batch)

    def _end_child(self, now: float, _: Batch) -> None:
        self.children.running -= 1
        self.sent_at = max(self.sent_at, now)
        self._start_children(now)
