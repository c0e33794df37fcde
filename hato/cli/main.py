"""The `hato` command: what it takes, and how it fails: in one clear sentence."""

import io
import os
import sys
from typing import NoReturn

import typer
from botocore.exceptions import BotoCoreError, ClientError
from typer.exceptions import TyperException

from chalicelib.errors import HatoError
from hato.cli import (
    campaign,
    check,
    contacts,
    cost,
    dead_letters,
    demo,
    deployment,
    doctor,
    local,
    mail,
    person,
    sending,
    smoke,
    steering,
)
from hato.cli.exit_status import ExitStatus
from hato.cli.failing import sentence, usage

app = typer.Typer(
    name="hato",
    help="Bulk mail from your own AWS account: each address once, every row accounted for.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
app.add_typer(local.app, name="local")
app.add_typer(mail.app, name="mail")
app.add_typer(contacts.app, name="contacts")
app.add_typer(dead_letters.app, name="dead-letters")
for module in (deployment, check, sending, campaign, steering, demo, person, smoke, doctor, cost):
    module.register(app)


def main() -> None:
    """Run the command; every error that can be expected is one sentence on the standard error."""
    _show_what_can_be_shown()
    try:
        code = app(prog_name="hato", standalone_mode=False)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(ExitStatus.BROKEN_OFF)
    except TyperException as error:  # what Typer itself has to say of how it was called
        if not error.format_message():  # its help was asked for by saying nothing
            sys.exit(ExitStatus.MISUSED)
        _fail(usage(error), ExitStatus.MISUSED)
    except BrokenPipeError:  # whoever read it has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitStatus.NOT_DONE)
    except (BotoCoreError, ClientError, HatoError, OSError, UnicodeDecodeError) as error:
        _fail(sentence(error), ExitStatus.NOT_DONE)
    else:
        sys.exit(code or 0)


def _show_what_can_be_shown() -> None:
    """A character that the terminal's encoding has not must not end a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _fail(words: str, status: ExitStatus) -> NoReturn:
    sys.stderr.write(f"hato: {words}\n")
    sys.exit(status)


if __name__ == "__main__":
    main()
