"""`hato mail put`, `show` and `list`."""

from pathlib import Path
from typing import Annotated

import typer

from chalicelib.domain.mail import Mail
from chalicelib.domain.template import Template
from hato.cli.completing import mail_ids
from hato.cli.finding import stored_mail
from hato.cli.mail.naming import FILE, Where, named_file
from hato.cli.options import Json
from hato.cli.output import print_json
from hato.cli.reach import EndpointUrl, Region, Stage
from hato.mails.compiling import compile_file

MailId = Annotated[
    str,
    typer.Argument(help="The mail's id, as in lists/<mail_id>/.", show_default=False, autocompletion=mail_ids),
]
TextFile = Annotated[Path | None, typer.Option(help="With --subject: the file with the text part.", **FILE)]
HtmlFile = Annotated[Path | None, typer.Option(help="With --subject: the file with the HTML part.", **FILE)]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (put, show):
        app.command()(command)
    app.command(name="list")(list_command)


def put(
    mail: Annotated[
        str,
        typer.Argument(
            metavar="MAIL",
            help="The mail's file (.md, .txt, .html); with --subject, the mail's id, as in lists/<mail_id>/.",
            show_default=False,
        ),
    ],
    subject: Annotated[
        str | None, typer.Option(help="The subject, where MAIL is an id; may hold merge fields.", show_default=False)
    ] = None,
    text: TextFile = None,
    html: HtmlFile = None,
    sender: Annotated[str, typer.Option("--from", help="With --subject: another From address than the stage's.")] = "",
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Store a mail: one file with front matter; or its subject, and its body from a text file, an HTML file, or both.

    {{ username }} and any other column of the list are merge fields.
    """
    made = _file_of(mail, text, html, sender) if subject is None else _parts_of(mail, subject, text, html, sender)
    fields = Template(made).fields
    Where(stage, endpoint_url, region).reach().mails.put(made)
    if as_json:
        print_json({"mail_id": made.mail_id, "subject": made.subject, "fields": sorted(fields)})
        return
    uses = f"; its lists need the columns {', '.join(sorted(fields))}" if fields else ""
    typer.echo(f"Mail {made.mail_id} is stored{uses}.")


def show(
    mail_id: MailId,
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Print a stored mail."""
    mail = stored_mail(Where(stage, endpoint_url, region).reach(), mail_id)
    if as_json:
        print_json(mail.to_document())
        return
    typer.echo(f"Subject: {mail.subject}")
    if mail.sender:
        typer.echo(f"From: {mail.sender}")
    if mail.reply_to:
        typer.echo(f"Reply-To: {', '.join(mail.reply_to)}")
    typer.echo(f"\n{mail.body}")
    if mail.html:
        typer.echo(f"\n── HTML ──\n{mail.html}")


def list_command(
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """List the stored mails: their ids and subjects."""
    found = sorted(Where(stage, endpoint_url, region).reach().mails.subjects())
    if as_json:
        print_json([{"mail_id": each, "subject": subject} for each, subject in found])
        return
    width = max((len(mail_id) for mail_id, _ in found), default=0)
    for mail_id, subject in found:
        typer.echo(f"{mail_id:<{width}}  {subject}")
    if not found:
        typer.echo("There are no mails yet: `hato mail put` stores one.")


def _file_of(mail: str, text: Path | None, html: Path | None, sender: str) -> Mail:
    if text or html or sender:
        raise typer.BadParameter("--text, --html and --from go with it.", param_hint="'--subject'")
    path = named_file(mail)
    if path is None:
        raise typer.BadParameter(f"{mail!r} is no .md, .txt or .html file, so it needs one.", param_hint="'--subject'")
    return compile_file(path)


def _parts_of(mail_id: str, subject: str, text: Path | None, html: Path | None, sender: str) -> Mail:
    return Mail.from_document(
        {
            "mail_id": mail_id,
            "subject": subject,
            "body": text.read_text(encoding="utf-8-sig") if text else "",
            "html": html.read_text(encoding="utf-8-sig") if html else "",
            "from": sender,
        }
    )
