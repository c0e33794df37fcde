"""`python -m bench.counting [hato|article_a|article_b ...]`: count again what `hato cost` and docs/cost.md tell of.

All three systems take some five minutes. Of those that are not named, what was counted last is kept.
"""

import json
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from bench.counting.article_runs import count_article_a, count_article_b
from bench.counting.emulator import COMMAND
from bench.counting.hato_run import ONE, RATE, SEVERAL, count_hato
from bench.counting.record import Reader
from hato.cost import page
from hato.cost.counted import ARTICLE_A, ARTICLE_B, FILE, HATO, Counted, System, counted
from hato.local import cloud as local_cloud
from hato.packaging import package
from hato.project import BUILD, shown

NAMES = (ARTICLE_A, ARTICLE_B, HATO)


def main(names: Sequence[str]) -> int:
    """Count and write it down."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that the cloud ends with us
    console, began = Console(), time.monotonic()
    with console.status("Packaging the functions ...") as status:
        found = Counted(f"{datetime.now(UTC):%Y-%m-%d}", ONE + SEVERAL, _count(names or NAMES, status.update))
    FILE.write_text(_as_text(found))
    counted.cache_clear()
    page.main()
    console.print(f"Written to {shown(FILE)}, after {time.monotonic() - began:.0f} seconds.")
    return 0


def _count(names: Sequence[str], told: Callable[[str], None]) -> dict[str, System]:
    with tempfile.TemporaryDirectory(prefix="hato-") as folder:
        calls = Path(folder) / "calls.jsonl"
        calls.touch()
        made = package(BUILD / "counting-package", local_cloud.STAGE)
        functions = {"COUNT_INTO": str(calls), "SFN_WAIT_SCALE": "0.1"}
        cloud = local_cloud.start(
            Path(folder) / "cloud", rate=RATE, enforce_iam=True, functions=functions, emulator=COMMAND
        )
        try:
            reader = Reader(calls)
            count = {
                ARTICLE_A: lambda: count_article_a(cloud.access(), reader, told),
                ARTICLE_B: lambda: count_article_b(cloud.access(), reader, told),
                HATO: lambda: count_hato(cloud, cloud.deploy(made, "pigeon@example.com"), reader, told),
            }
            found = {name: count[name]() for name in NAMES if name in names}
            return {name: found.get(name) or counted().systems[name] for name in page.TITLES}
        finally:
            cloud.down()


def _as_text(found: Counted) -> str:
    """One count a line, without what is nothing."""
    systems = []
    for name, system in found.systems.items():
        lines = [
            "        " + json.dumps({key: value for key, value in asdict(each).items() if value})
            for each in system.counts
            if any((each.calls, each.bytes))
        ]
        own = {name: value for name, value in asdict(system).items() if name != "counts"}
        members = ",\n".join(f"      {json.dumps(key)}: {json.dumps(value)}" for key, value in own.items())
        systems.append(f'    "{name}": {{\n{members},\n      "counts": [\n' + ",\n".join(lines) + "\n      ]\n    }")
    head = f'  "on": "{found.on}",\n  "mails": {found.mails},\n  "command": "python -m bench.counting",\n'
    return "{\n" + head + '  "systems": {\n' + ",\n".join(systems) + "\n  }\n}\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
