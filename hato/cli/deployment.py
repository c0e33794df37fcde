"""`hato deploy`."""

from typing import Annotated

import typer
from rich.console import Console

from hato.cli.reach import EndpointUrl, Region, Stage, reach
from hato.deploying import deploy
from hato.packaging import package
from hato.project import BUILD


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(name="deploy")(deploy_command)


def deploy_command(
    sender: Annotated[
        str | None, typer.Option(help="The From address; needed for a new stack.", show_default=False)
    ] = None,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Package Hato and create or update its stack."""
    access = reach(stage, endpoint_url, region)
    console = Console(stderr=True)
    with console.status("Packaging ...") as status:
        made = package(BUILD / "package", access.stage)
        outputs = deploy(access, made, {"Sender": sender} if sender else {}, lambda text: status.update(f"{text} ..."))
    typer.echo(f"{access.stack} is deployed in {access.where}.")
    for name, value in sorted(outputs.items()):
        typer.echo(f"  {name:<20} {value}")
