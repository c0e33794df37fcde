"""The fault proxy, started and ended by the test, before a server that keeps what it was sent."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hato.faults import start_fault_proxy
from hato.local.processes import free_port
from tests.faults.wire import KeepingServer

StartProxy = Callable[..., int]


@pytest.fixture
def server() -> Iterator[KeepingServer]:
    started = KeepingServer()
    yield started
    started.close()


@pytest.fixture
def start_proxy(tmp_path: Path, server: KeepingServer) -> Iterator[StartProxy]:
    """Starts a proxy before the server, or before another one, with these settings; returns its port."""
    processes = []

    def start(to_url: str = server.url, **settings: Any) -> int:
        port = free_port()
        processes.append(start_fault_proxy(tmp_path, to_url, port, **settings))
        return port

    yield start
    for process in processes:
        process.end()
