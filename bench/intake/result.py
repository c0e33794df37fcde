"""What was measured, and how large a list the two functions could take."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.reading import MOST_BYTES

LAMBDA_MB = {"prepare": 3008, "finish": 1769}  # each at least one processor of AWS Lambda
LAMBDA_SECONDS = 900
ROWS = 10_000_000  # are to fit
_FLAT_MB = 4 / 2**20  # a row: 4 bytes, in which nothing of a row could be kept


@dataclass(frozen=True, slots=True)
class Measured:
    """One thing done with so many rows: seconds of the processor of each round, and megabytes at most.

    `idle_mb` is the process before it began: Python, boto3 and all that is imported.
    """

    name: str
    rows: int
    seconds: Sequence[float]
    idle_mb: float
    peak_mb: float

    @property
    def rows_a_second(self) -> float:
        """By the median round."""
        return self.rows / median(self.seconds)

    @property
    def spread(self) -> float:
        """How far the slowest and the fastest round lie apart, as a share of the median."""
        return (max(self.seconds) - min(self.seconds)) / median(self.seconds)

    @property
    def grown_mb(self) -> float:
        """What the work itself took."""
        return self.peak_mb - self.idle_mb


@dataclass(frozen=True, slots=True)
class Largest:
    """The largest list that a step takes in one Lambda, by its time and by its memory; 0 where nothing grows.

    Time is the processor's alone. What S3 takes to answer comes on top: see docs/performance.md.
    """

    name: str
    rows_by_time: int
    rows_by_memory: int

    @property
    def rows(self) -> int:
        """The smaller of the two."""
        return min(self.rows_by_time, self.rows_by_memory or self.rows_by_time)


@dataclass(frozen=True, slots=True)
class Result:
    """All of it."""

    measured: Sequence[Measured]
    largest: Sequence[Largest]

    @property
    def holds(self) -> bool:
        """Whether a list of ten million rows fits into both functions."""
        return all(each.rows >= ROWS for each in self.largest)


def largest(name: str, measured: Sequence[Measured]) -> Largest:
    """Reckon from the two largest sizes: rows beyond them cost what they cost there.

    Tables of addresses grow by doubling, so a row counts for as much memory as it takes at the worst moment.
    """
    *_, small, big = sorted((each for each in measured if each.name == name), key=lambda each: each.rows)
    by_time = LAMBDA_SECONDS * min(small.rows_a_second, big.rows_a_second)
    grown = (big.grown_mb - small.grown_mb) / (big.rows - small.rows)
    if grown <= _FLAT_MB:
        return Largest(name, int(by_time), 0)
    mb_a_row = max(grown, MOST_BYTES / 2**20)
    fixed = big.idle_mb + max(0.0, small.grown_mb - small.rows * mb_a_row)
    return Largest(name, int(by_time), int((LAMBDA_MB[name] - fixed) / mb_a_row))
