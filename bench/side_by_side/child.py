"""One contender in a process of its own: `python -m bench.side_by_side.child NAME LATENCY MAILS SECONDS`.

It sends one round for warming up, then rounds until so many mails are sent or so many seconds are over, and prints what
that took as JSON. AWS_ENDPOINT_URL is where the stand-in is.
"""

import contextlib
import json
import os
import resource
import sys
import time
from pathlib import Path
from urllib.request import urlopen

from bench.side_by_side.contender import ENTRIES
from bench.side_by_side.letter import LETTER, people


def main(name: str, latency: str, mails: int, seconds: float) -> None:
    """Run and print."""
    with (
        Path(os.devnull).open("w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        figures = run(name, latency, mails, seconds)
    print(json.dumps(figures))  # noqa: T201 - who started it reads this line


def run(name: str, latency: str, mails: int, seconds: float) -> dict[str, object]:
    """Seconds of the processor and of the clock, and calls by their names, for so many mails."""
    entry = next(entry for entry in ENTRIES if entry.name == name)
    contender = entry.make(LETTER)
    size = min(entry.round, mails)
    contender.ready(list(people(0, size)))()
    _stand_in(f"begin/{latency}")
    sent, cpu, wall = 0, 0.0, 0.0
    while sent < mails and wall < seconds:
        send = contender.ready(list(people(size + sent, size)))
        cpu_began, wall_began = time.process_time(), time.perf_counter()
        send()
        cpu, wall = cpu + time.process_time() - cpu_began, wall + time.perf_counter() - wall_began
        sent += size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"mails": sent, "cpu": cpu, "wall": wall, "peak_rss_mb": peak, "calls": _stand_in("calls")}


def _stand_in(order: str) -> dict[str, int]:
    with urlopen(f"{os.environ['AWS_ENDPOINT_URL']}/_stand_in/{order}") as answer:  # noqa: S310 - it is on this machine
        counted: dict[str, int] = json.load(answer)
    return counted


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
