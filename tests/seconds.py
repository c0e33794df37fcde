"""How many mails a stretch of time holds at most."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate


def most_in(window: float, calls: Sequence[tuple[float, int]]) -> int:
    """The most mails within any half-open stretch of so many seconds; of each call, in order, its time and size."""
    times = [time for time, _ in calls]
    before = [0, *accumulate(size for _, size in calls)]
    return max(before[bisect_left(times, time + window)] - before[number] for number, time in enumerate(times))
