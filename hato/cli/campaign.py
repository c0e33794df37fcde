"""`hato campaigns`, `status`, `pause`, `resume`, `cancel`, `report` and `demo`."""

import json
import time
from typing import Annotated

import typer
from rich.console import Console

from chalicelib.aws.files import report_key
from chalicelib.domain.report import Report
from chalicelib.domain.token import sign_report_link
from hato.access import Access
from hato.cli.options import Json
from hato.cli.reach import EndpointUrl, Region, Stage, reach
from hato.cli.show import print_campaigns, print_report
from hato.cli.watch import watch
from hato.steering import Steering

Campaign = Annotated[str, typer.Argument(help="The campaign's id.", show_default=False)]
Watch = Annotated[bool, typer.Option("--watch", help="Stay until the campaign has ended.")]

_LINK_SECONDS = 7 * 24 * 3600


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (campaigns, status, pause, resume, cancel, report):
        app.command()(command)
    app.command(name="demo")(demo_command)


def campaigns(
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """List all campaigns, the newest first: also those that failed before they began, and why."""
    access = reach(stage, endpoint_url, region)
    summaries = sorted(access.campaigns.summaries(), key=lambda each: str(each.get("created_at", "")), reverse=True)
    if as_json:
        typer.echo(json.dumps([Report.from_parts(s["campaign_id"], [s]).to_document() for s in summaries]))
    else:
        print_campaigns(Console(), summaries)


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
    found = access.campaigns.report(campaign)
    if stay:
        found = watch(access, campaign, Console(stderr=True))
    end(found, as_json)


def pause(
    campaign: Campaign,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Hold a campaign: nothing more is sent until it is resumed; what is under way ends within seconds."""
    typer.echo(_steering(reach(stage, endpoint_url, region)).pause(campaign))


def resume(
    campaign: Campaign,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Let a campaign go on that was paused, stopped, or failed, with whoever has not had its mail."""
    typer.echo(_steering(reach(stage, endpoint_url, region)).resume(campaign))


def cancel(
    campaign: Campaign,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """End a campaign for good; its report says of every row how far it came."""
    typer.echo(_steering(reach(stage, endpoint_url, region)).cancel(campaign))


def _steering(access: Access) -> Steering:
    return Steering(access.campaigns, access.executions)


def report(
    campaign: Campaign,
    as_json: Json = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print report.csv: every row of the list and how it ended.")
    ] = False,
    link: Annotated[
        bool, typer.Option("--link", help="Print a signed link to the report's page, good for a week.")
    ] = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Show a campaign's numbers, or every row of its list."""
    access = reach(stage, endpoint_url, region)
    found = access.campaigns.report(campaign)
    if as_csv:
        _print_csv(access, found)
    elif link:
        typer.echo(report_link(access, campaign))
    elif as_json:
        typer.echo(json.dumps(found.to_document(), ensure_ascii=False))
    else:
        print_report(Console(), found)


def report_link(access: Access, campaign_id: str) -> str:
    """A signed link to the report's page."""
    token = sign_report_link(access.link_key(), campaign_id, time.time() + _LINK_SECONDS)
    return f"{access.pages_url}campaigns/{campaign_id}?token={token}"


def demo_command() -> None:
    """Run a whole campaign on this machine, twice, and check that everything adds up."""
    from hato.demo import run_demo  # imports the local cloud's parts only when they are wanted

    raise typer.Exit(run_demo(Console()))


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


def end(found: Report, as_json: bool) -> None:
    """Print where the campaign stands; the exit status is 1 where it failed or was stopped."""
    if as_json:
        typer.echo(json.dumps(found.to_document(), ensure_ascii=False))
    else:
        print_report(Console(), found)
    if found.status.value in {"failed", "stopped"}:
        raise typer.Exit(1)
