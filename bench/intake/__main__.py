"""`python -m bench.intake [ROWS ...]`: measure, print one table, and write it to build/intake.json.

By itself it takes some minutes. Where sizes are named, everything is done with so many rows, which may take longer.
"""

import json
import sys
from dataclasses import asdict

from rich.console import Console

from bench.intake.measuring import ROUNDS, measure
from bench.intake.table import sentences, table
from hato.project import BUILD, shown

_RESULT = BUILD / "intake.json"


def main(*sizes: int) -> int:
    """Measure these sizes, or all; 0 where ten million rows fit into the Lambdas, else 1."""
    console = Console()
    with console.status("Reading, preparing, finishing, recounting ..."):
        result = measure({rows: ROUNDS.get(rows, 3) for rows in sizes}, most={}) if sizes else measure()
    console.print(table(result))
    for sentence in sentences(result):
        console.print(sentence)
    _RESULT.parent.mkdir(exist_ok=True)
    _RESULT.write_text(json.dumps(asdict(result), indent=1) + "\n")
    console.print(f"Written to {shown(_RESULT)}.")
    return int(not result.holds)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
