"""`hato contacts sync-suppression`: what SES leaves out, Hato leaves out."""

import typer

from hato.cli.options import Json
from hato.cli.output import print_json
from hato.cli.progress import doing
from hato.cli.reach import EndpointUrl, Region, Stage, reach
from hato.contacts.syncing import Syncer, read_list


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(sync_suppression)


def sync_suppression(
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Read SES's suppression list of the account, and write to nobody on it.

    Whoever is no longer on it loses the mark again. SES bounces what is sent to an address on its list, and counts it.
    """
    access = reach(stage, endpoint_url, region)
    syncer = Syncer(access.client("dynamodb"), access.outputs["ContactsTable"], access.contacts)
    with doing("Reading SES's list ...") as say:
        listed = dict(read_list(access.client("sesv2")))
        say("Reading the contacts ...")
        done = syncer.sync(listed, lambda count, total: say(f"{count:,} of {total:,} changes written ..."))
    if as_json:
        print_json({"listed": len(listed), **done})
        return
    are = "address is" if len(listed) == 1 else "addresses are"
    typer.echo(
        f"{len(listed):,} {are} on SES's suppression list: {done['marked']:,} marked now, "
        f"{done['unmarked']:,} no longer on it and unmarked."
    )
    if done["forgotten"]:
        typer.echo(f"{done['forgotten']:,} of them were erased on request, and are left out already.")
