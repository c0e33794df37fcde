"""What Hato's workers meet: SES with its rate, somebody else's mail, tables that answer, clocks that are off."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

from bench.virtual_time import VirtualTime
from chalicelib.domain.delivery import Claim, Delivery
from chalicelib.domain.mail import Mail
from chalicelib.domain.parcel import Answer, Parcel, SendResult
from hato.local.ses.account import TokenBucket

Draw = Callable[[Random], float]
Arrival = tuple[float, int, bool]  # when, how many recipients, whether SES took them

_THROTTLED = SendResult(Answer.THROTTLED, reason="TooManyRequestsException: Maximum sending rate exceeded.")


class Ses:
    """SES's rate, and a note of every call that arrived."""

    def __init__(self, time: VirtualTime, rate: float) -> None:
        self.rate = rate
        self.arrivals: list[Arrival] = []
        self._time = time
        self._bucket = TokenBucket(rate, time.now)

    def get_account(self) -> dict[str, Any]:
        """The account's limits, in SES's words."""
        return {"SendQuota": {"MaxSendRate": self.rate, "Max24HourSend": -1.0, "SentLast24Hours": 0.0}}

    def take(self, recipients: int) -> bool:
        """Take a call with so many recipients, or refuse it for coming too fast."""
        taken = self._bucket.has(recipients, self._time.now)
        if taken:
            self._bucket.take(recipients)
        return taken

    def arrive(self, recipients: int) -> bool:
        """Take or refuse a call of Hato's, and note it."""
        taken = self.take(recipients)
        self.arrivals.append((self._time.now, recipients, taken))
        return taken


class SomebodyElse:
    """Another program of the same account, which sends at a rate of its own and does not slow down for anybody."""

    def __init__(self, time: VirtualTime, chance: Random, ses: Ses, rate: float) -> None:
        self.taken: list[float] = []
        self._time = time
        self._chance = chance
        self._ses = ses
        self._rate = rate

    def send(self, begin: float, end: float) -> None:
        """Send from then to then, a mail a call, at fast accounts some more, as chance has it."""
        size = max(1, round(self._rate / 100))
        self._time.sleep_until(begin)
        while self._time.now < end:
            if self._ses.take(size):
                self.taken += [self._time.now] * size
            self._time.sleep(self._chance.expovariate(self._rate / size))


class Tables:
    """DynamoDB, as far as only the time that it takes matters."""

    def __init__(self, time: VirtualTime, chance: Random) -> None:
        self._time = time
        self._chance = chance

    def wait(self) -> None:
        """One way of a request: half of 3 to 15 ms."""
        self._time.sleep(self._chance.uniform(0.0015, 0.0075))

    def check_sending(self, campaign_id: str) -> None:
        """The campaign is always to be sent."""
        self._answer()

    def stop(self, campaign_id: str, reason: str) -> None:
        """Nobody stops here."""
        raise RuntimeError(reason)

    def read(self, mail_id: str, emails: Iterable[str]) -> dict[str, Delivery]:
        """Nobody was sent to before."""
        self._answer()
        return {}

    def accept(self, mail_id: str, message_ids: Mapping[str, str], now: str) -> None:
        """Two requests for 50."""
        self._answer(2)

    def fail(self, mail_id: str, reasons: Mapping[str, str], now: str) -> None:
        """Nobody is refused here."""
        self._answer()

    def release(self, claim: Claim, emails: Iterable[str]) -> None:
        """Give claims back."""
        self._answer()

    def _answer(self, requests: int = 1) -> None:
        self._time.sleep(requests * self._chance.uniform(0.003, 0.015))


class Post:
    """The way to SES and back."""

    def __init__(self, time: VirtualTime, chance: Random, ses: Ses, one_way: Draw) -> None:
        self._time = time
        self._chance = chance
        self._ses = ses
        self._one_way = one_way

    def send(self, mail: Mail, campaign_id: str, parcels: Sequence[Parcel]) -> list[SendResult]:
        """Send to all of them in one call; SES takes 30 to 300 ms, the longer the more they are."""
        count = len(parcels)
        self._time.sleep(self._one_way(self._chance))
        taken = self._ses.arrive(count)
        working = 0.03 + self._chance.uniform(0.0005, 0.0054) * count if taken else 0.01
        self._time.sleep(working + self._one_way(self._chance))
        return [SendResult(Answer.ACCEPTED, "id") if taken else _THROTTLED] * count

    def fit(self, parcels: Sequence[Parcel], size: int) -> list[list[Parcel]]:
        """Calls of at most `size` recipients; no mail here is so long that fewer would fit."""
        return [list(parcels[start : start + size]) for start in range(0, len(parcels), size)]


class WorkersClock:
    """A worker's own clock, so many seconds ahead of the true time."""

    def __init__(self, time: VirtualTime, ahead: float) -> None:
        self._time = time
        self._ahead = ahead

    def seconds(self) -> float:
        """The present moment in epoch seconds."""
        return self._time.now + self._ahead

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.fromtimestamp(self.seconds(), UTC)

    def sleep_until(self, moment: float) -> None:
        """Wait until this clock shows that moment; return at once where it is past."""
        if moment > self.seconds():
            self._time.sleep_until(moment - self._ahead)
