"""`hato mail preview`."""

from pathlib import Path
from typing import Annotated

import typer

from chalicelib.domain.mail import Mail, Rendered
from chalicelib.domain.template import Template
from hato.cli.mail.naming import ListFile, MailName, Row, Where, find_mail, sample_for
from hato.cli.options import Json
from hato.cli.output import print_json
from hato.cli.reach import EndpointUrl, Region, Stage
from hato.mails.sample import Sample

HtmlOut = Annotated[
    Path | None,
    typer.Option("--html", metavar="FILE", help="Write the HTML part here.", dir_okay=False, writable=True),
]


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(preview)


def preview(
    mail: MailName,
    mailing_list: ListFile = None,
    row: Row = None,
    html: HtmlOut = None,
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Show a mail as one recipient gets it: subject and text here, the HTML in a file.

    Without a list, each merge field is shown as «its name». Nothing is sent or stored, and a file needs no network.
    """
    found = find_mail(mail, Where(stage, endpoint_url, region))
    sample = sample_for(found, mailing_list, row)
    rendered = sample.rendered(Template(found))
    if html is not None:
        html.write_text(rendered.html, encoding="utf-8")
    if as_json:
        print_json(_document(found, sample, rendered))
    else:
        _print(found, sample, rendered, html)


def _document(mail: Mail, sample: Sample, rendered: Rendered) -> dict[str, object]:
    return {
        "mail_id": mail.mail_id,
        "row": sample.recipient.row or None,
        "email": sample.recipient.email,
        "from": mail.sender,
        "reply_to": list(mail.reply_to),
        "subject": rendered.subject,
        "text": rendered.text,
        "html": rendered.html,
    }


def _print(mail: Mail, sample: Sample, rendered: Rendered, html: Path | None) -> None:
    heads = {
        "From": mail.sender or "(the stage's sender)",
        "Reply-To": ", ".join(mail.reply_to),
        "To": sample.recipient.email,
        "Subject": rendered.subject,
    }
    for name, value in heads.items():
        if value:
            typer.echo(f"{name}: {value}")
    typer.echo(f"\n{rendered.text or '(no text part)'}")
    if html is not None:
        what = f"{len(rendered.html.encode()) / 1024:.0f} KB of HTML are" if rendered.html else "No HTML is"
        typer.echo(f"{what} in {html}.")
    elif rendered.html:
        typer.echo("The mail has an HTML part, too: --html FILE writes it.")
