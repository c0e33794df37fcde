"""`hato deploy`."""

from typing import Annotated

import typer
from rich.console import Console

from hato.cli.reach import EndpointUrl, Region, Stage, reach
from hato.deploying import deploy, send_concurrency
from hato.packaging import package
from hato.project import BUILD


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(name="deploy")(deploy_command)


def deploy_command(
    sender: Annotated[
        str | None, typer.Option(help="The From address; needed for a new stack.", show_default=False)
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            help="A parameter of the stack, such as SendingShare=0.5 or UnknownOutcomes=hold; it is kept from then on.",
            show_default=False,
        ),
    ] = None,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Package Hato and create or update its stack."""
    access = reach(stage, endpoint_url, region)
    parameters = dict(map(_name_and_value, settings or ()))
    if sender:
        parameters["Sender"] = sender
    parameters.setdefault("SendConcurrency", str(send_concurrency(access)))
    console = Console(stderr=True)
    with console.status("Packaging ...") as status:
        made = package(BUILD / "package", access.stage)
        outputs = deploy(access, made, parameters, lambda text: status.update(f"{text} ..."))
    typer.echo(f"{access.stack} is deployed in {access.where}.")
    for name, value in sorted(outputs.items()):
        typer.echo(f"  {name:<20} {value}")


def _name_and_value(setting: str) -> tuple[str, str]:
    name, equals, value = setting.partition("=")
    if not (name and equals):
        raise typer.BadParameter(f"{setting!r} is not NAME=VALUE.")
    return name, value
