"""`hato send` and `hato broadcast`: what would happen is shown and asked, and then an upload becomes a campaign."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from chalicelib.domain.campaign import BROADCASTS
from chalicelib.domain.contact import parse_where
from chalicelib.domain.mail import Template, parse_broadcast
from chalicelib.domain.upload_options import UploadOptions
from hato.access import Access
from hato.cli.campaign import Watch, end
from hato.cli.check import look, print_result
from hato.cli.options import EmailColumn, List, Where, Yes
from hato.cli.reach import EndpointUrl, Region, Stage, reach
from hato.cli.watch import wait_for_start, watch
from hato.uploading import upload, upload_list


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (send, broadcast):
        app.command()(command)


def send(
    mailing_list: List,
    mail: Annotated[str, typer.Option("--mail", help="The id of the mail to send.", show_default=False)],
    email_column: EmailColumn = "",
    yes: Yes = False,
    stay: Watch = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Send a mail to everybody on a list who has not had it: shows what `hato check` does, asks, and begins."""
    access = reach(stage, endpoint_url, region)
    result = look(mailing_list, Template(access.mails.get(mail)), email_column, access)
    print_result(Console(), result)
    if not yes:
        _ask(f"Send {mail} to {result.to_send:,} people?")
    campaign_id = upload_list(access, mailing_list, mail, email_column)
    _begun(access, campaign_id, stay)


def broadcast(
    text: Annotated[
        Path | None,
        typer.Argument(
            metavar="TEXT.txt",
            help="The text: its subject in line 1, line 2 blank, then the body.",
            exists=True,
            dir_okay=False,
            readable=True,
            show_default=False,
        ),
    ] = None,
    mail: Annotated[str, typer.Option("--mail", help="A stored mail's id, in the place of a text.")] = "",
    where: Where = None,
    yes: Yes = False,
    stay: Watch = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Send a text, or a stored mail, to all contacts who may be written to, or to some of them."""
    if (text is None) == (not mail):
        raise typer.BadParameter("name either a text or, with --mail, a stored mail.")
    access = reach(stage, endpoint_url, region)
    chosen = dict(map(parse_where, where or ()))
    found = Template(parse_broadcast("text", text.read_bytes()) if text else access.mails.get(mail))
    if not yes:
        count = sum(1 for _ in access.contacts.in_good_standing(chosen))
        _ask(f"Send {found.mail.subject!r} to {count:,} contacts?")
    options = UploadOptions(where=chosen, mail_id=mail)
    name = text.name if text else f"{mail}.txt"
    content = text.read_bytes() if text else f"{mail}\n\nThe mail {mail}.\n".encode()
    _begun(access, upload(access, f"{BROADCASTS}{name}", content, options), stay)


def _ask(question: str) -> None:
    """Go on only where somebody says yes."""
    try:
        is_meant = typer.confirm(question)
    except typer.Abort:  # nobody is there to answer
        typer.echo("\nNobody said yes; --yes says it.", err=True)
        is_meant = False
    if not is_meant:
        typer.echo("Nothing is sent.")
        raise typer.Exit(1)


def _begun(access: Access, campaign_id: str, stay: bool) -> None:
    typer.echo(f"Campaign {campaign_id} is started.")
    if not stay:
        typer.echo(f"Follow it with `hato status {campaign_id} --watch`.")
        return
    wait_for_start(access, campaign_id)
    end(watch(access, campaign_id, Console(stderr=True)), as_json=False)
