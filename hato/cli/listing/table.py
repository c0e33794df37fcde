"""The table of campaigns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from chalicelib.domain.report import Report
from hato.cli.glyphs import Glyphs, glyphs_for
from hato.cli.listing.reading import Found
from hato.cli.report.heading import OTHERWISE, STYLES, minute
from hato.cli.report.page import print_lines, share

_GAP = "  "


@dataclass(frozen=True, slots=True)
class Column:
    """A column; of those that can be left out, the one with the highest number goes first."""

    title: str
    cell: Callable[[Report, str], str]
    left_out: int = 0
    is_text: bool = False


def _rate(name: str, of: str) -> Callable[[Report, str], str]:
    return lambda report, none: share(report.share(name, of), none)


_COLUMNS = (
    Column("created", lambda report, none: minute(report.created_at), 2, is_text=True),
    Column("campaign", lambda report, none: report.campaign_id, is_text=True),
    Column("status", lambda report, none: report.status.value, is_text=True),
    Column("mail", lambda report, none: report.mail_id or none, 6, is_text=True),
    Column("rows", lambda report, none: f"{report.rows:,}", 1),
    Column("accepted", lambda report, none: f"{report.ends['accepted']:,}", 7),
    Column("delivered", _rate("delivered", "accepted"), 3),
    Column("opened", _rate("human_opened", "delivered"), 4),
    Column("clicked", _rate("human_clicked", "delivered"), 5),
    Column("bounced", _rate("bounced", "accepted"), 3),
)


def print_campaigns(console: Console, found: Found) -> None:
    """Print a line for each campaign, and below the table why one came to nothing; a pipe gets all columns."""
    if not found.reports:
        console.print("There are no campaigns yet: `hato send` makes one.", soft_wrap=True, highlight=False)
        return
    glyphs = glyphs_for(console)
    print_lines(console, lines(found.reports, console.width if console.is_terminal else None, glyphs))
    print_lines(console, _reasons(found.reports))
    if found.are_older:
        print_lines(
            console, [Text(f"\nThere are older ones: `hato campaigns --limit {len(found.reports) * 5}`", "dim")]
        )


def lines(reports: Sequence[Report], room: int | None, glyphs: Glyphs) -> list[Text]:
    """The head of the table and a line for each campaign, within the room that there is, but with every id whole."""
    cells = {each: [each.title, *(each.cell(report, glyphs.none) for report in reports)] for each in _COLUMNS}
    widths = {each: max(map(len, found)) for each, found in cells.items()}
    shown = _fitting(widths, room)
    rows = [
        Text(_GAP.join(_cell(cells[each][number], widths[each], each) for each in shown))
        for number in range(len(reports) + 1)
    ]
    for row, style in zip(rows, ["dim", *(STYLES.get(each.status, OTHERWISE) for each in reports)], strict=True):
        row.stylize(style)
    return rows


def _fitting(widths: dict[Column, int], room: int | None) -> list[Column]:
    shown = list(widths)
    while room is not None and sum(widths[each] + len(_GAP) for each in shown) - len(_GAP) > room:
        least = max(shown, key=lambda each: each.left_out)
        if not least.left_out:
            break
        shown.remove(least)
    return shown


def _cell(text: str, width: int, column: Column) -> str:
    return text.ljust(width) if column.is_text else text.rjust(width)


def _reasons(reports: Sequence[Report]) -> list[Text]:
    told = [each for each in reports if each.reason]
    head = [Text("\nWhy", "bold")] if told else []
    return head + [
        Text.assemble((f"  {each.campaign_id}  ", "dim"), (each.reason, STYLES.get(each.status, OTHERWISE)))
        for each in told
    ]
