"""The `hato` command: what it takes, and how it fails: in one clear sentence."""

import sys

import typer
from botocore.exceptions import BotoCoreError, ClientError
from typer.exceptions import TyperException

from chalicelib.errors import HatoError
from hato.access import in_one_sentence
from hato.cli import campaign, check, contacts, dead_letters, deployment, doctor, local, mail, person, sending, smoke

app = typer.Typer(
    name="hato",
    help="Bulk mail from your own AWS account: each address once, every row accounted for.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(local.app, name="local")
app.add_typer(mail.app, name="mail")
app.add_typer(contacts.app, name="contacts")
app.add_typer(dead_letters.app, name="dead-letters")
for module in (deployment, check, sending, campaign, person, smoke, doctor):
    module.register(app)


def main() -> None:
    """Run the command; every error that can be expected is one sentence and exit status 1."""
    try:
        code = app(standalone_mode=False)
    except typer.Abort:
        sys.exit(130)
    except TyperException as error:  # what Typer itself has to say of how it was called
        error.show()  # type: ignore[attr-defined] # every one that Typer raises has it, by a class it keeps to itself
        sys.exit(error.exit_code)
    except (BotoCoreError, ClientError) as error:
        _fail(in_one_sentence(error))
    except (HatoError, OSError, UnicodeDecodeError) as error:
        _fail(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    else:
        sys.exit(code or 0)


def _fail(sentence: str) -> None:
    sys.stderr.write(f"hato: {sentence}\n")
    sys.exit(1)


if __name__ == "__main__":
    main()
