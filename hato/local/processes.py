"""Processes in the background: started, recognised later, and ended together with all their children."""

import contextlib
import os
import socket
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_PATIENCE = 10.0
_CLOCK_TOLERANCE = 2.0

# subprocess warns of a child that outlives its handle; these are meant to outlive even this process.
_STARTED: list[subprocess.Popen[bytes]] = []


@dataclass(frozen=True, slots=True)
class Process:
    """One process of this machine; a process id alone may belong to another one tomorrow."""

    pid: int
    created: float

    @classmethod
    def start(cls, command: Sequence[str], environment: Mapping[str, str], log: Path, folder: Path) -> "Process":
        """Start the command in a session of its own, writing to the log; it outlives the one who started it."""
        with log.open("ab") as output:
            child = subprocess.Popen(  # noqa: S603 - programs of this checkout, with arguments of ours
                list(command),
                env=dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        _STARTED.append(child)
        return cls(child.pid, psutil.Process(child.pid).create_time())

    def find(self) -> psutil.Process | None:
        """The running process; None where it has ended."""
        with contextlib.suppress(psutil.NoSuchProcess):
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.created) < _CLOCK_TOLERANCE
            if same and process.status() != psutil.STATUS_ZOMBIE:
                return process
        return None

    def end(self) -> None:
        """End it and every child it has, at once: none has anything to save. Nothing happens where it has ended."""
        process = self.find()
        if process is not None:
            _end_family(process)
        for child in [each for each in _STARTED if each.pid == self.pid]:
            child.poll()
            _STARTED.remove(child)


def _end_family(process: psutil.Process) -> None:
    process.suspend()  # or it goes on to start children
    family = [*process.children(recursive=True), process]
    for each in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            each.kill()
    psutil.wait_procs(family, timeout=_PATIENCE)


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def small_environment(**more: str) -> dict[str, str]:
    """What a server needs of this environment and no more: nothing of the user's AWS settings."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "SYSTEMROOT", "SSL_CERT_FILE")
    return {name: os.environ[name] for name in kept if name in os.environ} | more
