"""`hato mail`: the mails that campaigns send."""

import typer

from hato.cli.mail import checking, previewing, storing, trying

app = typer.Typer(help="The mails that campaigns send.", no_args_is_help=True)
for module in (storing, previewing, checking, trying):
    module.register(app)
