"""Which mail a command is about, and whom it is filled in for: the arguments that several commands share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from chalicelib.domain.mail import Mail
from hato.access import Access
from hato.cli.completing import mail_ids
from hato.cli.finding import stored_mail
from hato.cli.reach import reach
from hato.mails.compiling import compile_file
from hato.mails.mail_file import is_mail_file
from hato.mails.sample import Sample, placeholders, row_of

FILE: dict[str, Any] = {"exists": True, "dir_okay": False, "readable": True, "show_default": False}

MailName = Annotated[
    str,
    typer.Argument(
        metavar="MAIL",
        help="A mail's file (.md, .txt, .html), or a stored one's id.",
        show_default=False,
        autocompletion=mail_ids,
    ),
]
ListFile = Annotated[
    Path | None,
    typer.Option("--list", metavar="LIST.csv", help="A list, whose rows fill the mail in.", **FILE),
]
Row = Annotated[
    int | None,
    typer.Option(
        metavar="N", help="The list's row, as a spreadsheet numbers it; else its first.", min=2, show_default=False
    ),
]


@dataclass(frozen=True)
class Where:
    """Which Hato a command speaks to, should it have to."""

    stage: str | None
    endpoint_url: str | None
    region: str | None

    def reach(self) -> Access:
        """The way there."""
        return reach(self.stage, self.endpoint_url, self.region)


def named_file(name: str) -> Path | None:
    """The file that this names; None where it is a mail's id."""
    path = Path(name)
    return path if is_mail_file(path) else None


def find_mail(name: str, where: Where) -> Mail:
    """The mail of the file, made ready, or the stored one. A file needs no network."""
    path = named_file(name)
    return compile_file(path) if path else stored_mail(where.reach(), name)


def sample_for(mail: Mail, mailing_list: Path | None, row: int | None) -> Sample:
    """Whom the mail is filled in for: a row of the list, or placeholders without one."""
    if mailing_list is None:
        if row is not None:
            raise typer.BadParameter("it is a row of a list: name that with --list.", param_hint="'--row'")
        return placeholders(mail)
    return row_of(mailing_list, row)
