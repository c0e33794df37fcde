"""A fault lab's proxy: it stands before AWS or an emulator, and some of the calls it passes on go wrong.

A lab picks the port first, since the emulator's functions must know it from their start:

    port = free_port()
    cloud = start(folder, functions=endpoints(port))
    proxy = start_fault_proxy(folder, cloud.endpoint_url, port, seed=1, throttles=0.05, on=False)
    ...                         # deploy in peace
    change(port, on=True)
"""

import json
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from chalicelib.errors import HatoError
from hato.local.processes import Process, small_environment

_SERVICES = ("DYNAMODB", "SQS", "SFN", "S3")
_START_SECONDS = 30.0


class FaultProxyFailed(HatoError):
    """The proxy did not start."""


def endpoints(port: int) -> dict[str, str]:
    """The environment that sends boto3's calls to DynamoDB, SQS, Step Functions and S3 through the proxy."""
    return {f"AWS_ENDPOINT_URL_{service}": f"http://127.0.0.1:{port}" for service in _SERVICES}


def start_fault_proxy(
    folder: Path,
    to_url: str,
    port: int,
    *,
    seed: int = 1,
    throttles: float = 0.0,
    resets_before: float = 0.0,
    resets_after: float = 0.0,
    on: bool = True,
) -> Process:
    """Start the proxy before `to_url`, its log in the folder. The faults are shares of all requests, 0 to 1.

    Raises FaultProxyFailed.
    """
    log = folder / "faults.log"
    process = Process.start(
        [
            *(sys.executable, "-m", "hato.faults.proxy", "--port", str(port), "--to", to_url, "--seed", str(seed)),
            *("--throttles", str(throttles)),
            *("--resets-before", str(resets_before), "--resets-after", str(resets_after)),
            *(() if on else ("--off",)),
        ],
        small_environment(PYTHONDONTWRITEBYTECODE="1"),
        log,
        folder,
    )
    _wait_for(process, port, log)
    return process


def status(port: int) -> dict[str, Any]:
    """How many requests have come, how many of each fault were injected, and into which operations."""
    return _ask(port, "/_faults/status")


def change(port: int, **settings: float | bool) -> dict[str, Any]:
    """Change `on`, `throttles`, `resets_before` or `resets_after`; the settings as they are now."""
    return _ask(port, "/_faults/settings", json.dumps(settings).encode())


def _ask(port: int, path: str, body: bytes | None = None) -> dict[str, Any]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, method="GET" if body is None else "PUT")
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - our own server
        found: dict[str, Any] = json.load(answer)
        return found


def _wait_for(process: Process, port: int, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.find() is not None:
        try:
            status(port)
        except OSError:
            time.sleep(0.05)
        else:
            return
    process.end()
    last = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
    raise FaultProxyFailed(f"The fault proxy did not start; the end of {log}:\n{last}")
