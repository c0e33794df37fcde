"""A campaign's report in the terminal."""

from rich.console import Console

from chalicelib.domain.report import Report
from hato.cli.report.details import details
from hato.cli.report.heading import heading
from hato.cli.report.numbers import ends, events
from hato.cli.report.page import Page, print_lines
from hato.cli.report.times import times


def print_report(console: Console, report: Report) -> None:
    """Print where the campaign stands, every row of its list, and what became of the mails."""
    for part in (heading, ends, events, times, details):
        print_lines(console, part(report, Page.of(console)))


def print_ends(console: Console, report: Report) -> None:
    """Print where the campaign stands, and every row of its list."""
    for part in (heading, ends):
        print_lines(console, part(report, Page.of(console)))
