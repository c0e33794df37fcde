"""Servers outlive who started them, and a worker that is broken off has but seconds to end them."""

import contextlib
import os
from pathlib import Path

import psutil


def end_whatever_runs_in(folder: Path) -> None:
    """End every process that works in this folder or below, with all its children."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.pid != os.getpid() and Path(process.cwd()).is_relative_to(folder):
                _end_family(process)


def _end_family(process: psutil.Process) -> None:
    process.suspend()  # or it goes on to start children
    for each in [*process.children(recursive=True), process]:
        with contextlib.suppress(psutil.NoSuchProcess):
            each.kill()
