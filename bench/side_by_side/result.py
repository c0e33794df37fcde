"""What was measured of each contender, over all rounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.side_by_side.contender import ARTICLE_A, BARE, HATO

MOST_TIMES_BARE = 3.0
MOST_OF_ARTICLE_A = 0.1
MOST_CALLS = 0.15  # a mail
MOST_GROWTH = 1.1  # of memory, from the small list to the large one


@dataclass(frozen=True, slots=True)
class Figures:
    """One contender: microseconds of the processor a mail, mails a second of the clock, MB; one value a round."""

    name: str
    cpu_us_per_mail: Sequence[float]
    mails_per_s_0ms: Sequence[float]
    mails_per_s_30ms: Sequence[float]
    calls_per_mail: float
    peak_rss_mb: float
    calls: Mapping[str, float]

    def to_document(self) -> dict[str, Any]:
        """Medians, as build/bench.json has them, and the spread of the processor's time."""
        return {
            "name": self.name,
            "cpu_us_per_mail": round(median(self.cpu_us_per_mail), 1),
            "calls_per_mail": round(self.calls_per_mail, 4),
            "mails_per_s_0ms": round(median(self.mails_per_s_0ms), 1),
            "mails_per_s_30ms": round(median(self.mails_per_s_30ms), 1),
            "peak_rss_mb": round(self.peak_rss_mb, 1),
            "cpu_us_per_mail_range": [round(min(self.cpu_us_per_mail), 1), round(max(self.cpu_us_per_mail), 1)],
        }


@dataclass(frozen=True, slots=True)
class Memory:
    """Hato's peak memory in MB after a short list and after a long one."""

    few: int
    many: int
    few_mb: float
    many_mb: float

    @property
    def growth(self) -> float:
        """How many times as much the long one took."""
        return self.many_mb / self.few_mb


@dataclass(frozen=True, slots=True)
class Target:
    """What was promised, and what was measured."""

    what: str
    most: float
    measured: float
    why: str = ""  # it may be missed

    @property
    def is_met(self) -> bool:
        """Whether it is no more than promised."""
        return self.measured <= self.most


@dataclass(frozen=True, slots=True)
class SideBySide:
    """All of them, in one run."""

    figures: Sequence[Figures]
    memory: Memory

    def of(self, name: str) -> Figures:
        """One contender's."""
        return next(each for each in self.figures if each.name == name)

    def times(self, name: str, other: str) -> float:
        """How many times the processor's time of the other: the median of the rounds' own ratios."""
        pairs = zip(self.of(name).cpu_us_per_mail, self.of(other).cpu_us_per_mail, strict=True)
        return median(ours / theirs for ours, theirs in pairs)

    def targets(self) -> Sequence[Target]:
        """What Hato's send step is held to."""
        return (
            Target(
                "CPU, times that of the bare bulk loop with a body per mail", MOST_TIMES_BARE, self.times(HATO, BARE)
            ),
            Target("CPU, times that of article A's step", MOST_OF_ARTICLE_A, self.times(HATO, ARTICLE_A)),
            Target("AWS calls a mail", MOST_CALLS, self.of(HATO).calls_per_mail),
            Target(
                f"peak memory of {self.memory.many:,} recipients, times that of {self.memory.few:,}",
                MOST_GROWTH,
                self.memory.growth,
                "it is what twenty threads keep of their largest requests, and grows in the first batches",
            ),
        )
