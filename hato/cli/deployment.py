"""`hato deploy`, `hato destroy`, and `hato chalice-stage`, the one step between that plain commands cannot do."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from hato.access import Access
from hato.chalice_deploying import deploy_by_chalice, foundation_name, is_made, tell_pages, write_stage
from hato.cli.asking import ask_for_name
from hato.cli.options import Json, Yes
from hato.cli.output import print_json
from hato.cli.reach import EndpointUrl, Region, Stage, reach
from hato.deploying import DeployFailed, Progress, deploy, send_concurrency
from hato.destroying import data, destroy, is_by_chalice, is_deployed
from hato.packaging import package
from hato.project import BUILD, ROOT, shown
from hato.stacks import Stack
from hato.template import Source, read_template


class Way(StrEnum):
    """What makes the functions."""

    CLOUDFORMATION = "cloudformation"
    CHALICE = "chalice"


Sender = Annotated[str | None, typer.Option(help="The From address; needed for a new stage.", show_default=False)]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="A parameter of the stack, such as SendingShare=0.5 or UnknownOutcomes=hold. It is kept from then on; "
        "SendConcurrency alone is chosen anew, by the account's rate, wherever it is not given.",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(name="deploy")(deploy_command)
    app.command(name="destroy")(destroy_command)
    app.command(name="chalice-stage")(chalice_stage)


def deploy_command(
    sender: Sender = None,
    settings: Settings = None,
    by: Annotated[
        Way | None,
        typer.Option(
            help="One CloudFormation stack, functions and all, or `chalice deploy` between two stacks. "
            "Without it: as the stage was deployed before, cloudformation for a new one.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Deploy Hato, or update what is deployed; a setting that is not given stays as it is."""
    access = reach(stage, endpoint_url, region)
    way = _way(access, by)
    parameters = _parameters(access, sender, settings)
    console = Console(stderr=True)
    with console.status("Packaging ...") as status:
        outputs = _deploy(access, way, parameters, _told(console, status.update))
    if as_json:
        print_json({**_names(access), "by": way.value, "outputs": dict(sorted(outputs.items()))})
        return
    typer.echo(f"{access.stack} is deployed in {access.where}.")
    for name, value in sorted(outputs.items()):
        typer.echo(f"  {name:<20} {value}")


def chalice_stage(
    sender: Sender = None,
    settings: Settings = None,
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Write the stage into .chalice/config.json, for `chalice deploy`; its foundation stack must be there."""
    access = reach(stage, endpoint_url, region)
    if Stack(access, foundation_name(access)).describe() is None:
        raise DeployFailed(f"{foundation_name(access)} is not there: deploy build/package/foundation.yaml first.")
    source, parameters = Source(read_template()), _parameters(access, sender, settings)
    if lost := sorted(parameters.keys() & source.foundation()["Parameters"].keys()):
        raise DeployFailed(f"{', '.join(lost)}: no setting of the functions, but a parameter of the foundation stack.")
    write_stage(access, source, parameters, ROOT)
    if is_known := is_made(ROOT, access.stage):
        tell_pages(access, parameters, ROOT)
    file = shown(ROOT / ".chalice" / "config.json")
    if as_json:
        print_json({**_names(access), "file": str(file), "again": not is_known})
        return
    if not is_known:
        typer.echo("After the first `chalice deploy` do this once more, and it too: mails say where the pages are.")
    typer.echo(f"The stage {access.stage} is in {file}.")


def destroy_command(
    delete_data: Annotated[
        bool, typer.Option("--delete-data", help="Delete the tables, the bucket and the key as well.")
    ] = False,
    yes: Yes = False,
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Take a stage down; its tables, its bucket and the key of its links are kept, unless told otherwise."""
    access = reach(stage, endpoint_url, region)
    kept = data(access)
    is_there = bool(kept) or is_deployed(access)
    if is_there:
        _announce(access, kept, delete_data, as_json)
        if not yes:
            ask_for_name(access.stage, as_json=as_json)
        console = Console(stderr=True)
        with console.status("Taking it down ...") as status:
            destroy(access, delete_data=delete_data, progress=_told(console, status.update))
    if as_json:
        data_is = ("deleted", "kept") if delete_data else ("kept", "deleted")
        print_json({**_names(access), "was_there": is_there, data_is[0]: kept, data_is[1]: []})
    elif is_there:
        typer.echo(f"{access.stack} is gone{'' if delete_data or not kept else '; its data is kept'}.")
    else:
        typer.echo(f"There is nothing of {access.stack} in {access.where}.")


def _announce(access: Access, kept: Sequence[str], delete_data: bool, as_json: bool) -> None:
    will = f"{access.stack} in {access.where} will be taken down: nothing more can be sent or recorded."
    what = "Deleted for good:" if delete_data else "Kept, and found again by the next `hato deploy`:"
    for line in (will, what, *(f"  {each}" for each in kept)):
        typer.echo(line, err=as_json)


def _names(access: Access) -> dict[str, str]:
    return {"stage": access.stage, "stack": access.stack, "where": access.where}


def _deploy(access: Access, way: Way, parameters: dict[str, str], progress: Progress) -> dict[str, str]:
    if way is Way.CHALICE:
        return deploy_by_chalice(access, parameters, progress)
    return deploy(access, package(BUILD / "package", access.stage), parameters, progress)


def _way(access: Access, asked: Way | None) -> Way:
    """How the stage is deployed: as it was, if it was."""
    by_chalice = is_by_chalice(access)
    before = Way.CHALICE if by_chalice else None if Stack(access, access.stack).is_new() else Way.CLOUDFORMATION
    if before and asked and asked is not before:
        raise DeployFailed(
            f"{access.stack} was deployed by {before}. `hato destroy --stage {access.stage}` takes it down and keeps "
            f"its data; then it can be deployed by {asked}."
        )
    return asked or before or Way.CLOUDFORMATION


def _parameters(access: Access, sender: str | None, settings: Sequence[str] | None) -> dict[str, str]:
    parameters = {"SendConcurrency": str(send_concurrency(access))} | dict(map(_name_and_value, settings or ()))
    return parameters | ({"Sender": sender} if sender else {})


def _told(console: Console, update: Progress) -> Progress:
    """Progress on one line that changes, or line by line where nobody watches."""
    if console.is_terminal:
        return lambda text: update(f"{text} ...")
    return lambda text: console.print(text, highlight=False)


def _name_and_value(setting: str) -> tuple[str, str]:
    name, equals, value = setting.partition("=")
    if not (name and equals):
        raise typer.BadParameter(f"{setting!r} is not NAME=VALUE.")
    return name, value
