"""How the emulator bears its work, from the operating system: its child processes are its Lambda workers."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import psutil


class EmulatorWorkers:
    """How many workers the emulator behind a local port has; None where that cannot be seen."""

    def __init__(self, endpoint_url: str, find: Callable[[int], psutil.Process | None] | None = None) -> None:
        self._port = urlsplit(endpoint_url).port
        self._find = find or listening_process
        self._process: psutil.Process | None = None

    def count(self) -> int | None:
        try:
            if self._process is None or not self._process.is_running():
                self._process = None if self._port is None else self._find(self._port)
            return None if self._process is None else len(self._process.children())
        except psutil.Error:
            self._process = None
            return None


def listening_process(port: int) -> psutil.Process | None:
    """The process that listens on a TCP port of this machine; None where it is another user's."""
    for connection in psutil.net_connections(kind="tcp"):
        if connection.status == psutil.CONN_LISTEN and connection.laddr[1:] == (port,) and connection.pid:
            return psutil.Process(connection.pid)
    return None
