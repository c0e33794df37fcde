"""What a million mails cost beyond SES's own fee, by Hato and by the articles' systems: `python -m bench.cost`.

All three were counted on the local cloud, by `python -m bench.counting`.
"""

import json
import sys
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table

from hato.cost.billing import Bill, Use, bill
from hato.cost.counted import HATO, counted
from hato.cost.page import TARGET, TITLES
from hato.project import BUILD, shown

MILLION = 1_000_000
_RESULT = BUILD / "cost.json"
_WHY = (
    "Each event is written twice, into the ledger and into its campaign's counters. docs/cost.md says what would "
    "bring it down, and at what price."
)


@dataclass(frozen=True, slots=True)
class Result:
    """USD by system and service, of a million mails."""

    counted_on: str
    by_service: dict[str, dict[str, float]]
    usd: dict[str, float]

    @property
    def holds(self) -> bool:
        """Whether Hato costs no more than it is to."""
        return self.usd[HATO] <= TARGET


def main() -> int:
    """Print and write it down; 0 where Hato keeps to its target, else 1."""
    result = measure()
    console = Console()
    console.print(table(result))
    _RESULT.parent.mkdir(exist_ok=True)
    _RESULT.write_text(json.dumps(asdict(result), indent=1) + "\n")
    usd = result.usd[HATO]
    said = "met" if result.holds else f"MISSED by {usd / TARGET - 1:.0%}"
    console.print(f"{said}: USD a million mails beyond SES's fee: {usd:.2f}, at most {TARGET:.2f}")
    if not result.holds:
        console.print(_WHY, soft_wrap=True)
    console.print(f"Calls as counted on {result.counted_on}. Written to {shown(_RESULT)}.")
    return int(not result.holds)


def measure() -> Result:
    """What the committed counts come to."""
    bills = {name: bills_of(name) for name in TITLES}
    by_service = {name: each.by_service() for name, each in bills.items()}
    return Result(counted().on, by_service, {name: round(each.usd, 4) for name, each in bills.items()})


def bills_of(name: str) -> Bill:
    """The bill of a million mails."""
    return bill(Use(MILLION), name)


def cost_per_million() -> dict[str, float]:
    """USD beyond SES's fee, by system."""
    return measure().usd


def table(result: Result) -> Table:
    """A row for each service, a column for each system."""
    made = Table(title="USD for a million mails, beyond SES's fee", box=None, padding=(0, 1), header_style="dim")
    made.show_footer, made.footer_style = True, "bold"
    made.add_column("", "together")
    for name in TITLES:
        made.add_column(TITLES[name], f"{result.usd[name]:,.2f}", justify="right")
    services = dict.fromkeys(service for name in TITLES for service in result.by_service[name])
    for service in services:
        usd = [result.by_service[name].get(service, 0.0) for name in TITLES]
        made.add_row(service, *(f"{each:,.2f}" if each else "" for each in usd))
    return made


if __name__ == "__main__":
    sys.exit(main())
