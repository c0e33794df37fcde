"""All that is claimed of speed, memory and cost, measured in one run: `python -m bench PYTHON`, or `make bench`.

PYTHON is that of the environment that has the programs Hato is compared with.
"""

import sys
from collections.abc import Callable, Mapping

from rich.console import Console

from bench import cold_start, cost
from bench.intake import __main__ as intake
from bench.pipeline import __main__ as pipeline
from bench.side_by_side import __main__ as side_by_side

_TITLES: Mapping[str, str] = {
    "send": "The same mail to the same people",
    "start": "From a cold start to the first call",
    "lists": "Lists, reports and recounts",
    "cost": "What a million mails cost beside SES's own fee",
    "scale": "The whole pipeline, simulated",
}


def main(python: str) -> int:
    """Measure everything, one after the other; 0 where all targets are met, else 1."""
    parts: Mapping[str, Callable[[], int]] = {
        "send": lambda: side_by_side.main(python),
        "start": cold_start.main,
        "lists": intake.main,
        "cost": cost.main,
        "scale": pipeline.main,
    }
    console, missed = Console(), list[str]()
    for name, run in parts.items():
        console.rule(f"[bold]{_TITLES[name]}", align="left")
        if run():
            missed.append(_TITLES[name])
        console.print()
    console.print(f"Targets were missed in: {'; '.join(missed)}." if missed else "All targets are met.")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
