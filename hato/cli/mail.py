"""`hato mail`: the mails that campaigns send."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from chalicelib.domain.mail import Mail, Template
from hato.cli.reach import EndpointUrl, Region, Stage, reach

app = typer.Typer(help="The mails that campaigns send.", no_args_is_help=True)

MailId = Annotated[str, typer.Argument(help="The mail's id, as in lists/<mail_id>/.", show_default=False)]
_FILE: dict[str, Any] = {"exists": True, "dir_okay": False, "readable": True, "show_default": False}
TextFile = Annotated[Path | None, typer.Option(help="The file with the text part.", **_FILE)]
HtmlFile = Annotated[Path | None, typer.Option(help="The file with the HTML part.", **_FILE)]


@app.command()
def put(
    mail_id: MailId,
    subject: Annotated[str, typer.Option(help="The subject; may hold merge fields.", show_default=False)],
    text: TextFile = None,
    html: HtmlFile = None,
    sender: Annotated[str, typer.Option("--from", help="Another From address than the stage's.")] = "",
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Store a mail: its subject, and its body from a text file, an HTML file, or both.

    {{ username }} and any other column of the list are merge fields.
    """
    mail = Mail.from_document(
        {
            "mail_id": mail_id,
            "subject": subject,
            "body": text.read_text(encoding="utf-8-sig") if text else "",
            "html": html.read_text(encoding="utf-8-sig") if html else "",
            "from": sender,
        }
    )
    fields = Template(mail).fields
    reach(stage, endpoint_url, region).mails.put(mail)
    uses = f"; its lists need the columns {', '.join(sorted(fields))}" if fields else ""
    typer.echo(f"Mail {mail_id} is stored{uses}.")


@app.command()
def show(
    mail_id: MailId,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Print a stored mail."""
    mail = reach(stage, endpoint_url, region).mails.get(mail_id)
    if as_json:
        typer.echo(json.dumps(mail.to_document(), ensure_ascii=False))
        return
    typer.echo(f"Subject: {mail.subject}")
    if mail.sender:
        typer.echo(f"From: {mail.sender}")
    typer.echo(f"\n{mail.body}")
    if mail.html:
        typer.echo(f"\n── HTML ──\n{mail.html}")
