"""How long Hato's functions take from a cold start to their first AWS call: `python -m bench.cold_start [ROUNDS]`.

Each start is a process of its own, with nothing on its path but the package that is deployed, unzipped, and the SDK.
They take turns, beside bare Chalice and bare boto3 in the same package; figures are medians of one run. Not counted are
Python's own start, the names of hosts, and TLS. A call ends as the first request is about to ask where its host is.

Left alone: botocore by itself, without boto3, takes 18 ms less, but Hato would need its own multipart upload and
its own types of DynamoDB; endpoints.json, of which botocore reads all for a process's first client, takes 30 ms.
"""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.cold_start_apps import BARE, BARE_BOTH, SEND, Start, bare_apps, functions, uncompiled
from hato.packaging import package
from hato.project import BUILD, shown

ROUNDS = 15
MOST_OVER_BARE = 0.060  # seconds of the processor that the send function may take more than bare Chalice + boto3
MOST_ZIP_BYTES = 3_000_000
_RESULT = BUILD / "cold_start.json"
_CHILD = Path(__file__).with_name("cold_start_child.py")
_PATIENCE = 60.0
_SDK = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six")
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "STAGE": "dev",
    "SENDER": "pigeon@example.com",
    "STATE_MACHINE": "arn:aws:states:us-east-1:000000000000:stateMachine:hato-dev-campaign",
    "PAGES_URL": "https://pages.example.com/api/",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One function's or bare app's starts: seconds of each round, and how many modules they loaded."""

    name: str
    import_cpu: Sequence[float]
    import_wall: Sequence[float]
    first_call_cpu: Sequence[float]  # from the start of the import; empty where nothing is called
    first_call_wall: Sequence[float]
    modules_on_import: int
    modules_at_first_call: int
    has_boto3_on_import: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured, Hato's functions in the order of the flow and the bare apps after them."""

    figures: Sequence[Figure]
    zip_bytes: int

    @property
    def over_bare(self) -> float:
        """Seconds of the processor that the send function takes to its first call more than bare Chalice + boto3."""
        ours, bare = (self.figure(name).first_call_cpu for name in (SEND, BARE_BOTH))
        return median(ours) - median(bare)

    @property
    def holds(self) -> bool:
        """Whether the send function is as fast as promised, nothing imports boto3 too early, and the zip is small."""
        early = any(each.has_boto3_on_import for each in self.figures if "boto3" not in each.name)
        return self.over_bare <= MOST_OVER_BARE and not early and self.zip_bytes <= MOST_ZIP_BYTES

    def figure(self, name: str) -> Figure:
        """That function's or bare app's."""
        return next(each for each in self.figures if each.name == name)


def main(rounds: int = ROUNDS) -> int:
    """Measure, print and write down; 0 where all is as promised, else 1."""
    console = Console()
    with console.status("Starting cold ..."):
        result = measure(rounds)
    console.print(table(result))
    console.print(
        f"{SEND} takes {result.over_bare * 1000:+.0f} ms to its first call beside bare {BARE_BOTH} "
        f"(at most {MOST_OVER_BARE * 1000:+.0f}); the zip has {result.zip_bytes / 1e6:.2f} MB"
    )
    _RESULT.parent.mkdir(exist_ok=True)
    _RESULT.write_text(json.dumps(asdict(result) | {"over_bare": result.over_bare}, indent=1) + "\n")
    console.print(f"Written to {shown(_RESULT)}.")
    return int(not result.holds)


def measure(rounds: int = ROUNDS) -> Result:
    """Package, and start every function and every bare app so many times, by turns."""
    with TemporaryDirectory(prefix="hato-cold-start-") as name:
        folder = Path(name)
        archive = package(folder / "package").archive
        task, sdk = unpacked(archive, folder), sdk_folder(folder)
        starts = [*functions(task), uncompiled(task, folder), *bare_apps(folder)]
        found: dict[str, list[Mapping[str, Any]]] = {each.name: [] for each in starts}
        for number in range(rounds):
            for start in starts if number % 2 else reversed(starts):
                found[start.name].append(start_cold(start, (task, sdk)))
        return Result([_figure(name, told) for name, told in found.items()], archive.stat().st_size)


def unpacked(archive: Path, folder: Path) -> Path:
    """Where the package lies as Lambda unpacks it."""
    task = folder / "task"
    with zipfile.ZipFile(archive) as file:
        file.extractall(task)
    return task


def sdk_folder(folder: Path) -> Path:
    """A folder with the SDK and nothing else, as Lambda's runtime has it."""
    sdk = folder / "sdk"
    sdk.mkdir()
    for name in _SDK:
        spec = find_spec(name)
        origin = Path(str(spec.origin)) if spec else Path()
        source = origin.parent if origin.name == "__init__.py" else origin
        (sdk / source.name).symlink_to(source)
    return sdk


def start_cold(start: Start, packages: Iterable[Path]) -> dict[str, Any]:
    """What one cold start took, as the new process tells it."""
    paths = os.pathsep.join(map(str, dict.fromkeys((start.folder, *packages))))
    command = [sys.executable, "-I", "-S", str(_CHILD), paths, start.handler, json.dumps(start.event)]
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own program
        command, env=_ENVIRONMENT, capture_output=True, text=True, check=False, timeout=_PATIENCE
    )
    if done.returncode:
        raise RuntimeError(f"{start.name} did not start: {done.stderr[-2000:]}")
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _figure(name: str, rounds: Sequence[Mapping[str, Any]]) -> Figure:
    calls = [each["first_call_s"] for each in rounds if each.get("first_call_s")]
    last = rounds[-1]
    return Figure(
        name,
        import_cpu=[each["import_s"]["cpu"] for each in rounds],
        import_wall=[each["import_s"]["wall"] for each in rounds],
        first_call_cpu=[each["cpu"] for each in calls],
        first_call_wall=[each["wall"] for each in calls],
        modules_on_import=len(last["modules_on_import"]),
        modules_at_first_call=len(last.get("modules_at_first_call", last["modules_on_import"])),
        has_boto3_on_import=last["has_boto3"],
    )


def table(result: Result) -> Table:
    """Medians, the spread of the first call's, and how many modules the import loads."""
    made = Table(box=None, padding=(0, 1), header_style="dim")
    made.add_column("cold start, ms", no_wrap=True)
    for column in ("import\nCPU", "call\nCPU", "spread", "wall", "over\nbare", "modules"):
        made.add_column(column, justify="right", no_wrap=True)
    for each in result.figures:
        if each.name == BARE:
            made.add_row()
        made.add_row(each.name, *_cells(each, median(result.figure(BARE_BOTH).first_call_cpu)))
    return made


def _cells(figure: Figure, bare: float) -> Iterator[str]:
    calls = figure.first_call_cpu
    yield _ms(figure.import_cpu)
    yield _ms(calls)
    yield f"{min(calls) * 1000:.0f} to {max(calls) * 1000:.0f}" if calls else ""
    yield _ms(figure.first_call_wall)
    yield f"{(median(calls) - bare) * 1000:+.0f}" if calls else ""
    yield f"{figure.modules_on_import}"


def _ms(seconds: Sequence[float]) -> str:
    return f"{median(seconds) * 1000:.0f}" if seconds else ""


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
