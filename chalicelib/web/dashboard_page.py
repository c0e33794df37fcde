"""All campaigns as a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.report import Report
from chalicelib.web.page import page


@dataclass(frozen=True, slots=True)
class Entry:
    """A campaign, and the relative address of its report."""

    report: Report
    href: str


def dashboard_page(
    entries: Sequence[Entry], language: str, *, older: str = "", refresh: str, recipient: str = ""
) -> str:
    """These campaigns as HTML, in their order, with a link to the older ones; while one is under way it follows.

    `recipient` is where a form asks for one address's history, or empty.
    """
    under_way = sum(not entry.report.has_ended for entry in entries)
    return page(
        "dashboard.html",
        language,
        entries=entries,
        older=older,
        refresh=refresh,
        recipient=recipient,
        under_way=under_way,
        is_live=under_way > 0,
    )
