"""A campaign's numbers in the terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from chalicelib.domain.campaign import Status
from chalicelib.domain.report import Report

_ENDS = (
    ("accepted", "accepted by SES"),
    ("already_sent", "already sent"),
    ("suppressed", "suppressed"),
    ("duplicate", "duplicate"),
    ("invalid", "invalid"),
    ("failed", "failed"),
    ("unknown", "unknown"),
)
_EVENTS = (
    ("delivered", "delivered"),
    ("bounced", "bounced"),
    ("soft_bounced", "bounced for now"),
    ("complained", "complained"),
    ("opened", "opened"),
    ("clicked", "clicked"),
    ("unsubscribed", "unsubscribed"),
)
_STYLES = {Status.FINISHED: "green", Status.FAILED: "red", Status.STOPPED: "red"}
_BAR = 28
_CAMPAIGN_LINE = "{0:<16}  {1:<{width}}  {2:<9}  {3:>12}  {4:>12}"


def print_report(console: Console, report: Report) -> None:
    """Print where the campaign stands, and every row of its list."""
    console.print(headline(report))
    if report.reason:
        console.print(Text(report.reason, style="red" if report.status in _STYLES else ""))
    console.print(_table("every row of the list", _ENDS, report.ends, report.rows, report))
    if report.ends["accepted"]:
        accepted = report.ends["accepted"]
        console.print(_table("what became of the accepted", _EVENTS, report.events, accepted))


def print_campaigns(console: Console, summaries: Sequence[Mapping[str, Any]]) -> None:
    """Print a line for each campaign, and under it what was sent to whom, and why it came to nothing, if it did."""
    if not summaries:
        console.print("There are no campaigns yet.")
        return
    width = max(len("campaign"), *(len(each["campaign_id"]) for each in summaries))  # an id is there to be copied
    titles = ("created", "campaign", "status", "rows", "accepted")
    _print_line(console, Text(_CAMPAIGN_LINE.format(*titles, width=width), style="dim"))
    for summary in summaries:
        status = Status(summary["status"])
        created = str(summary.get("created_at", ""))[:16].replace("T", " ")
        accepted = f"{summary['accepted']:,}" if "accepted" in summary else "–"
        values = (created, summary["campaign_id"], status.value, f"{summary.get('rows', 0):,}", accepted)
        _print_line(console, Text(_CAMPAIGN_LINE.format(*values, width=width), style=_STYLES.get(status, "yellow")))
        _print_line(console, Text(f"  {summary.get('mail_id') or '–'} to {summary.get('source', '')}", style="dim"))
        if summary.get("reason"):
            _print_line(console, Text(f"  {summary['reason']}", style="red" if status in _STYLES else ""))


def _print_line(console: Console, text: Text) -> None:
    console.print(text, soft_wrap=True)


def headline(report: Report) -> Text:
    """Campaign, status, mail and list in one line."""
    return Text.assemble(
        (report.campaign_id, "bold"),
        "  ",
        (report.status.value, _STYLES.get(report.status, "yellow")),
        f"  mail {report.mail_id or '–'} to {report.source}",
    )


def _table(
    title: str,
    lines: Sequence[tuple[str, str]],
    counts: Mapping[str, int],
    of: int,
    total: Report | None = None,
) -> Table:
    table = Table(title=title, title_justify="left", title_style="dim", box=None, padding=(0, 1), min_width=60)
    table.add_column("", min_width=16)
    table.add_column("", width=_BAR)
    table.add_column("", justify="right")
    table.add_column("", justify="right", style="dim")
    table.show_header = False
    for name, label in lines:
        count = counts[name]
        share = count / of if of else 0.0
        table.add_row(label, Text("█" * round(_BAR * share), style="cyan"), f"{count:,}", f"{share:.1%}")
    if total is not None:
        balance = ("balanced", "green") if total.balanced else (f"{total.rows - total.settled:,} open", "yellow")
        table.add_row("[bold]rows", Text(*balance), f"[bold]{total.rows:,}", "")
    return table
