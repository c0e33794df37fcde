"""Deliveries, opens and clicks over time."""

from collections.abc import Iterator
from datetime import timedelta

from rich.text import Text

from chalicelib.domain.report import Report
from hato.cli.report.binning import Bins, bins
from hato.cli.report.chart import axis, column_width, columns
from hato.cli.report.heading import minute
from hato.cli.report.page import LABEL, Page, title

_SERIES = (("delivered", "delivered"), ("human_opened", "opened by people"), ("human_clicked", "clicked by people"))
_PEAK = 8
_DAY = timedelta(days=1)


def times(report: Report, page: Page) -> Iterator[Text]:
    """A small chart for each, below each other and on one axis of time; a sentence where all fell into one hour."""
    if not report.hours:
        return
    if len(report.hours) == 1:
        yield Text(f"\nAll of this began within the hour from {minute(report.hours[0].starts_at)} UTC.")
        return
    room = page.width - LABEL - _PEAK - 6
    found = bins(report.hours, room)
    width = column_width(len(found.hours), room)
    yield title(f"When, by the {found.unit} (UTC)")
    for name, label in _SERIES:
        yield from _chart(label, found.sums(name), width, page)
    indent, glyphs = " " * (LABEL + _PEAK + 4), page.glyphs
    yield Text(f"{indent}{glyphs.corner}{glyphs.floor * width * len(found.hours)}", "dim")
    yield Text(f"{indent} {axis(_labels(found), width, room)}", "dim")


def _chart(label: str, values: list[int], width: int, page: Page) -> Iterator[Text]:
    peak = max(values)
    if not peak:
        return
    heads = [f"{label:<{LABEL}} {peak:>{_PEAK},}", " " * (LABEL + 1 + _PEAK)]
    for head, line in zip(heads, columns(values, width, page.glyphs), strict=True):
        yield Text.assemble(f"  {head} ", (page.glyphs.side, "dim"), (line, "cyan"))


def _labels(found: Bins) -> list[str]:
    labels = []
    for number in range(len(found.hours)):
        at = found.starts_at(number)
        is_new_day = not number or at.hour < found.step // timedelta(hours=1)
        labels.append(f"{at:%m-%d}" if found.step >= _DAY else f"{at:%m-%d %H:%M}" if is_new_day else f"{at:%H:%M}")
    return labels
