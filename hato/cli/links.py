"""Signed links to pages: who may see what, and for how long, is said here by who has the right to AWS."""

import time
import webbrowser
from collections.abc import Callable
from typing import Annotated
from urllib.parse import quote, urlencode

import typer

from chalicelib.domain.grant import DASHBOARD, Grant, sign
from hato.access import Access
from hato.cli.output import print_json

Link = Annotated[bool, typer.Option("--link", help="Print a signed link to the page: who has it sees the page.")]
Open = Annotated[bool, typer.Option("--open", help="Open that page in the browser, and print its link.")]
Addresses = Annotated[
    bool,
    typer.Option(
        "--addresses",
        help="Let the link show recipients too: report.csv, and what became of any address that is typed in. "
        "Give such a link to nobody outside your organization and to nobody who may not see the lists themselves, and "
        "put it into no ticket or chat that others read.",
    ),
]
Days = Annotated[int, typer.Option("--days", metavar="N", min=1, max=365, help="For how many days the link is good.")]

USUAL_DAYS = 7
_DAY = 86_400


def report_link(access: Access, campaign_id: str, days: int = USUAL_DAYS, addresses: bool = False) -> str:
    """A signed link to the report's page."""
    token = _token(access, campaign_id, days, addresses)
    return f"{access.pages_url}campaigns/{quote(campaign_id, safe='')}?{token}"


def dashboard_link(access: Access, days: int = USUAL_DAYS, addresses: bool = False) -> str:
    """A signed link to the page of all campaigns, and from there to each of them."""
    return f"{access.pages_url}campaigns?{_token(access, DASHBOARD, days, addresses)}"


def give(
    link: str, *, in_browser: bool, as_json: bool = False, browse: Callable[[str], object] = webbrowser.open
) -> None:
    """Print the link, and open it where that is wanted."""
    if as_json:
        print_json({"link": link})
    else:
        typer.echo(link)
    if in_browser and not browse(link):
        typer.echo("There is no browser here: open the link in one.", err=True)


def _token(access: Access, subject: str, days: int, addresses: bool) -> str:
    grant = Grant(subject, int(time.time()) + days * _DAY, addresses)
    return urlencode({"token": sign(access.link_key(), grant)})
