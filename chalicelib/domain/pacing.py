"""Pace: when may the next mail leave, so that all workers together keep to the account's rate.

One number is shared: the theoretical arrival time of the next mail (GCRA). Whoever has n mails to send moves it on
by n intervals, in one write, and so owns the stretch of time between the old value and the new:

    ──────┬───────────────┬──────────┬─────────► time
          │  batch A: 70  │ B: 40    │  next
          old             A's new    B's new
"""

import math
from dataclasses import dataclass

MOST_PER_CALL = 50  # SendBulkEmail takes no more
SECONDS_PER_BATCH = 5.0
MOST_PER_BATCH = 100


@dataclass(frozen=True, slots=True)
class Reservation:
    """A stretch of sending time: `count` slots from `start` (epoch seconds), `interval` seconds apart."""

    start: float
    interval: float
    count: int

    def slot(self, index: int) -> float:
        """When mail `index` of the batch may leave, in epoch seconds."""
        return self.start + index * self.interval

    @property
    def end(self) -> float:
        """When the stretch is over."""
        return self.slot(self.count)


def steady_rate(rate: float) -> float:
    """The highest rate, at most this one, that whole calls divide evenly: 12.6 becomes 12, 101 becomes 98.

    At any other rate one more call would now and then fall into a second, and SES would throttle it.
    """
    while True:
        size = call_size(rate)
        steady = float(size * max(1, math.floor(rate / size)))
        if steady >= rate:
            return rate
        rate = steady


def call_size(rate: float) -> int:
    """How many recipients one call takes at this rate, so that at a steady rate no second holds more.

    At 60 a second it is 30: two calls of 50 may fall into one second, two of 30 are just its due.
    """
    return max(1, math.floor(rate / math.ceil(rate / MOST_PER_CALL)))


def batch_size(rate: float) -> int:
    """How many recipients a batch holds: whole calls for some seconds, so that no Lambda waits for minutes."""
    size = call_size(rate)
    return max(size, math.floor(min(MOST_PER_BATCH, rate * SECONDS_PER_BATCH) / size) * size)


def concurrency(rate: float) -> int:
    """How many batches are in flight at once: enough to use the rate, few enough that none waits long for its slots."""
    return 2 + math.ceil(rate / MOST_PER_BATCH)
