"""One measurement in a process of its own: `python -m bench.intake.child NAME ROWS LIST`, printed as JSON."""

import gc
import json
import re
import resource
import sys
from pathlib import Path
from time import perf_counter, process_time

from bench.intake.runs import RUNS

_STATUS = Path("/proc/self/status")


def main(name: str, rows: int, path: Path) -> None:
    """Run and print seconds of the processor and of the clock, and the memory at most, before and after."""
    run = RUNS[name](rows, path)
    gc.collect()
    idle, began, wall = peak_mb(), process_time(), perf_counter()
    came_through = run()
    figures = {"cpu": process_time() - began, "wall": perf_counter() - wall, "idle_mb": idle, "peak_mb": peak_mb()}
    if came_through != rows:
        raise SystemExit(f"{name}: of {rows:,} rows {came_through:,} came through.")
    print(json.dumps(figures))  # noqa: T201 - who started it reads this line


def peak_mb() -> float:
    """The most memory that this process ever had. Linux's ru_maxrss may be that of who started it."""
    if _STATUS.exists() and (found := re.search(r"VmHWM:\s+(\d+)", _STATUS.read_text())):
        return int(found[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
