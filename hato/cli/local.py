"""`hato local`: the whole of Hato on this machine, with no account."""

from typing import Annotated

import typer
from rich.console import Console

from hato.cli.options import Json
from hato.cli.output import print_json
from hato.deploying import Progress
from hato.local import cloud as local_cloud
from hato.local.cloud import LocalCloud
from hato.packaging import package
from hato.project import BUILD

app = typer.Typer(help="Run all of Hato on this machine, with no AWS account.", no_args_is_help=True)


@app.command()
def up(
    as_json: Json = False,
    rate: Annotated[float | None, typer.Option(help="Mails a second that the simulated SES takes.")] = None,
    enforce_iam: Annotated[bool, typer.Option("--iam", help="Enforce the functions' own rights, as AWS does.")] = False,
    sender: Annotated[str, typer.Option(help="The From address.")] = "hato@example.com",
) -> None:
    """Start the local cloud in the background, and deploy Hato to it; deploy again where it runs already."""
    console = Console(stderr=True, quiet=as_json)
    folder = local_cloud.default_folder()
    with console.status("Starting the local cloud ...") as status:
        found = local_cloud.running(folder)
        cloud = found or local_cloud.start(folder, rate=rate, enforce_iam=enforce_iam)
        try:
            deploy_to(cloud, sender, lambda text: status.update(f"{text} ..."))
        except BaseException:
            if found is None:
                cloud.down()
            raise
    _show(cloud, as_json, "The local cloud is up.")


@app.command()
def down(as_json: Json = False) -> None:
    """End the local cloud, with everything in it."""
    cloud = local_cloud.noted(local_cloud.default_folder())
    if cloud is not None:
        cloud.down()  # also what is left of it where a part has died
    if as_json:
        print_json({"running": False, "was_running": cloud is not None})
    else:
        typer.echo("The local cloud is not running." if cloud is None else "The local cloud is down.")


@app.command()
def status(as_json: Json = False) -> None:
    """Say whether the local cloud runs, and where; exit status 1 where it does not."""
    cloud = local_cloud.running(local_cloud.default_folder())
    if cloud is None:
        if as_json:
            print_json({"running": False})
        else:
            typer.echo("The local cloud is not running: `hato local up` starts it.")
        raise typer.Exit(1)
    _show(cloud, as_json, "The local cloud is running.")


def deploy_to(cloud: LocalCloud, sender: str, progress: Progress) -> None:
    """Package Hato and deploy it to the local cloud."""
    progress("packaging the functions")
    made = package(BUILD / "local-package", cloud.stage)
    cloud.deploy(made, sender, progress)


def _show(cloud: LocalCloud, as_json: bool, headline: str) -> None:
    facts = {
        "running": True,
        "endpoint_url": cloud.endpoint_url,
        "inbox_url": cloud.inbox_url,
        "region": cloud.region,
        "stack": cloud.stack,
        "stage": cloud.stage,
        "access_key_id": local_cloud.CREDENTIALS[0],
        "secret_access_key": local_cloud.CREDENTIALS[1],
        "api_url": cloud.access().pages_url,
        "upload_bucket": cloud.access().bucket,
    }
    if as_json:
        print_json(facts)
        return
    typer.echo(headline)
    for name, value in facts.items():
        if name != "running":
            typer.echo(f"  {name.replace('_', ' '):<18} {value}")
    typer.echo("End it with `hato local down`.")
