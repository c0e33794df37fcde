"""A campaign's report as a page."""

from collections.abc import Sequence

from chalicelib.domain.report import Report
from chalicelib.web import names
from chalicelib.web.chart import chart
from chalicelib.web.links import PageLinks
from chalicelib.web.page import page

_MOST_SHOWN = 10  # lines of a table that are not folded away


def report_page(report: Report, links: PageLinks, language: str) -> str:
    """The report as HTML; as long as the campaign has not ended the page follows it."""
    bounces, providers, followed, troubles = report.bounces, report.providers, report.links, _troubles(report)
    return page(
        "report.html",
        language,
        report=report,
        links=links,
        is_live=not report.has_ended,
        milestone=_milestone(report),
        chart=chart(report.hours),
        bounces=bounces,
        troubles=troubles,
        most_bounces=max([*(each.mails for each in bounces), *(count for _, count in troubles)], default=0),
        providers=providers,
        most_of_provider=max((each.delivered for each in providers), default=0),
        followed=followed,
        most_clicked=max((each.human_clicked for each in followed), default=0),
        reasons=report.reasons,
        unknown_events=report.unknown_events,
        most_shown=_MOST_SHOWN,
    )


def _troubles(report: Report) -> Sequence[tuple[str, int]]:
    found = [(name, report.events.get(name, 0)) for name in names.TROUBLES]
    return [(name, count) for name, count in found if count]


def _milestone(report: Report) -> int:
    """How many rows are done, in tenths of all: so often is it worth saying aloud."""
    return report.settled * 10 // report.rows * report.rows // 10 if report.rows else 0
