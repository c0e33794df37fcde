"""A clock that the test turns."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Stands still until somebody waits on it or turns it."""

    def __init__(self) -> None:
        self._now = datetime(2026, 1, 31, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def seconds(self) -> float:
        return self._now.timestamp()

    def sleep_until(self, moment: float) -> None:
        self._now = max(self._now, datetime.fromtimestamp(moment, UTC))

    def turn(self, **by: float) -> None:
        self._now += timedelta(**by)
