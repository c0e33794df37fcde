"""The one item that all workers reserve their sending time on, by Hato's own rules, and what SES makes of it."""

import math

from chalicelib.domain.pacing import Limits, call_interval, call_size

_LEAD = 0.1  # Pacer's, where nobody sends
_ROUNDING = 1e-6


class SharedPace:
    """When whose calls may leave.

    SES lets a second's worth through at once, and refills that at its rate; `throttles` counts what it refuses. Calls
    come to it when they leave: how uneven the way is, is a matter of bench.pacing.
    """

    def __init__(self, limits: Limits) -> None:
        self.throttles = 0
        self.size = call_size(max(limits.rate, limits.ceiling))
        self.interval = call_interval(limits.rate, self.size, limits.ceiling)
        self._next = 0.0
        self._ceiling = self._tokens = max(1.0, limits.ceiling)
        self._filled_at = 0.0

    def calls(self, mails: int) -> int:
        """How many calls so many mails take."""
        return math.ceil(mails / self.size)

    def reserve(self, now: float, mails: int, deadline: float) -> float:
        """Reserve the time for so many mails; returns when the last call leaves, or -1 where there is no time."""
        start = max(self._next, now + _LEAD)
        calls = self.calls(mails)
        if start + calls * self.interval > deadline:
            return -1.0
        self._next = start + calls * self.interval
        self._send(start, calls)
        return start + (calls - 1) * self.interval

    def _send(self, moment: float, calls: int) -> None:
        tokens = min(self._ceiling, self._tokens + (moment - self._filled_at) * self._ceiling)
        more = self.interval * self._ceiling
        for _ in range(calls):
            if tokens + _ROUNDING < self.size:
                self.throttles += 1
            else:
                tokens -= self.size
            tokens = min(self._ceiling, tokens + more)
        self._tokens, self._filled_at = tokens, moment + calls * self.interval
