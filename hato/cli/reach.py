"""Which Hato a command speaks to: the options that all commands share, and what they come to."""

from typing import Annotated

import typer

from chalicelib.errors import HatoError
from hato.access import Access
from hato.cli.completing import stages
from hato.local import cloud as local_cloud

Stage = Annotated[
    str | None,
    typer.Option(
        "--stage",
        envvar="HATO_STAGE",
        autocompletion=stages,
        help="The stage. Without it: the local cloud where one is running, else dev.",
        show_default=False,
    ),
]
EndpointUrl = Annotated[
    str | None,
    typer.Option(
        "--endpoint-url",
        envvar="HATO_ENDPOINT_URL",
        help="Speak to this address in place of AWS.",
        show_default=False,
    ),
]
Region = Annotated[
    str | None,
    typer.Option("--region", help="The AWS region; without it, your AWS settings'.", show_default=False),
]


class LocalCloudDown(HatoError):
    """The local cloud is asked for and does not run."""


def reach(stage: str | None, endpoint_url: str | None, region: str | None) -> Access:
    """The way to the Hato that these options name. Raises LocalCloudDown."""
    cloud = local_cloud.running(local_cloud.default_folder())
    if cloud is not None and stage in (None, cloud.stage) and endpoint_url in (None, cloud.endpoint_url):
        return cloud.access()
    if endpoint_url is not None:
        # An emulator takes any credentials; where it is a real endpoint, the user's own are found by boto3.
        return Access(stage or "dev", region, endpoint_url)
    if stage == local_cloud.STAGE:
        raise LocalCloudDown("The local cloud is not running: `hato local up` starts it.")
    return Access(stage or "dev", region)
