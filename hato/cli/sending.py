"""`hato send` and `hato broadcast`: what would happen is shown and asked, and then an upload becomes a campaign."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from chalicelib.domain.campaign import BROADCASTS
from chalicelib.domain.contact import parse_where
from chalicelib.domain.mail import parse_broadcast
from chalicelib.domain.report import Report
from chalicelib.domain.template import Template
from chalicelib.domain.upload_options import UploadOptions
from hato.access import Access
from hato.cli.asking import agrees
from hato.cli.check import look, print_result
from hato.cli.completing import mail_ids
from hato.cli.finding import stored_mail
from hato.cli.options import EmailColumn, Json, List, StoredMail, Watch, Where, Yes
from hato.cli.output import print_json
from hato.cli.progress import doing
from hato.cli.reach import EndpointUrl, Region, Stage, reach
from hato.cli.standing import has_failed, print_standing
from hato.cli.watch import wait_for_start, watch
from hato.uploading import upload, upload_list


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (send, broadcast):
        app.command()(command)


def send(
    mailing_list: List,
    mail: StoredMail,
    email_column: EmailColumn = "",
    yes: Yes = False,
    stay: Watch = False,
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Send a mail to everybody on a list who has not had it: shows what `hato check` does, asks, and begins."""
    access = reach(stage, endpoint_url, region)
    result = look(mailing_list, Template(stored_mail(access, mail)), email_column, access)
    print_result(Console(stderr=as_json), result)
    if not yes:
        _ask(f"Send {mail} to {result.to_send:,} people?", as_json)
    with doing("Uploading the list ..."):
        campaign_id = upload_list(access, mailing_list, mail, email_column)
    _begun(access, campaign_id, stay, {"check": result.to_document()} if as_json else None)


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
    mail: Annotated[
        str, typer.Option("--mail", help="A stored mail's id, in the place of a text.", autocompletion=mail_ids)
    ] = "",
    where: Where = None,
    yes: Yes = False,
    stay: Watch = False,
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Send a text, or a stored mail, to all contacts who may be written to, or to some of them."""
    if (text is None) == (not mail):
        raise typer.BadParameter("name either a text or, with --mail, a stored mail.")
    access = reach(stage, endpoint_url, region)
    chosen = dict(map(parse_where, where or ()))
    found = Template(parse_broadcast("text", text.read_bytes()) if text else stored_mail(access, mail))
    if not yes:
        with doing("Counting the contacts ..."):
            count = sum(1 for _ in access.contacts.in_good_standing(chosen))
        _ask(f"Send {found.mail.subject!r} to {count:,} contacts?", as_json)
    options = UploadOptions(where=chosen, mail_id=mail)
    name = text.name if text else f"{mail}.txt"
    content = text.read_bytes() if text else f"{mail}\n\nThe mail {mail}.\n".encode()
    _begun(access, upload(access, f"{BROADCASTS}{name}", content, options), stay, {} if as_json else None)


def _ask(question: str, as_json: bool) -> None:
    """Go on only where somebody says yes."""
    if not agrees(question, as_json=as_json):
        typer.echo("Nothing is sent. With --yes nobody is asked.", err=as_json)
        raise typer.Exit(1)


def _begun(access: Access, campaign_id: str, stay: bool, document: dict[str, Any] | None) -> None:
    """Tell of the campaign; in JSON where there is a document, together with what it holds."""
    if document is None:
        typer.echo(f"Campaign {campaign_id} is started.")
    report = _watched(access, campaign_id) if stay else None
    if document is not None:
        print_json({"campaign_id": campaign_id, **document, "report": report.to_document() if report else None})
    elif report is None:
        typer.echo(f"Follow it with `hato status {campaign_id} --watch`.")
    else:
        print_standing(Console(), access, report)
    if report is not None and has_failed(report):
        raise typer.Exit(1)


def _watched(access: Access, campaign_id: str) -> Report:
    with doing("Waiting for the campaign to begin ..."):
        wait_for_start(access, campaign_id)
    return watch(access, campaign_id, Console(stderr=True))
