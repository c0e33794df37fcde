"""Each thing in a process of its own, one at a time, by turns."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.intake.result import Measured, Result, largest
from bench.reading import write_list
from hato.project import ROOT

ROUNDS: Mapping[int, int] = {10_000: 5, 1_000_000: 2, 10_000_000: 1}
NAMES = ("csv.reader", "read", "prepare", "finish", "boto3", "paging", "recount")
STEPS = ("prepare", "finish")
LEAST_ROWS = 1_000_000  # below, buffers are not full yet, and nothing can be reckoned from how memory grows
# Beyond, a row takes what it took before, and minutes would become a quarter of an hour.
MOST_ROWS: Mapping[str, int] = {"boto3": 10_000, "paging": 1_000_000, "recount": 1_000_000}


def measure(
    rounds: Mapping[int, int] = ROUNDS, names: Sequence[str] = NAMES, most: Mapping[str, int] = MOST_ROWS
) -> Result:
    """Measure all this with lists of these sizes, each so many times; some with no more rows than `most` says."""
    measured: list[Measured] = []
    with TemporaryDirectory() as folder:
        for rows, times in sorted(rounds.items()):
            path = Path(folder) / "list.csv"
            write_list(path, rows)
            measured += _of_size([name for name in names if rows <= most.get(name, rows)], rows, times, path)
    tells = sum(rows >= LEAST_ROWS for rows in rounds) > 1
    return Result(measured, [largest(name, measured) for name in STEPS if tells and name in names])


def _of_size(names: Sequence[str], rows: int, times: int, path: Path) -> Sequence[Measured]:
    found: dict[str, list[Mapping[str, Any]]] = {name: [] for name in names}
    for number in range(times):
        for name in names if number % 2 == 0 else reversed(names):
            found[name].append(_child(name, rows, path))
    return [_summed_up(name, rows, figures) for name, figures in found.items()]


def _summed_up(name: str, rows: int, figures: Sequence[Mapping[str, Any]]) -> Measured:
    worst = max(figures, key=lambda each: each["peak_mb"])
    return Measured(name, rows, [each["cpu"] for each in figures], worst["idle_mb"], worst["peak_mb"])


def _child(name: str, rows: int, path: Path) -> Mapping[str, Any]:
    command = [sys.executable, "-m", "bench.intake.child", name, str(rows), str(path)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    figures: Mapping[str, Any] = json.loads(done.stdout)
    return figures
