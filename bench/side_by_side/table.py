"""The comparison as a table, what each of them does and lacks, and whether the targets are met."""

from statistics import median

from rich.table import Table
from rich.text import Text

from bench.side_by_side.contender import BARE, ENTRIES
from bench.side_by_side.result import SideBySide

_COLUMNS = (
    "CPU\nµs/mail",
    "spread",
    "times\nbare",
    "calls\n/mail",
    "mails/s\nat 0 ms",
    "mails/s\nat 30 ms",
    "peak\nMB",
)


def table(result: SideBySide) -> Table:
    """A row a contender."""
    made = Table(box=None, padding=(0, 1), header_style="dim")
    made.add_column("", min_width=16)
    for column in _COLUMNS:
        made.add_column(column, justify="right", no_wrap=True)
    for entry in ENTRIES:
        made.add_row(entry.title, *cells(result, entry.name))
    return made


def cells(result: SideBySide, name: str) -> tuple[str, ...]:
    """A row's figures, in the order of the columns."""
    figures = result.of(name)
    cpu = figures.cpu_us_per_mail
    return (
        f"{median(cpu):,.0f}",
        f"{min(cpu):,.0f}–{max(cpu):,.0f}",
        f"{result.times(name, BARE):.2f}",
        f"{figures.calls_per_mail:.3f}",
        f"{median(figures.mails_per_s_0ms):,.0f}",
        f"{median(figures.mails_per_s_30ms):,.0f}",
        f"{figures.peak_rss_mb:,.0f}",
    )


def notes() -> Table:
    """What each of them does for a mail, and what it does not."""
    made = Table(box=None, padding=(0, 1), header_style="dim")
    for column in ("", "does", "does not do, or otherwise"):
        made.add_column(column)
    for entry in ENTRIES:
        made.add_row(entry.title, entry.does, entry.lacks)
    return made


def verdicts(result: SideBySide) -> list[Text]:
    """A line a target: met, or missed by how much."""
    lines = []
    for target in result.targets():
        measured, most = f"{target.measured:.3g}", f"{target.most:g}"
        said = "met" if target.is_met else f"MISSED by {target.measured / target.most - 1:.0%}"
        why = f" ({target.why})" if target.why and not target.is_met else ""
        text = f"{said}: {target.what}: {measured}, at most {most}{why}"
        lines.append(Text(text, "" if target.is_met else "bold red"))
    return lines
