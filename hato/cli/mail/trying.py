"""`hato mail test`."""

from typing import Annotated

import typer

from hato.cli.mail.naming import ListFile, MailName, Row, Where, find_mail, sample_for
from hato.cli.options import Json
from hato.cli.output import print_json
from hato.cli.reach import EndpointUrl, Region, Stage
from hato.mails.trial import send_trial


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(name="test")(trial_command)


def trial_command(
    mail: MailName,
    to: Annotated[str, typer.Option(metavar="ADDRESS", help="Who gets it.", show_default=False)],
    mailing_list: ListFile = None,
    row: Row = None,
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Send a mail to one address, really and outside any campaign; its subject says that it is a test.

    It is written into no ledger, so a campaign of the same mail sends it to that address all the same. Its unsubscribe
    link works.
    """
    where = Where(stage, endpoint_url, region)
    found = find_mail(mail, where)
    message_id = send_trial(where.reach(), found, sample_for(found, mailing_list, row), to)
    if as_json:
        print_json({"mail_id": found.mail_id, "to": to, "message_id": message_id})
        return
    typer.echo(f"Mail {found.mail_id} is sent to {to} as a test; SES calls it {message_id}.")
