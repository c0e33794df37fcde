"""What happened over time as bars: which hours stand together, and where everything is drawn. Pure geometry.

Bars and lines live in a space of 1,000 by 100 that a page stretches; places along the time are in percent.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from math import ceil
from typing import NamedTuple

from chalicelib.domain.event_counts import Hour

WIDTH, HEIGHT = 1_000, 100

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY, _WEEK = 24, 7 * 24
_MOST_HOURS, _MOST_DAYS, _MOST_BINS = 72, 92, 104
_FEWEST = 8  # bins, so that one hour does not fill the whole width
_MOST_LABELS = 9
_LABEL_STEPS = {1: (1, 2, 3, 6, 12, 24), _DAY: (1, 2, 7, 14, 28)}
_GAP = 0.18  # of a bin, between its bar and the next
_SMALLEST = 1.5  # what is there at all is seen


class Bin(NamedTuple):
    """What happened from `starts_at` until the next bin."""

    starts_at: datetime
    delivered: int = 0
    opened: int = 0
    human_opened: int = 0
    clicked: int = 0
    human_clicked: int = 0


class Bar(NamedTuple):
    """One bin's bar; a bin without anything has none."""

    bin: Bin
    mails: int
    x: float
    y: float
    width: float
    height: float


class Label(NamedTuple):
    """What stands under the bars at `x` percent; on a narrow screen only where `is_main`."""

    x: float
    at: datetime
    is_main: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """One series over time; `line` is the path of a second one beside the bars, or empty."""

    name: str
    total: int
    peak: Bin
    highest: int
    ticks: Sequence[int]  # from 0 up, evenly spaced; the last is the panel's top
    bars: Sequence[Bar]
    line: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All bins without a gap between them, each `hours` long, and how they are drawn."""

    hours: int
    bins: Sequence[Bin]
    labels: Sequence[Label]
    panels: Sequence[Panel]

    @property
    def ends_at(self) -> datetime:
        """When the last bin ends."""
        return self.bins[-1].starts_at + timedelta(hours=self.hours)

    @property
    def widest_tick(self) -> int:
        """The number that takes most room beside the panels, so that all leave as much."""
        return max(panel.ticks[-1] for panel in self.panels)


def chart(hours: Sequence[Hour]) -> Chart | None:
    """Deliveries, opens and clicks over these hours; None where nothing happened."""
    if not hours:
        return None
    numbers = [_number(hour) for hour in hours]
    step = _step(max(numbers) - min(numbers) + 1)
    first = min(numbers) // step * step if step <= _DAY else min(numbers) // _DAY * _DAY
    bins = _bins(zip(numbers, hours, strict=True), first, (max(numbers) - first) // step + 1, step)
    room = max(len(bins), _FEWEST)
    panels = [
        _panel(bins, room, *names)
        for names in (("delivered", ""), ("human_opened", "opened"), ("human_clicked", "clicked"))
    ]
    return Chart(step, bins, list(_labels(first, room, step)), panels)


def ticks(highest: int) -> list[int]:
    """Round numbers from 0 up to the first that the highest does not pass: 3 or 4 of them, or 2 where it is 1."""
    step = next(size for power in count() for size in (10**power, 2 * 10**power, 5 * 10**power) if size * 3 >= highest)
    return list(range(0, max(1, ceil(highest / step)) * step + 1, step))


def _number(hour: Hour) -> int:
    """The hour, counted from the epoch."""
    return (datetime.fromisoformat(hour.starts_at) - _EPOCH) // timedelta(hours=1)


def _step(span: int) -> int:
    """How many hours stand together where there are so many."""
    if span <= _MOST_HOURS:
        return 1
    if span <= _MOST_DAYS * _DAY:
        return _DAY
    return ceil(span / _WEEK / _MOST_BINS) * _WEEK


def _bins(hours: Iterable[tuple[int, Hour]], first: int, number: int, step: int) -> list[Bin]:
    sums = [[0] * 5 for _ in range(number)]
    for at, hour in hours:
        kept = sums[(at - first) // step]
        for index, value in enumerate(hour[1:]):
            kept[index] += int(value)
    return [Bin(_at(first + index * step), *values) for index, values in enumerate(sums)]


def _at(number: int) -> datetime:
    return _EPOCH + timedelta(hours=number)


def _panel(bins: Sequence[Bin], room: int, name: str, beside: str) -> Panel:
    values = [getattr(each, name) for each in bins]
    others = [getattr(each, beside) for each in bins] if beside else []
    scale = ticks(max([*values, *others, 1]))
    return Panel(
        name=name,
        total=sum(values),
        peak=bins[values.index(max(values))],
        highest=max(values),
        ticks=scale,
        bars=[
            _bar(each, value, index, room, scale[-1])
            for index, (each, value) in enumerate(zip(bins, values, strict=True))
            if value > 0
        ],
        line=_line(others, room, scale[-1]) if others != values else "",
    )


def _bar(each: Bin, value: int, index: int, room: int, top: int) -> Bar:
    size = WIDTH / room
    height = max(_SMALLEST, HEIGHT * value / top)
    return Bar(
        each,
        value,
        _round((index + _GAP / 2) * size),
        _round(HEIGHT - height),
        _round(size * (1 - _GAP)),
        _round(height),
    )


def _line(values: Sequence[int], room: int, top: int) -> str:
    """Steps: level over each bin, up or down between them."""
    heights = [_round(HEIGHT - HEIGHT * max(0, value) / top) for value in values]
    levels = (f"V{height}H{_round((index + 1) * WIDTH / room)}" for index, height in enumerate(heights))
    return f"M0 {HEIGHT}" + "".join(levels) + f"V{HEIGHT}" if values else ""


def _labels(first: int, room: int, step: int) -> Iterator[Label]:
    every = next(
        (each for each in _LABEL_STEPS.get(step, ()) if room <= each * _MOST_LABELS), ceil(room / _MOST_LABELS)
    )
    start = first if step == 1 else 0  # hours are labelled at round ones, days from the first
    for index in range(room):
        if (start + index) % every == 0:
            yield Label(
                _round(100 * (index + 0.5) / room), _at(first + index * step), (start + index) % (2 * every) == 0
            )


def _round(value: float) -> float:
    return int(value) if value == int(value) else round(value, 2)
