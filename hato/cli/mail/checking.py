"""`hato mail check`."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from chalicelib.errors import MailInvalid
from hato.cli.finding import stored_mail
from hato.cli.mail.naming import ListFile, MailName, Where, named_file
from hato.cli.options import Json
from hato.cli.output import print_json
from hato.cli.progress import doing
from hato.cli.reach import EndpointUrl, Region, Stage
from hato.mails.checking import Finding, Level, examine
from hato.mails.checking.finding import error
from hato.mails.compiling import compile_mail
from hato.mails.mail_file import read_mail_file
from hato.mails.sample import rows_of

_STYLES = {Level.ERROR: "bold red", Level.WARNING: "yellow", Level.NOTE: "dim"}


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(name="check")(check_command)


def check_command(
    mail: MailName,
    mailing_list: ListFile = None,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail, too.")] = False,
    as_json: Json = False,
    stage: Stage = None,
    endpoint_url: EndpointUrl = None,
    region: Region = None,
) -> None:
    """Look for what is amiss in a mail before anybody gets it; exit status 1 where there is an error.

    Parts, unsubscribe links, addresses of links and pictures, size, subject; with a list, its merge fields in the
    first 1,000 rows; SpamAssassin's score where it is installed. Nothing is sent or stored.
    """
    with doing("Looking ..."):
        findings = _found(mail, mailing_list, Where(stage, endpoint_url, region))
    failing = {Level.ERROR, Level.WARNING} if strict else {Level.ERROR}
    is_well = all(finding.level not in failing for finding in findings)
    if as_json:
        print_json({"ok": is_well, "findings": [finding.to_document() for finding in findings]})
    else:
        print_findings(Console(), findings)
    if not is_well:
        raise typer.Exit(1)


def print_findings(console: Console, findings: Sequence[Finding]) -> None:
    """Print the findings, and what to do about each."""
    for finding in findings:
        where = f"{finding.part}, line {finding.line}" if finding.line else finding.part
        head = (f"{finding.level:<7}", _STYLES[finding.level])
        console.print(Text.assemble(head, f"  {where}: {finding.text}"), soft_wrap=True)
        if finding.mend:
            console.print(Text(f"         -> {finding.mend}", style="cyan"), soft_wrap=True)
    counts = Counter(finding.level for finding in findings)
    told = [f"{counts[level]} {level}{'s' * (counts[level] > 1)}" for level in Level if counts[level]]
    console.print(", ".join(told) or "Nothing is amiss.")


def _found(name: str, mailing_list: Path | None, where: Where) -> list[Finding]:
    path = named_file(name)
    try:
        file = read_mail_file(path) if path else None
        mail = compile_mail(file) if file else stored_mail(where.reach(), name)
        columns, recipients = rows_of(mailing_list) if mailing_list else (None, [])
        return examine(mail, columns, recipients, datetime.now(UTC), file.text if file else "")
    except MailInvalid as why:
        return [error("mail", str(why))]
