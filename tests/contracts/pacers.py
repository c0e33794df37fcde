"""What the tests of the pace say over and over."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from chalicelib.aws.pacer import Pacer
from tests.contracts.conftest import make_table
from tests.fakes.clock import FakeClock

FAR = 1e12
CLOSE = 1e-4  # the table keeps microseconds
SOON = 0.5  # "at once" is within so many seconds, and never before
AGAIN = 30.0  # after so many seconds SES is asked again whether the day has mails left


class FakeAccount:
    """SES, as far as its limits go."""

    def __init__(self, rate: float = 10.0, daily: float = 50_000.0, sent: float = 0.0, enabled: bool = True) -> None:
        self.quota = {"MaxSendRate": rate, "Max24HourSend": daily, "SentLast24Hours": sent}
        self.enabled = enabled
        self.asked = 0
        self.while_asked: Callable[[], object] = lambda: None

    def get_account(self) -> dict[str, Any]:
        self.asked += 1
        self.while_asked()
        return {"SendQuota": dict(self.quota), "SendingEnabled": self.enabled}


class CountingDynamoDb:
    """DynamoDB, and how often each of its operations was called."""

    def __init__(self, dynamodb: Any) -> None:
        self.calls: Counter[str] = Counter()
        self._dynamodb = dynamodb

    def __getattr__(self, name: str) -> Any:
        def call(**request: Any) -> Any:
            self.calls[name] += 1
            return getattr(self._dynamodb, name)(**request)

        return call


class BusyDynamoDb:
    """Before the next change of the pace, somebody else does something."""

    def __init__(self, dynamodb: Any, before_next: Callable[[], object] | None = None) -> None:
        self.before_next = before_next
        self._dynamodb = dynamodb

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dynamodb, name)

    def update_item(self, **request: Any) -> Any:
        before, self.before_next = self.before_next, None
        if before:
            before()
        return self._dynamodb.update_item(**request)


class Workers:
    """Workers that share one pace, one account and one clock, as cold as they are made."""

    def __init__(self, dynamodb: Any, account: FakeAccount | None = None, share: float = 1.0) -> None:
        self.table = make_table(dynamodb, "campaign_id", "part")
        self.account = account or FakeAccount()
        self.clock = FakeClock()
        self._dynamodb = dynamodb
        self._share = share

    def one(self, dynamodb: Any = None) -> Pacer:
        """One more worker, with this DynamoDB in place of the usual."""
        return Pacer(dynamodb or self._dynamodb, self.table, lambda: self.account, self._share, self.clock.seconds)
