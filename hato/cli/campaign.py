"""`hato campaigns`, `status` and `report`."""

from typing import Annotated

import typer
from rich.console import Console

from chalicelib.aws.files import report_key
from chalicelib.domain.report import Report
from hato.access import Access
from hato.cli.finding import campaign_report
from hato.cli.links import USUAL_DAYS, Addresses, Days, Link, Open, dashboard_link, give, report_link
from hato.cli.listing import print_campaigns, read_newest
from hato.cli.options import Campaign, Json, Watch
from hato.cli.output import print_json
from hato.cli.progress import doing
from hato.cli.reach import EndpointUrl, Region, Stage, reach
from hato.cli.recount import recount
from hato.cli.report import print_report
from hato.cli.standing import end
from hato.cli.watch import watch


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (campaigns, status, report):
        app.command()(command)


def campaigns(
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="How many, from the newest on.")] = 20,
    as_json: Json = False,
    link: Link = False,
    in_browser: Open = False,
    addresses: Addresses = False,
    days: Days = USUAL_DAYS,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """List the campaigns, the newest first: also those that failed before they began, and why.

    Opens and clicks are people's. A narrow terminal is shown fewer columns.
    """
    access = reach(stage, endpoint_url, region)
    if link or in_browser:
        give(dashboard_link(access, days, addresses), in_browser=in_browser, as_json=as_json)
        return
    with doing("Reading the campaigns ..."):
        found = read_newest(access.campaigns, limit)
    if as_json:
        print_json([each.to_document() for each in found.reports])
    else:
        print_campaigns(Console(), found)


def status(
    campaign: Campaign,
    stay: Watch = False,
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Say where a campaign stands; exit status 1 where it failed or was stopped."""
    access = reach(stage, endpoint_url, region)
    found = campaign_report(access, campaign)
    if stay:
        found = watch(access, campaign, Console(stderr=True))
    end(access, found, as_json)


def report(
    campaign: Campaign,
    as_json: Json = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print report.csv: every row of the list and how it ended.")
    ] = False,
    anew: Annotated[
        bool,
        typer.Option("--recount", help="Count the events anew from the ledger, say whether it agrees, and mend it."),
    ] = False,
    link: Link = False,
    in_browser: Open = False,
    addresses: Addresses = False,
    days: Days = USUAL_DAYS,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Show a campaign's numbers, or every row of its list."""
    access = reach(stage, endpoint_url, region)
    found = campaign_report(access, campaign)
    if as_csv:
        _print_csv(access, found)
    elif anew:
        recount(access, campaign, as_json)
    elif link or in_browser:
        give(report_link(access, campaign, days, addresses), in_browser=in_browser, as_json=as_json)
    elif as_json:
        print_json(found.to_document())
    else:
        print_report(Console(), found)


def _print_csv(access: Access, found: Report) -> None:
    if not found.finished_at or not found.rows:
        typer.echo(
            f"Campaign {found.campaign_id} is {found.status.value}: it has no report.csv"
            f"{'' if found.has_ended else ' yet'}.",
            err=True,
        )
        raise typer.Exit(1)
    body = access.client("s3").get_object(Bucket=access.bucket, Key=report_key(found.campaign_id))["Body"]
    typer.echo(body.read().decode("utf-8-sig"), nl=False)
