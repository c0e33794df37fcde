"""The time as the steps see it; tests hand in one that they turn themselves."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What a step may ask of time."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        ...

    def sleep_until(self, moment: float) -> None:
        """Wait for this moment (epoch seconds); return at once where it is past."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)

    def sleep_until(self, moment: float) -> None:
        """Wait for this moment (epoch seconds); return at once where it is past."""
        time.sleep(max(0.0, moment - time.time()))


def timestamp(moment: datetime) -> str:
    """The moment as every table and file of Hato writes it: 2026-01-31T08:15:30.123Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
