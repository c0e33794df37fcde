"""The pace in one object, by the same rules."""

import math

from chalicelib.domain.pacing import Limits, Pace, Reservation
from chalicelib.errors import CampaignStopped, DailyQuotaReached, SendingThrottled
from tests.fakes.clock import FakeClock
from tests.fakes.moments import Moments

LEAD = 0.1  # who finds nobody sending begins so many seconds later


class FakePacer:
    """The account's limits, and who may send when."""

    def __init__(
        self, clock: FakeClock, rate: float = 100.0, moments: Moments | None = None, daily: float = math.inf
    ) -> None:
        self.pace = Pace(rate)
        self.day_limit = self.day_left = daily
        self.read_at = clock.seconds()
        self.next_slot = 0.0
        self._clock = clock
        self._moments = moments or Moments()

    def refresh(self) -> Limits:
        if self.pace.rate <= 0:
            raise CampaignStopped("SES lets this account send nothing.")
        return self.limits()

    def limits(self) -> Limits:
        return Limits(self.pace.rate, self.day_limit)

    def call_size(self) -> int:
        return self.pace.call_size(self._clock.seconds())

    def interval(self, size: int) -> float:
        return self.pace.interval(self._clock.seconds(), size)

    def reserve(self, calls: int, size: int, mails: int, deadline: float) -> Reservation:
        self._moments.reached("before reserve")
        now = self._clock.seconds()
        if self.day_left < mails:
            if now - self.read_at < 30:
                raise DailyQuotaReached("SES takes no more mail today.")
            self.day_left, self.read_at = self.day_limit, now
        interval = self.interval(size)
        start = max(now + LEAD, self.next_slot)
        if self.next_slot > now + LEAD and start + calls * interval > deadline:
            calls = min(calls, math.floor((deadline - start) / interval))
            if calls < 1:
                raise SendingThrottled("All sending time is taken.")
        self.next_slot = start + calls * interval
        self.day_left -= mails
        return Reservation(start, interval, calls)

    def throttled(self) -> None:
        self.pace = self.pace.throttled(self._clock.seconds())

    def quota_reached(self) -> None:
        self.day_left, self.read_at = 0, self._clock.seconds()
