"""`hato pause`, `resume` and `cancel`."""

from collections.abc import Callable

import typer

from hato.access import Access
from hato.cli.finding import nearest_campaign
from hato.cli.options import Campaign, Json
from hato.cli.output import print_json
from hato.cli.progress import doing
from hato.cli.reach import EndpointUrl, Region, Stage, reach
from hato.steering import Steering


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (pause, resume, cancel):
        app.command()(command)


def pause(
    campaign: Campaign,
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Hold a campaign: nothing more is sent until it is resumed; what is under way ends within seconds."""
    _steer(Steering.pause, reach(stage, endpoint_url, region), campaign, as_json)


def resume(
    campaign: Campaign,
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Let a campaign go on that was paused, stopped, or failed, with whoever has not had its mail."""
    _steer(Steering.resume, reach(stage, endpoint_url, region), campaign, as_json)


def cancel(
    campaign: Campaign,
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """End a campaign for good; its report says of every row how far it came."""
    _steer(Steering.cancel, reach(stage, endpoint_url, region), campaign, as_json)


def _steer(order: Callable[[Steering, str], str], access: Access, campaign_id: str, as_json: bool) -> None:
    with nearest_campaign(access, campaign_id), doing("Telling the campaign ..."):
        told = order(Steering(access.campaigns, access.executions), campaign_id)
    if as_json:
        now = access.campaigns.summary(campaign_id)["status"]
        print_json({"campaign_id": campaign_id, "status": now, "done": told})
    else:
        typer.echo(told)
