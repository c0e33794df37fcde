"""Pace: when may the next call leave, so that all workers together keep to the account's rate.

One number is shared: when the next call may leave (GCRA). Whoever has some calls to make moves it on by as many
intervals, in one write, and so owns the stretch of time between the old value and the new:

    ──────┬───────────────┬──────────┬─────────► time
          │  batch A: 7   │ B: 4     │  next
          old             A's new    B's new

Calls come at even intervals and none is larger than `call_size`, so whichever second one looks at, it holds whole
calls that come to no more than SES allows. A call takes a whole call's time even where it is half empty: if it took
less, one call more could fall into a second.
"""

import math
from dataclasses import dataclass, replace

MOST_PER_CALL = 50  # SendBulkEmail takes no more
MOST_PER_BATCH = 500
SECONDS_PER_BATCH = 5.0
_FEWEST_CALLS = 2  # a second
BATCHES_PER_DAY = 10  # at least, so that a small daily quota is used up to its end

# Calls do not arrive as evenly as they leave: clocks differ and the network is now faster, now slower. A fiftieth of
# the rate is left unused, so that up to 20 ms of it put no call too many into a second.
_JITTER = 0.02

# SES said 429: somebody else sends too. A cut leaves 70%, once for all the calls that were under way; from there it
# goes up by 2% of the full rate each second, so that a single throttle costs 15 seconds of less than full speed.
_CUT = 0.7
_SLOWEST = 0.1
_RECOVERY = 0.02
_CUTS_APART = 2.0

# What passes between the first moment of a batch and its last, besides its own sending: the state machine, the queue,
# the start of a Lambda, claims and records. With fewer batches in flight than this takes, the rate would not be used.
_SECONDS_AROUND = 4.0
_FEWEST = 2
MOST_AT_ONCE = 1000  # SQS starts no more of a function


@dataclass(frozen=True, slots=True)
class Limits:
    """What Hato may send: mails a second, and in any 24 hours (infinite where there is no limit).

    `ceiling` is what SES lets through in any one second, for Hato and all others; where it is 0, it is the rate.
    """

    rate: float
    per_day: float = math.inf
    ceiling: float = 0.0


@dataclass(frozen=True, slots=True)
class Pace:
    """The rate that SES allows, and how far it was cut when SES last throttled. Times are epoch seconds."""

    rate: float
    cut: float = 1.0
    cut_at: float = 0.0
    ceiling: float = 0.0

    def at(self, now: float) -> float:
        """Mails a second at this moment: the whole rate, unless SES throttled not long ago."""
        return self.rate * self._share(now)

    def call_size(self, now: float) -> int:
        """How many recipients a call takes at most at this moment."""
        return call_size(max(self.rate, self.ceiling) * self._share(now))

    def interval(self, now: float, size: int) -> float:
        """How many seconds lie between two calls of this size at this moment."""
        return call_interval(self.at(now), size, self.ceiling * self._share(now))

    def throttled(self, now: float) -> "Pace":
        """The pace after SES throttled a call; the same where that was said a moment ago already."""
        if now - self.cut_at < _CUTS_APART:
            return self
        return replace(self, cut=round(max(_SLOWEST, self._share(now) * _CUT), 6), cut_at=round(now, 6))

    def _share(self, now: float) -> float:
        return min(1.0, self.cut + _RECOVERY * max(0.0, now - self.cut_at))


@dataclass(frozen=True, slots=True)
class Reservation:
    """A stretch of sending time: `calls` calls from `start` (epoch seconds), `interval` seconds apart."""

    start: float
    interval: float
    calls: int

    def slot(self, index: int) -> float:
        """When call `index` may leave, in epoch seconds."""
        return self.start + index * self.interval

    @property
    def end(self) -> float:
        """When the stretch is over."""
        return self.slot(self.calls)


def call_size(rate: float) -> int:
    """How many recipients one call takes at most: at 60 a second it is 30, for two calls of 50 may fall into one.

    At 51 it is 17: three such calls use the second to its end, two of 25 would not. At 14 it is 7: SES lets a second's
    worth through at once and no more, so that a single call of 14, a little late, would have the next one throttled.
    """
    fewest = max(min(_FEWEST_CALLS, math.floor(rate)), math.ceil(rate / MOST_PER_CALL))
    calls = max(range(fewest, fewest + 3), key=lambda calls: calls * math.floor(rate / calls))
    return max(1, math.floor(rate / calls))


def call_interval(rate: float, size: int, ceiling: float = 0.0) -> float:
    """How many seconds lie between two calls of this size.

    No second holds more whole calls than the ceiling (the rate, where there is none), and all together keep the rate.
    """
    calls = math.floor(max(ceiling, rate) / size)
    return max((1 + _JITTER) / calls, size / rate) if calls else (1 + _JITTER) * size / rate


def batch_size(limits: Limits) -> int:
    """How many recipients a batch holds: whole calls for some seconds, so that no Lambda waits for minutes."""
    size = call_size(max(limits.rate, limits.ceiling))
    most = min(MOST_PER_BATCH, limits.rate * SECONDS_PER_BATCH, limits.per_day / BATCHES_PER_DAY)
    return max(1, math.floor(most / size) * size or min(size, math.floor(most)))


def concurrency(limits: Limits, size: int) -> int:
    """How many batches of this size are in flight at once: enough to use the rate, few enough that none waits long."""
    batches_a_second = limits.rate / size
    return min(MOST_AT_ONCE, _FEWEST + math.ceil(batches_a_second * _SECONDS_AROUND))
