"""Which campaign it is and where it stands."""

from collections.abc import Iterator

from rich.text import Text

from chalicelib.domain.campaign import Status
from chalicelib.domain.report import Report
from hato.cli.report.page import Page

STYLES = {Status.FINISHED: "green", Status.FAILED: "red", Status.STOPPED: "red"}
OTHERWISE = "yellow"


def heading(report: Report, page: Page) -> Iterator[Text]:
    """Campaign, status, mail, list and times, and why it came to nothing, if it did."""
    yield Text.assemble((report.campaign_id, "bold"), "  ", (report.status.value, STYLES.get(report.status, OTHERWISE)))
    yield Text(f"mail {report.mail_id or page.glyphs.none} to {report.source}")
    if report.created_at:
        ended = f", ended {minute(report.finished_at)}" if report.finished_at else ""
        yield Text(f"created {minute(report.created_at)}{ended} UTC", style="dim")
    if report.reason:
        yield Text(report.reason, style=STYLES.get(report.status, OTHERWISE))


def minute(at: str) -> str:
    """A moment of a table, to the minute."""
    return at[:16].replace("T", " ")
