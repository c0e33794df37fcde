"""`hato cost`: what mails cost, line by line, before there is an account."""

from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from hato.checking.estimating import Account
from hato.cli.options import Json
from hato.cli.output import print_json
from hato.cost.billing import CLICKS, OPENS, Bill, Use, bill
from hato.cost.counted import counted
from hato.prices import NOTED

_LEAST = 0.005  # USD: a line below it is not worth one
_RATE = 200.0


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(name="cost")(cost)


def cost(
    mails: Annotated[int, typer.Option(min=0, metavar="COUNT", help="How many mails, in one campaign.")] = 1_000_000,
    opens: Annotated[float, typer.Option(min=0, max=10, help="Opens for each mail.")] = OPENS,
    clicks: Annotated[float, typer.Option(min=0, max=10, help="Clicks for each mail.")] = CLICKS,
    rate: Annotated[float, typer.Option(min=0.01, help="Mails a second that SES lets the account send.")] = _RATE,
    as_json: Json = False,
) -> None:
    """Say what mails cost beyond SES's own fee, line by line, and that fee apart.

    The calls are those that were counted in a campaign on the local cloud, the prices those of us-east-1; no account is
    asked. docs/cost.md says what is assumed.
    """
    use = Use(mails, opens, clicks, Account(rate).limits)
    due = bill(use)
    if as_json:
        print_json(_document(use, rate, due))
    else:
        _print(Console(), use, rate, due)


def _document(use: Use, rate: float, due: Bill) -> dict[str, Any]:
    return {
        "mails": use.mails,
        "opens": use.opens,
        "clicks": use.clicks,
        "rate": rate,
        "counted_on": counted().on,
        "prices_of": NOTED,
        "lines": [
            {
                "service": line.service,
                "who": line.who,
                "what": line.what,
                "amount": round(line.amount, 3),
                "unit": line.unit,
                "usd": round(line.usd, 6),
            }
            for line in due.lines
        ],
        "usd": round(due.usd, 6),
        "ses_usd": round(due.ses, 6),
    }


def _print(console: Console, use: Use, rate: float, due: Bill) -> None:
    shares = f"all delivered, {use.opens:.0%} opened, {use.clicks:.0%} clicked"
    console.print(Text(f"{use.mails:,} mails at {rate:g} a second, {shares}; beyond SES's own fee:\n"), soft_wrap=True)
    console.print(_table(due))
    console.print(
        Text(f"SES's own fee is {due.ses:,.2f} USD besides. Calls as counted on {counted().on}, prices of {NOTED}."),
        soft_wrap=True,
    )


def _table(due: Bill) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="dim", show_footer=True, footer_style="bold")
    table.add_column("service", "together")
    table.add_column("for")
    table.add_column("amount", justify="right")
    table.add_column("")
    table.add_column("USD", f"{due.usd:,.2f}", justify="right")
    shown = [line for line in due.lines if line.usd >= _LEAST]
    for line in shown:
        name = f"{line.who}: {line.what}" if line.what else line.who
        table.add_row(line.service, name, f"{line.amount:,.1f}", line.unit, f"{line.usd:,.2f}")
    if rest := sum(line.usd for line in due.lines if line.usd < _LEAST):
        table.add_row("all else", "", "", "", f"{rest:,.2f}" if rest >= _LEAST else "under 0.01")
    return table
