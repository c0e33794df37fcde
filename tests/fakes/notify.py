"""What tells of campaigns, and a topic."""

from chalicelib.domain.campaign import Status
from chalicelib.domain.notice import Notice


class FakeNotify:
    """Which campaigns were told of, and how they stood."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def __call__(self, campaign_id: str, status: Status) -> None:
        self.told.append((campaign_id, status.value))


class FakeTopic:
    """The notices that were published; as many fail before as are planned."""

    def __init__(self) -> None:
        self.notices: list[Notice] = []
        self.failures: list[Exception] = []

    def publish(self, notice: Notice) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.notices.append(notice)

    def received(self) -> list[tuple[str, str]]:
        return [(notice.subject, notice.text) for notice in self.notices]
