"""What simulated campaigns come to, and whether cost and use of the rate stay the same at any size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.pipeline.limits import Limit
from bench.pipeline.simulation import Simulation

FLAT = 0.05
_MANY_START_UPS = 20


@dataclass(frozen=True, slots=True)
class Run:
    """One campaign. `use` is the share of Hato's rate while it was sending, `whole_use` that from upload to report.

    `throttles` are refusals: of SES, of the ledger at claims and at records, of the campaign's counters to batches and
    to events, and of reads for the breaker. Dollars are what comes to SES's own fee.
    """

    design: str
    rate: float
    recipients: int
    batches: int
    seconds: float
    sending_seconds: float
    start_up_seconds: float
    use: float
    whole_use: float
    lambdas_sending: int
    lambdas_in_all: int
    throttles: dict[str, int]
    event_wait: float
    events_given_up: int
    sent_twice: int
    batches_failed: int
    broke_off: bool
    calls_a_mail: float
    event_calls_a_mail: float
    dollars_a_million: float
    lines: dict[str, float]

    @property
    def is_past_start_up(self) -> bool:
        """Whether it sent so long that its start-up is less than a twentieth."""
        return self.sending_seconds >= _MANY_START_UPS * self.start_up_seconds


@dataclass(frozen=True, slots=True)
class Flatness:
    """Of the campaigns of one design and rate that are past their start-up: the largest differences, as shares."""

    design: str
    rate: float
    recipients: Sequence[int]
    cost: float
    use: float

    @property
    def holds(self) -> bool:
        """Whether both are flat."""
        return max(self.cost, self.use) <= FLAT


@dataclass(frozen=True, slots=True)
class Result:
    """All runs, how flat they are, and by design and rate the limits, the first to be reached at the head."""

    runs: Sequence[Run]
    flatness: Sequence[Flatness]
    limits: Mapping[str, Mapping[str, Sequence[Limit]]]

    @property
    def holds(self) -> bool:
        """Whether Hato as it is is flat at every rate."""
        return all(each.holds for each in self.flatness if each.design == self.runs[0].design)


def run_of(design: str, rate: float, done: Simulation) -> Run:
    """What came of a simulation."""
    events, bill, tally = done.events, done.bill, done.tally
    seconds, sending = done.ended_at, done.sent_at - done.began_at
    return Run(
        design=design,
        rate=rate,
        recipients=done.recipients,
        batches=done.batches,
        seconds=round(seconds, 1),
        sending_seconds=round(sending, 1),
        start_up_seconds=round(done.pollers.start_up, 1),
        use=round(tally.sent / (done.limits.rate * sending), 4),
        whole_use=round(tally.sent / (done.limits.rate * seconds), 4),
        lambdas_sending=done.pollers.most_busy,
        lambdas_in_all=min(done.parameters.account_concurrency, done.pollers.most_busy + round(events.most_at_once)),
        throttles={
            "ses": done.pace.throttles,
            "claims": tally.claims_throttled,
            "records": tally.records_throttled,
            "counts": tally.counts_throttled,
            "events": round(events.throttled),
            "reads": round(events.reads_throttled),
        },
        event_wait=round(events.longest_wait),
        events_given_up=round(events.given_up),
        sent_twice=tally.sent_twice,
        batches_failed=done.batches_failed,
        broke_off=done.broke_off,
        calls_a_mail=round(bill.calls / done.recipients, 4),
        event_calls_a_mail=round(bill.event_calls / done.recipients, 4),
        dollars_a_million=round(bill.dollars() / done.recipients * 1e6, 3),
        lines={name: round(each / done.recipients * 1e6, 4) for name, each in bill.by_line().items()},
    )


def flatness(runs: Sequence[Run]) -> list[Flatness]:
    """How flat the runs of each design and rate are, where there are two or more to compare."""
    found = []
    for design, rate in dict.fromkeys((run.design, run.rate) for run in runs):
        some = [run for run in runs if (run.design, run.rate) == (design, rate) and run.is_past_start_up]
        if len(some) > 1:
            costs, uses = [run.dollars_a_million for run in some], [run.use for run in some]
            sizes = [run.recipients for run in some]
            found.append(Flatness(design, rate, sizes, _spread(costs), _spread(uses)))
    return found


def _spread(values: Sequence[float]) -> float:
    return round(max(values) / min(values) - 1, 4)
