"""`python -m hato.faults`: run campaigns into trouble, and check that nobody is lost and nobody gets a mail twice."""

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.status import Status
from rich.table import Table

from hato.faults.lab import run
from hato.faults.trouble import RUNS, Trouble
from hato.faults.verdict import Result
from hato.local.cloud import STAGE
from hato.packaging import package
from hato.project import BUILD

_RESULT = BUILD / "faults.json"
_COLUMNS = ("recipients", "kills", "throttled", "dropped", "accepted", "inbox", "lost", "doubled", "unknown")


def main(arguments: list[str] | None = None) -> int:
    """Run them all; 0 where Hato kept its promise in each, else 1."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that the clouds end with us
    console = Console()
    runs = [each for each in RUNS if not options.only or options.only in each.name]
    results = list(_run_all(console, runs, options.recipients, options.seed))
    console.print(table(results))
    wrongs = [f"{result.name}: {wrong}" for result in results for wrong in result.wrong] + compare(results)
    for sentence in wrongs:
        console.print(f"[red]✗[/] {sentence}")
    if not wrongs:
        console.print("[green]✓[/] nobody is lost, nobody got it twice whose events could tell, every row balances.")
    return 1 if wrongs else 0


def _run_all(console: Console, runs: Iterable[Trouble], recipients: int, seed: int) -> Iterable[Result]:
    with console.status("Packaging the functions ..."):
        made = package(BUILD / "faults-package", STAGE)
    done: list[Result] = []
    for trouble in runs:
        small = trouble.with_recipients(recipients) if recipients else trouble
        with console.status("") as status, tempfile.TemporaryDirectory(prefix="hato-faults-") as folder:
            result = run(small, made, Path(folder), partial(_tell, status, trouble.name), seed)
        console.print(f"{trouble.name}: {result.seconds:,.0f} s{''.join(f'; {wrong}' for wrong in result.wrong)}")
        done.append(result)
        _RESULT.parent.mkdir(parents=True, exist_ok=True)
        _RESULT.write_text(json.dumps([asdict(each) for each in done], indent=2) + "\n")
        yield result


def _tell(status: Status, name: str, text: str) -> None:
    status.update(f"{name}: {text}")


def compare(results: Iterable[Result]) -> list[str]:
    """Where a run's totals are not those of a run of as many without any trouble."""
    quiet = {each.recipients: each for each in results if not (each.kills or each.throttled or each.dropped)}
    return [
        f"{each.name}: accepted is {each.accepted}, and {quiet[each.recipients].accepted} where nothing goes wrong"
        for each in results
        if each.recipients in quiet and not each.unknown and each.accepted != quiet[each.recipients].accepted
    ]


def table(results: Iterable[Result]) -> Table:
    """The results for people."""
    shown = Table(box=None, padding=(0, 1), header_style="dim")
    shown.add_column("run", overflow="fold")
    for column in (*_COLUMNS, "balanced", "seconds"):
        shown.add_column(column, justify="right")
    for result in results:
        numbers = [f"{getattr(result, column):,}" for column in _COLUMNS]
        shown.add_row(result.name, *numbers, "yes" if result.balanced else "[red]no[/]", f"{result.seconds:,.0f}")
    return shown


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hato.faults", description=__doc__)
    parser.add_argument("--only", default="", metavar="WORDS", help="only the runs whose name holds these words")
    parser.add_argument("--recipients", type=int, default=0, help="so many in each run, in place of its own number")
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
