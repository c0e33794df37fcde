"""`python -m hato.truth`: a campaign to simulated people, and every number of its report held against what they did."""

import argparse
import json
import signal
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from hato.local import cloud as local_cloud
from hato.packaging import package
from hato.project import BUILD
from hato.truth.run import Finding, hold_against_truth


def main(arguments: list[str] | None = None) -> int:
    """Run it; 0 where every number is right, else 1."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that the cloud ends with us
    console = Console()
    with console.status("Packaging the functions ...") as status, tempfile.TemporaryDirectory(prefix="hato-") as folder:
        made = package(BUILD / "truth-package", local_cloud.STAGE)
        cloud = local_cloud.start(Path(folder) / "cloud", rate=options.rate)
        try:
            # Its people complain more than a campaign may bear that is not a test.
            access = cloud.deploy(made, "pigeon@example.com", parameters={"ComplaintLimit": "1", "BounceLimit": "1"})
            finding = hold_against_truth(cloud, access, options.recipients, options.seed, status.update)
        finally:
            cloud.down()
    _show(console, finding)
    return 1 if finding.wrong else 0


def _show(console: Console, finding: Finding) -> None:
    table = Table(box=None, padding=(0, 1), header_style="dim")
    table.add_column("number")
    table.add_column("truth", justify="right")
    for name, value in finding.expected.items():
        if isinstance(value, int):
            table.add_row(name, f"{value:,}")
    console.print(table)
    for sentence in finding.wrong:
        console.print(f"[red]✗[/] {sentence}", soft_wrap=True)
    if not finding.wrong:
        console.print(
            f"[green]✓[/] {finding.recipients:,} recipients, {finding.events:,} events, each told twice and out of "
            "order: every number of the report, its page and the ledger is right."
        )
    (BUILD / "truth.json").write_text(json.dumps(finding.expected, indent=2) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hato.truth", description=__doc__)
    parser.add_argument("--recipients", type=int, default=5_000)
    parser.add_argument("--rate", type=float, default=200.0, help="mails a second")
    parser.add_argument("--seed", type=int, default=1)
    return parser


if __name__ == "__main__":
    sys.exit(main())
