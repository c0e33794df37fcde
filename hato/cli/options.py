"""Arguments and options that several commands have in common."""

from pathlib import Path
from typing import Annotated

import typer

from hato.cli.completing import campaign_ids, mail_ids

Campaign = Annotated[str, typer.Argument(help="The campaign's id.", show_default=False, autocompletion=campaign_ids)]
StoredMail = Annotated[
    str, typer.Option("--mail", help="The id of the mail to send.", show_default=False, autocompletion=mail_ids)
]
List = Annotated[
    Path,
    typer.Argument(
        metavar="LIST.csv",
        help="The list: a CSV with a header.",
        exists=True,
        dir_okay=False,
        readable=True,
        show_default=False,
    ),
]
EmailColumn = Annotated[
    str,
    typer.Option("--email-column", metavar="NAME", help="The column of the addresses, where its name does not say."),
]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="NAME=VALUE", help="Only contacts of whom this holds.", show_default=False),
]
Watch = Annotated[bool, typer.Option("--watch", help="Stay until the campaign has ended.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
