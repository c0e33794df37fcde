"""Where a campaign stands: how `hato status`, and whatever has watched a campaign, ends."""

import typer
from rich.console import Console
from rich.text import Text

from chalicelib.domain.campaign import Status
from chalicelib.domain.report import Report
from hato.access import Access
from hato.cli.output import print_json
from hato.cli.report.heading import heading
from hato.cli.report.numbers import ends
from hato.cli.report.page import Page, print_lines
from hato.cli.watch import look
from hato.cli.watch.words import lines


def end(access: Access, found: Report, as_json: bool) -> None:
    """Print where the campaign stands; the exit status is 1 where it failed or was stopped."""
    if as_json:
        print_json(found.to_document())
    else:
        print_standing(Console(), access, found)
    if has_failed(found):
        raise typer.Exit(1)


def has_failed(found: Report) -> bool:
    """Whether it came to nothing that its owner wanted."""
    return found.status in {Status.FAILED, Status.STOPPED}


def print_standing(console: Console, access: Access, found: Report) -> None:
    """Print the phase it is in, and every row of its list."""
    page = Page.of(console)
    print_lines(console, heading(found, page))
    if not found.has_ended:
        print_lines(console, [Text(), *lines(look(access, found.campaign_id), page.glyphs, console.width)])
    print_lines(console, ends(found, page))
    if found.ends["accepted"]:
        print_lines(console, [Text(f"\nWhat became of the mails: `hato report {found.campaign_id}`", "dim")])
