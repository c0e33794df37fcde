"""The pace in one number."""

from chalicelib.domain.pacing import Reservation
from chalicelib.errors import DailyQuotaReached, SendingThrottled
from tests.fakes.clock import FakeClock
from tests.fakes.moments import Moments


class FakePacer:
    """The account's rate, and who may send when."""

    def __init__(self, clock: FakeClock, rate: float = 100.0, moments: Moments | None = None) -> None:
        self.account_rate = rate
        self.next_slot = 0.0
        self._clock = clock
        self._moments = moments or Moments()

    def refresh_rate(self) -> float:
        if self.account_rate <= 0:
            raise DailyQuotaReached("The SES account may not send at all.")
        return max(1.0, self.account_rate)

    def rate(self) -> float:
        return self.refresh_rate()

    def reserve(self, count: int, deadline: float) -> Reservation:
        self._moments.reached("before reserve")
        now, span = self._clock.seconds(), count / self.rate()
        start = max(now, self.next_slot)
        if start > now and start + span > deadline:
            raise SendingThrottled("All sending time is taken.")
        self.next_slot = start + span
        return Reservation(start=start, interval=span / count, count=count)
