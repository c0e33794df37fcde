"""A run that is broken off leaves no server behind, and ends nobody else's."""

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from tests.leftovers import end_whatever_runs_in

SERVES = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'print(1, flush=True); input()'])"


class Server(subprocess.Popen[str]):
    """Waits for ever, and so does its child."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        pipe = subprocess.PIPE
        super().__init__(
            [sys.executable, "-c", SERVES], cwd=folder, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
        )
        assert self.stdout is not None
        assert self.stdout.readline() == "1\n"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Server]]:
    with ExitStack() as stack:

        def started(name: str) -> Server:
            server = stack.enter_context(Server(tmp_path / name))
            stack.callback(server.kill)
            return server

        yield started


def test_a_server_in_the_folder_is_ended_with_its_child_and_no_other(
    start: Callable[[str], Server], tmp_path: Path
) -> None:
    ours, theirs = start("ours"), start("theirs")
    (child,) = psutil.Process(ours.pid).children()
    end_whatever_runs_in(tmp_path / "ours")
    assert ours.wait(10) == -signal.SIGKILL
    _, alive = psutil.wait_procs([child], timeout=10)
    assert alive == []
    assert theirs.poll() is None
