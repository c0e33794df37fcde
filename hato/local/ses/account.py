"""How much an account may send: a rate in recipients a second and a quota over any 24 hours."""

from __future__ import annotations

from collections import deque

from hato.local.ses.errors import TooManyRequests

DAY = 24 * 60 * 60.0
UNLIMITED = -1.0  # what GetAccount says of an account without a daily quota


class TokenBucket:
    """Lets at most `rate` through a second, and one second's worth at once."""

    def __init__(self, rate: float, now: float) -> None:
        self._rate = rate
        self._tokens = self.capacity
        self._filled_at = now

    @property
    def capacity(self) -> float:
        return max(1.0, self._rate)

    def change_rate(self, rate: float, now: float) -> None:
        self._fill(now)
        self._rate = rate
        self._tokens = min(self._tokens, self.capacity)

    def has(self, count: int, now: float) -> bool:
        self._fill(now)
        return self._tokens + 1e-9 >= count  # a sum of fractions may fall a hair short of a whole token

    def take(self, count: int) -> None:
        self._tokens -= count

    def _fill(self, now: float) -> None:
        elapsed = max(0.0, now - self._filled_at)  # a clock may be set back
        self._tokens = min(self.capacity, self._tokens + elapsed * self._rate)
        self._filled_at = max(self._filled_at, now)


class RollingDay:
    """Counts what was sent in the last 24 hours, to the second."""

    def __init__(self) -> None:
        self._seconds: deque[tuple[int, int]] = deque()
        self._total = 0

    def add(self, count: int, now: float) -> None:
        second = int(now)
        if self._seconds and self._seconds[-1][0] >= second:
            second, earlier = self._seconds.pop()
            self._seconds.append((second, earlier + count))
        else:
            self._seconds.append((second, count))
        self._total += count

    def total(self, now: float) -> int:
        while self._seconds and self._seconds[0][0] <= now - DAY:
            self._total -= self._seconds.popleft()[1]
        return self._total


class Account:
    """Admits a call's recipients together or refuses them together, as SES does.

    SES counts recipients, not calls. A refused call uses up nothing. Mail to the mailbox simulator counts
    against the rate but not against the quota.
    """

    def __init__(self, rate: float, daily_quota: float, now: float) -> None:
        self.daily_quota = daily_quota
        self._bucket = TokenBucket(rate, now)
        self._day = RollingDay()

    def admit(self, recipients: int, against_quota: int, now: float) -> None:
        if self.daily_quota != UNLIMITED and self._day.total(now) + against_quota > self.daily_quota:
            raise TooManyRequests("Daily message quota exceeded.")
        if not self._bucket.has(recipients, now):
            raise TooManyRequests("Maximum sending rate exceeded.")
        self._bucket.take(recipients)
        self._day.add(against_quota, now)

    def change(self, rate: float, daily_quota: float, now: float) -> None:
        self._bucket.change_rate(rate, now)
        self.daily_quota = daily_quota

    def sent_in_last_24_hours(self, now: float) -> int:
        return self._day.total(now)
