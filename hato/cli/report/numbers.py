"""Every row of the list and how it ended, and what became of the mails that SES took, as bars."""

from collections.abc import Iterator

from rich.text import Text

from chalicelib.domain.report import Report
from hato.cli.report.page import LABEL, Page, share, title

_ENDS = (
    ("accepted", "accepted by SES"),
    ("already_sent", "already sent"),
    ("suppressed", "suppressed"),
    ("duplicate", "duplicate"),
    ("invalid", "invalid"),
    ("failed", "failed"),
    ("unknown", "unknown"),
)
# The number, its label, what it is a share of, and the number of people among it.
_EVENTS = (
    ("delivered", "delivered", "accepted", ""),
    ("delayed", "delayed", "accepted", ""),
    ("bounced", "bounced for good", "accepted", ""),
    ("soft_bounced", "bounced for now", "accepted", ""),
    ("undetermined_bounced", "bounced, unclear", "accepted", ""),
    ("rejected", "rejected by SES", "accepted", ""),
    ("rendering_failed", "not rendered", "accepted", ""),
    ("complained", "complained", "accepted", ""),
    ("opened", "opened", "delivered", "human_opened"),
    ("clicked", "clicked", "delivered", "human_clicked"),
    ("unsubscribed", "unsubscribed", "delivered", ""),
)
_ONLY_IF_ANY = {"delayed", "undetermined_bounced", "rejected", "rendering_failed"}
_COUNT, _SHARE = 10, 7


def ends(report: Report, page: Page) -> Iterator[Text]:
    """A line for each of the seven ends, and their sum."""
    if not report.rows:
        return
    yield title("Every row of the list")
    for name, label in _ENDS:
        part = report.share(name, "rows")
        yield _line(label, page.bar(part or 0.0), _number(report.ends[name], part, page))
    open_rows = report.rows - report.settled
    told = Text("balanced", "green") if report.balanced else Text(f"{open_rows:,} open", "yellow")
    told.pad_right(page.bar_width - len(told))
    line = _line("rows", told, f"{report.rows:>{_COUNT},}")
    line.stylize("bold")
    yield line


def events(report: Report, page: Page) -> Iterator[Text]:
    """A line for each sort of event; of opens and clicks also by how many people."""
    if not report.ends["accepted"]:
        return
    head = f"{'all':>{_COUNT + _SHARE}} {'people':>{_COUNT + _SHARE}}"
    yield title(f"{'What became of them':<{LABEL + 4 + page.bar_width}}{head}")
    for name, label, of, people in _EVENTS:
        if report.events[name] or name not in _ONLY_IF_ANY:
            yield _event(report, page, name, label, of, people)
    yield Text("  Shares of the accepted; from opens on, of the delivered.", "dim")
    yield Text("  People: without the programs that open mails and follow links by themselves.", "dim")


def _event(report: Report, page: Page, name: str, label: str, of: str, people: str) -> Text:
    part = report.share(name, of)
    numbers = _number(report.events[name], part, page)
    if not people:
        return _line(label, page.bar(part or 0.0), numbers)
    by_people = report.share(people, of)
    bar = page.bar(by_people or 0.0, part or 0.0)
    return _line(label, bar, f"{numbers} {_number(report.events[people], by_people, page)}")


def _line(label: str, bar: Text, numbers: str) -> Text:
    return Text.assemble(f"  {label:<{LABEL}} ", bar, f" {numbers}")


def _number(count: int, part: float | None, page: Page) -> str:
    return f"{count:>{_COUNT},}{share(part, page.glyphs.none):>{_SHARE}}"
