"""What a simulated run comes to: how much of the rate was used, and whether any second held too much."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from bench.pacing_simulation import START, NotingPacer, Scenario, Simulation

LEAST_USED = 0.97
WARM_UP = 20.0


@dataclass(frozen=True, slots=True)
class Result:
    """One run of a scenario.

    `rate` is the account's, `given` Hato's part of it. `mails` were taken in the `seconds` after the warm-up, or after
    somebody else began; `share_used` is what they are of all that Hato might have sent then. `largest_second` is the
    most recipients whose calls came to SES in any second of the run.
    """

    scenario: str
    rate: float
    given: float
    workers: int
    share_used: float
    largest_second: int
    throttles: int
    calls: int
    sent_back: int
    mean_wait: float
    seconds: float
    mails: int
    seed: int

    @property
    def holds(self) -> bool:
        """Whether the rate was used, no second held more than it, and SES never throttled."""
        return self.share_used >= LEAST_USED and self.largest_second <= self.rate and not self.throttles


def measure(
    scenario: Scenario,
    rate: float,
    seconds: float,
    seed: int,
    warm_up: float = WARM_UP,
    pacer: type[NotingPacer] = NotingPacer,
) -> Result:
    """Run a scenario for so many seconds, counted from the warm-up's end."""
    begin = max(warm_up, scenario.taken[0] if scenario.taken else 0.0)
    run = Simulation(scenario, rate, seed, pacer).run(begin + seconds)
    mails = mails_between(run, begin, begin + seconds)
    others = sum(begin <= moment - START < begin + seconds for moment in run.other.taken)
    return Result(
        scenario=scenario.name,
        rate=rate,
        given=run.limits.rate,
        workers=run.workers,
        share_used=round(mails / (run.limits.rate * seconds - others), 4),
        largest_second=largest_second((moment, count) for moment, count, _ in run.ses.arrivals),
        throttles=sum(not taken for _, _, taken in run.ses.arrivals),
        calls=len(run.ses.arrivals),
        sent_back=run.sent_back,
        mean_wait=round(sum(run.waits) / len(run.waits), 3),
        seconds=seconds,
        mails=mails,
        seed=seed,
    )


def mails_between(run: Simulation, begin: float, end: float) -> int:
    """How many mails SES took from second `begin` of the run to second `end`."""
    return sum(count for moment, count, taken in run.ses.arrivals if taken and begin <= moment - START < end)


def largest_second(arrivals: Iterable[tuple[float, int]]) -> int:
    """The most recipients within any second, which begins with its first moment and ends before its last."""
    in_order = sorted(arrivals)
    moments = [moment for moment, _ in in_order]
    so_far = [0, *accumulate(count for _, count in in_order)]
    ends = (bisect_left(moments, moment + 1) for moment in moments)
    return max(so_far[end] - before for end, before in zip(ends, so_far, strict=False))
