"""Hato's pacing in virtual time: the real courier, pacer and rules, between simulated surroundings.

Many workers send full batches without end, as a campaign's batches are sent: what comes before, the reservation, the
calls at their slots, the records after, and the way through state machine and queue to the next batch.
"""

from dataclasses import dataclass
from random import Random

from bench.one_item import OneItem
from bench.surroundings import Draw, Post, Ses, SomebodyElse, Tables, WorkersClock
from bench.virtual_time import SideBySide, VirtualTime
from chalicelib.aws.pacer import Pacer
from chalicelib.domain.batch import Batch
from chalicelib.domain.delivery import Claim
from chalicelib.domain.mail import Mail, Rendered
from chalicelib.domain.pacing import Limits, Reservation, batch_size, concurrency
from chalicelib.domain.parcel import Parcel
from chalicelib.domain.recipient import Recipient
from chalicelib.errors import SendingThrottled
from chalicelib.steps.courier import MOST_UNDER_WAY, Courier
from chalicelib.steps.triage import Progress

START = 1_800_000_000.0  # an epoch second like any other
_LAMBDA_SENDS = 63.0  # of its 90 seconds it keeps back 27
_MAIL = Mail("mail", "", "")
_CLAIM = Claim(Batch("campaign", "mail", 0, ()), "claimant", "")

# How the state machine tries a throttled batch again: SendingThrottled in campaign.asl.json.
_FIRST_RETRY, _BACKOFF, _LONGEST_RETRY = 5.0, 1.5, 60.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """The surroundings of a run: how far clocks are off and how long the way to SES takes, in seconds.

    `share` is how much of the account's rate Hato is given, `suppressed` how many recipients of a batch get no mail;
    between the seconds `taken` somebody else sends half the account's rate.
    """

    name: str
    skew: Draw
    one_way: Draw
    share: float = 1.0
    suppressed: float = 0.0
    taken: tuple[float, float] | None = None


class NotingPacer(Pacer):
    """The real pacer; it also notes how long each batch has to wait for its first slot."""

    waits: list[float]

    def reserve(self, calls: int, size: int, mails: int, deadline: float) -> Reservation:
        """Reserve as ever."""
        asked = self._now()
        stretch = super().reserve(calls, size, mails, deadline)
        self.waits.append(max(0.0, stretch.start - asked))
        return stretch


class Simulation:
    """One run of a scenario at an account's rate: `run` it, then look at what came of it."""

    def __init__(self, scenario: Scenario, rate: float, seed: int, pacer: type[NotingPacer] = NotingPacer) -> None:
        self.scenario = scenario
        self.time = VirtualTime(START)
        self.chance = Random(seed)  # noqa: S311 - a simulation, no secret
        self.ses = Ses(self.time, rate)
        self.other = SomebodyElse(self.time, self.chance, self.ses, rate / 2)
        self.tables = Tables(self.time, self.chance)
        self.limits = Limits(rate)
        self.waits: list[float] = []
        self.sent_back = 0
        self.end = START
        self._pace = OneItem(self.tables.wait)
        self._new_pacer = pacer

    @property
    def workers(self) -> int:
        """How many batches are in flight."""
        return concurrency(self.limits, batch_size(self.limits))

    def run(self, seconds: float) -> "Simulation":
        """Send for so many seconds."""
        self.end = START + seconds
        self.time.start(self._campaign)
        if self.scenario.taken:
            begin, end = (min(START + moment, self.end) for moment in self.scenario.taken)
            self.time.start(lambda: self.other.send(begin, end))
        self.time.run()
        return self

    def pacer(self, clock: WorkersClock) -> NotingPacer:
        """The shared pace, as it is for a worker with this clock."""
        pacer = self._new_pacer(self._pace, "table", lambda: self.ses, self.scenario.share, clock.seconds)
        pacer.waits = self.waits
        return pacer

    def _campaign(self) -> None:
        pacer = self.pacer(WorkersClock(self.time, 0.0))
        self.limits = pacer.refresh()
        people = [Recipient(row, f"{row}@example.com", {}) for row in range(batch_size(self.limits))]
        batch = [Parcel(person, Rendered("", "", "")) for person in people]
        for _ in range(self.workers):
            self.time.start(_Worker(self, batch).work)
        while self.time.now < self.end:
            self.time.sleep(60)
            pacer.refresh_while_sending()


class _Worker:
    """One of the batches in flight, and after it the next."""

    def __init__(self, run: Simulation, batch: list[Parcel]) -> None:
        self._run = run
        self._batch = batch
        self._clock = WorkersClock(run.time, run.scenario.skew(run.chance))
        self._courier = Courier(
            campaigns=run.tables,
            ledger=run.tables,
            pacer=run.pacer(self._clock),
            mailer=Post(run.time, run.chance, run.ses, run.scenario.one_way),
            clock=self._clock,
            side_by_side=lambda: SideBySide(run.time, MOST_UNDER_WAY),
        )

    def work(self) -> None:
        """Send batch after batch, each until it is sent, however often SES throttles."""
        time, chance, suppressed = self._run.time, self._run.chance, self._run.scenario.suppressed
        while time.now < self._run.end:
            waiting = [parcel for parcel in self._batch if chance.random() >= suppressed]
            retry = _FIRST_RETRY
            while waiting := self._send(waiting):
                self._run.sent_back += 1
                time.sleep(chance.uniform(0, retry))
                retry = min(retry * _BACKOFF, _LONGEST_RETRY)

    def _send(self, parcels: list[Parcel]) -> list[Parcel]:
        """One Lambda's try of a batch; who is left of it."""
        progress = Progress()
        self._pause(0.3, 1.5)  # state machine and queue
        deadline = self._clock.seconds() + _LAMBDA_SENDS
        self._pause(0.2, 0.6)  # contacts and claims
        if parcels:
            try:
                self._courier.deliver(_CLAIM, _MAIL, parcels, deadline, progress)
            except SendingThrottled:
                sent = {outcome.email for outcome in progress.outcomes}
                return [parcel for parcel in parcels if parcel.recipient.email not in sent]
        self._pause(0.2, 0.5)  # outcomes and counters
        return []

    def _pause(self, least: float, most: float) -> None:
        self._run.time.sleep(self._run.chance.uniform(least, most))
