"""Hato beside what people would use instead: `python -m bench.side_by_side PYTHON [ROUNDS [RECIPIENTS]]`.

PYTHON is that of the environment that has the peers (`make bench` makes it); RECIPIENTS is how many the long list has
with which Hato's memory is looked at.
"""

import json
import sys

from rich.console import Console

from bench.cost import cost_per_million
from bench.side_by_side.measuring import MANY, ROUNDS, measure
from bench.side_by_side.result import SideBySide
from bench.side_by_side.table import notes, table, verdicts
from hato.project import BUILD, shown

RESULT = BUILD / "bench.json"


def main(python: str, rounds: int = ROUNDS, many: int = MANY) -> int:
    """Measure, print and write down; 0 where Hato's send step is as lean as promised, else 1."""
    console = Console()
    with console.status("Starting ...") as status:
        result = measure(python, status.update, rounds, many)
    console.print(table(result))
    console.print()
    console.print(notes())
    console.print()
    for line in verdicts(result):
        console.print(line)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(documents(result), indent=1) + "\n")
    console.print(f"Written to {shown(RESULT)}.")
    return int(not all(target.is_met for target in result.targets()))


def documents(result: SideBySide) -> list[dict[str, object]]:
    """A document a contender; those whose whole system was counted have what a million mails cost beside SES's fee."""
    costs = {name: {"cost_per_million": usd} for name, usd in cost_per_million().items()}
    return [each.to_document() | costs.get(each.name, {}) for each in result.figures]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:4])))
