"""Simulate campaigns of all sizes, and say what breaks first: `python -m bench.pipeline`."""

import json
import sys
from dataclasses import asdict

from rich.console import Console

from bench.pipeline import limits_table, measure, table, verdicts
from hato.project import BUILD, shown

_RESULT = BUILD / "pipeline.json"


def main() -> int:
    """Simulate, print and write it down; 0 where Hato as it is costs the same at any size and uses the rate."""
    console = Console()
    with console.status("Simulating ..."):
        result = measure()
    console.print(table(result))
    console.print("* not past its start-up: it sends for less than 20 times as long as its Lambdas take to come up\n")
    console.print("From how many recipients on a limit is passed, as it is; the daily quota grows with the rate")
    console.print(limits_table(result))
    console.print()
    console.print(verdicts(result))
    _RESULT.parent.mkdir(exist_ok=True)
    _RESULT.write_text(json.dumps(asdict(result), indent=1).replace("Infinity", "null") + "\n")
    console.print(f"Written to {shown(_RESULT)}.")
    return int(not result.holds)


if __name__ == "__main__":
    sys.exit(main())
