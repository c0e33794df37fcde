"""A campaign's hours, in steps that are as many as a chart has room for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.event_counts import Hour

_HOURS_UP_TO = timedelta(days=3)
_STEPS = tuple(timedelta(hours=hours) for hours in (1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 672, 1344, 2688, 5376))
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bins:
    """Even steps of time, and the hours that fall into each."""

    start: datetime
    step: timedelta
    hours: Sequence[Sequence[Hour]]

    @property
    def unit(self) -> str:
        """What one step is, in words."""
        hours = self.step // timedelta(hours=1)
        count, unit = (hours // 24, "day") if hours >= 24 else (hours, "hour")
        return unit if count == 1 else f"{count} {unit}s"

    def sums(self, name: str) -> list[int]:
        """One number of Hour, added up for each step."""
        return [sum(getattr(hour, name) for hour in hours) for hours in self.hours]

    def starts_at(self, number: int) -> datetime:
        """When a step begins, in UTC."""
        return self.start + number * self.step


def bins(hours: Sequence[Hour], most: int) -> Bins:
    """Hours where all lie within three days, else days; longer steps where these would be more than there is room for.

    There must be at least one hour.
    """
    times = [datetime.fromisoformat(hour.starts_at) for hour in hours]
    first, last = times[0], times[-1]
    finest = timedelta(hours=1) if last - first < _HOURS_UP_TO else _DAY
    start, step = next(
        (start, step)
        for step in _STEPS
        if (step >= finest and (last - (start := _floor(first, step))) // step < most) or step is _STEPS[-1]
    )
    found: list[list[Hour]] = [[] for _ in range((last - start) // step + 1)]
    for at, hour in zip(times, hours, strict=True):
        found[(at - start) // step].append(hour)
    return Bins(start, step, found)


def _floor(moment: datetime, step: timedelta) -> datetime:
    """The beginning of the step, by the clock, that the moment lies in."""
    midnight = moment.replace(hour=0, minute=0)
    return midnight + (moment - midnight) // min(step, _DAY) * min(step, _DAY)
