"""`hato check`: what would happen, before anything is sent; `hato send` shows the same."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from chalicelib.aws.ledger import Ledger
from chalicelib.domain.duration import duration
from chalicelib.domain.mailing_list import read_rows
from chalicelib.domain.template import Template
from chalicelib.errors import ListEmpty, ListUnreadable, MailInvalid, MailNotFound, MergeFieldMissing
from hato.access import Access
from hato.checking.asking import ask_account
from hato.checking.estimating import estimate
from hato.checking.knowing import who_is_known
from hato.checking.looking import look_through
from hato.checking.result import UNREADABLE, Result
from hato.cli.completing import mail_ids
from hato.cli.finding import stored_mail
from hato.cli.mail.naming import named_file
from hato.cli.options import EmailColumn, Json, List
from hato.cli.output import print_json
from hato.cli.reach import EndpointUrl, Region, Stage, reach
from hato.mails.compiling import compile_file
from hato.prices import NOTED

_CANNOT_BE_SENT = (ListUnreadable, ListEmpty, MailInvalid, MailNotFound, MergeFieldMissing)
_CHUNK = 256 * 1024
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(check)


def check(
    mailing_list: List,
    mail: Annotated[
        str,
        typer.Option(
            "--mail",
            help="The mail to send: a stored one's id, or a file.",
            show_default=False,
            autocompletion=mail_ids,
        ),
    ] = "",
    offline: Annotated[bool, typer.Option("--offline", help="Look at the file alone; no account is asked.")] = False,
    email_column: EmailColumn = "",
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Say what would happen if a list were sent to: who would get the mail and who not, how long it takes, its cost.

    Exit status 0 where every row is sendable, 1 where some are refused, 2 where the list cannot be sent to at all.
    Nothing is sent or stored.
    """
    try:
        access = None if offline else reach(stage, endpoint_url, region)
        result = look(mailing_list, find_template(mail, access), email_column, access)
    except _CANNOT_BE_SENT as error:
        refuse(str(error), as_json)
    if as_json:
        print_json(result.to_document())
    else:
        print_result(Console(), result)
    raise typer.Exit(result.exit_status)


def refuse(why: str, as_json: bool) -> NoReturn:
    """Say why the list cannot be sent to, and end."""
    if as_json:
        print_json({"readable": False, "reason": why})
    else:
        typer.echo(f"This cannot be sent: {why}", err=True)
    raise typer.Exit(UNREADABLE)


def find_template(mail: str, access: Access | None) -> Template | None:
    """The mail of the file or the stored one, ready to be filled in; None where none is named."""
    if not mail:
        return None
    if path := named_file(mail):
        return Template(compile_file(path))
    if access is None:
        raise MailNotFound(f"{mail!r} is no file; a stored mail needs an account, so leave --offline out.")
    return Template(stored_mail(access, mail))


def look(mailing_list: Path, template: Template | None, email_column: str, access: Access | None) -> Result:
    """Read the list to its end, and ask the account about everybody on it where there is one."""
    mail_id = template.mail.mail_id if template else ""
    console = Console(stderr=True)
    with mailing_list.open("rb") as file, console.status("Reading the list ...") as status:
        found, people = look_through(read_rows(iter(lambda: file.read(_CHUNK), b""), email_column), template)
        if access is None:
            for _ in people:
                pass
            return Result(found, mail_id)
        ledger = Ledger(access.client("dynamodb"), access.outputs["DeliveriesTable"])
        known = who_is_known(
            people, mail_id, access.contacts, ledger, lambda count: status.update(f"{count:,} addresses looked up ...")
        )
    return Result(found, mail_id, known, estimate(max(0, found.sendable - known.passed_over), ask_account(access)))


def print_result(console: Console, result: Result) -> None:
    """Print what was found, in the order in which one asks."""
    found = result.look
    console.print(
        Text(
            f"{found.encoding}, {_DELIMITERS.get(found.delimiter, found.delimiter)} between the cells; "
            f"addresses in {found.email_column}; columns: {', '.join(found.columns)}"
        ),
        soft_wrap=True,
    )
    console.print(_numbers(result))
    _print_rows(console, result)
    if found.example is not None:
        person, mail = found.example
        console.print(Text(f"\nrow {person.row}, for example:", style="dim"))
        console.print(Text(f"Subject: {mail.subject}\n\n{(mail.text or mail.html).strip()}"), soft_wrap=True)
    if result.estimate is not None:
        _print_estimate(console, result)


def _numbers(result: Result) -> Table:
    found, known = result.look, result.known
    table = Table(box=None, padding=(0, 1), show_header=False, min_width=40)
    table.add_column("", min_width=28)
    table.add_column("", justify="right")
    lines: list[tuple[str, int, str]] = [("rows", found.rows, "bold")]
    lines += [(kind, found.refused[kind], "red") for kind in ("invalid", "duplicate", "failed") if found.refused[kind]]
    if known is not None:
        lines += [(reason.rstrip("."), count, "yellow") for reason, count in known.suppressed.most_common()]
        lines += [("have this mail already", known.already_sent, "yellow")] if known.already_sent else []
    lines.append(("would get the mail", result.to_send, "bold green"))
    for label, count, style in lines:
        table.add_row(Text(label, style=style), Text(f"{count:,}", style=style))
    return table


def _print_rows(console: Console, result: Result) -> None:
    found = result.look
    for refusal in found.refusals:
        console.print(Text(f"row {refusal.row:,}: {refusal.raw_email}  {refusal.reason}", style="red"), soft_wrap=True)
    if (more := found.refused.total() - len(found.refusals)) > 0:
        console.print(Text(f"and {more:,} rows more that are refused", style="red"))
    for row, written, email in found.normalisations[:3]:
        console.print(Text(f"row {row:,}: {written.strip()} is sent to as {email}", style="dim"), soft_wrap=True)
    if found.normalised > 3:
        console.print(Text(f"{found.normalised:,} addresses were written in another form", style="dim"))
    if found.untracked:
        console.print(Text(f"{found.untracked:,} said no to tracking; they are not tracked", style="dim"))
    for column, count in found.web_addresses.items():
        told = f"{column} holds a web address in {count:,} rows: mail programs make links of such text"
        console.print(Text(told, style="yellow"), soft_wrap=True)


def _print_estimate(console: Console, result: Result) -> None:
    found = result.estimate
    assert found is not None  # noqa: S101 - asked for only where there is one
    costs = ", ".join(f"{name} {usd:,.2f}" for name, usd in found.cost.items() if usd >= 0.005)
    console.print(Text(f"\nIt takes about {duration(found.seconds)} at the account's rate."))
    detail = f" ({costs})" if costs else ""
    total = f"about {found.total:,.2f}" if found.total >= 0.01 else "less than 0.01"
    console.print(Text(f"It costs {total} USD{detail}; prices of {NOTED}."), soft_wrap=True)
