"""How well Hato keeps to SES's rate, and how much of it it uses: `python -m bench.pacing`, in virtual time."""

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from random import Random

from rich.console import Console
from rich.table import Table

from bench.pacing_result import Result, measure
from bench.pacing_simulation import Scenario
from hato.project import BUILD, shown

RATES = (1.0, 14.0, 200.0, 1000.0, 10_000.0)
SEED = 27
_RESULT = BUILD / "pacing.json"
_COLUMNS = ("rate", "workers", "share\nused", "largest\nsecond", "429s", "mean\nwait")


def _good_clock(chance: Random) -> float:
    return chance.gauss(0, 0.0005)


def _short_way(chance: Random) -> float:
    return chance.triangular(0.002, 0.012, 0.004)


def _bad_clock(chance: Random) -> float:
    return chance.uniform(-0.05, 0.05)


def _long_way(chance: Random) -> float:
    return min(0.2, 0.005 + chance.expovariate(1 / 0.025))


AS_ON_AWS = Scenario("as on AWS", _good_clock, _short_way)
ROUGH = Scenario("rough", _bad_clock, _long_way, share=0.9)
SHARED = Scenario("half taken by others", _good_clock, _short_way, taken=(60.0, 1e9))
SUPPRESSED = Scenario("3% suppressed", _good_clock, _short_way, suppressed=0.03)

_NOTES = {
    AS_ON_AWS: "all of the account's rate is Hato's; clocks within 1 to 2 ms, 2 to 12 ms to SES",
    ROUGH: "90% of the account's rate is Hato's; clocks 50 ms off either way, 5 to 200 ms to SES",
    SHARED: "from second 60 on; the share is of what they left over",
    SUPPRESSED: "the last call of a batch has empty seats",
}


def main() -> int:
    """Run all scenarios, print them and write them down; 0 where the rate is kept and used as on AWS, else 1."""
    console = Console()
    runs = [(scenario, rate) for scenario in _NOTES for rate in RATES]
    with console.status("Simulating ..."), ProcessPoolExecutor() as pool:
        results = list(pool.map(_measure, *zip(*runs, strict=True)))
    console.print(_table(results))
    for scenario, note in _NOTES.items():
        console.print(f"[bold]{scenario.name}[/]: {note}")
    _RESULT.parent.mkdir(exist_ok=True)
    _RESULT.write_text(json.dumps([asdict(result) for result in results], indent=1) + "\n")
    console.print(f"Written to {shown(_RESULT)}.")
    return int(not all(result.holds for result in results if result.scenario == AS_ON_AWS.name))


def _measure(scenario: Scenario, rate: float) -> Result:
    """Two minutes, or where mails are few, up to ten."""
    return measure(scenario, rate, seconds=min(600.0, max(120.0, 5000 / rate)), seed=SEED)


def _table(results: Sequence[Result]) -> Table:
    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column("scenario", no_wrap=True)
    for column in _COLUMNS:
        table.add_column(column, justify="right", no_wrap=True)
    for before, result in zip([None, *results], results, strict=False):
        is_first = before is None or before.scenario != result.scenario
        if is_first and before:
            table.add_row()
        table.add_row(result.scenario if is_first else "", *_cells(result))
    return table


def _cells(result: Result) -> tuple[str, ...]:
    return (
        f"{result.rate:,.0f}/s",
        f"{result.workers}",
        f"{result.share_used:.1%}",
        f"{result.largest_second:,}",
        f"{result.throttles} ({result.throttles / result.calls:.1%})" if result.throttles else "0",
        f"{result.mean_wait:.1f} s",
    )


if __name__ == "__main__":
    sys.exit(main())
