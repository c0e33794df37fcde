"""The local cloud in the background: the AWS emulator, the SES simulator, and a note of where they are."""

import json
import os
import shutil
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from chalicelib.errors import HatoError
from hato.access import Access
from hato.deploying import Progress, deploy
from hato.local.processes import Process, free_port, small_environment
from hato.packaging import Package
from hato.project import ROOT

STAGE = "local"
REGION = "us-east-1"
CREDENTIALS = ("test", "test")  # the emulator's root user
_START_SECONDS = 60.0


class LocalCloudFailed(HatoError):
    """The local cloud did not start, or is not as it should be."""


@dataclass(frozen=True, slots=True)
class LocalCloud:
    """A running local cloud."""

    folder: str
    endpoint_url: str
    inbox_url: str
    emulator: Process
    simulator: Process
    region: str = REGION
    stage: str = STAGE

    @property
    def stack(self) -> str:
        """The stack's name."""
        return f"hato-{self.stage}"

    def access(self) -> Access:
        """The way to the Hato that is deployed on it."""
        return Access(self.stage, self.region, self.endpoint_url, self.inbox_url, CREDENTIALS)

    def deploy(
        self,
        package: Package,
        sender: str,
        progress: Progress = lambda text: None,
        parameters: Mapping[str, str] = {},
    ) -> Access:
        """Deploy the package to it; the way to what was deployed."""
        access = self.access()
        deploy(access, package, {"Sender": sender, **parameters}, progress)
        return access

    def is_up(self) -> bool:
        """Whether both of its processes run."""
        return self.emulator.find() is not None and self.simulator.find() is not None

    def ask(self, path: str) -> Any:
        """What the SES simulator answers to a GET of this path, read as JSON."""
        with urllib.request.urlopen(f"{self.inbox_url}{path}", timeout=30) as answer:  # noqa: S310 - our own server
            return json.load(answer)

    def tell(self, path: str, document: object) -> Any:
        """What the SES simulator answers to a PUT of this document, read as JSON."""
        body = json.dumps(document).encode()
        request = urllib.request.Request(f"{self.inbox_url}{path}", body, method="PUT")  # noqa: S310 - our own server
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own server
            return json.load(answer)

    def ask_lines(self, path: str) -> list[Any]:
        """The JSON lines that the SES simulator answers to a GET of this path."""
        with urllib.request.urlopen(f"{self.inbox_url}{path}", timeout=60) as answer:  # noqa: S310 - our own server
            return [json.loads(line) for line in answer]

    def down(self) -> None:
        """End it, and remove what it kept on disk."""
        self.simulator.end()
        self.emulator.end()
        shutil.rmtree(self.folder, ignore_errors=True)


def default_folder() -> Path:
    """Where the local cloud keeps its note and its logs: HATO_LOCAL_FOLDER, or a folder of this checkout."""
    return Path(os.environ.get("HATO_LOCAL_FOLDER") or ROOT / ".hato" / "local")


def running(folder: Path) -> LocalCloud | None:
    """The local cloud that runs from this folder; None where none does, or only a part of it."""
    cloud = noted(folder)
    return cloud if cloud is not None and cloud.is_up() else None


def noted(folder: Path) -> LocalCloud | None:
    """The local cloud that was started from this folder, whatever runs of it; None where there is no note of one."""
    try:
        note = json.loads((folder / "cloud.json").read_text())
    except (OSError, ValueError):
        return None
    emulator, simulator = (Process(**note.pop(name)) for name in ("emulator", "simulator"))
    return LocalCloud(**note, emulator=emulator, simulator=simulator)


def start(
    folder: Path,
    *,
    rate: float | None = None,
    enforce_iam: bool = False,
    options: tuple[str, ...] = (),
    functions: Mapping[str, str] = {},
    emulator: tuple[str, ...] = ("-m", "ministack"),
) -> LocalCloud:
    """Start a local cloud from this folder; `options` go to the SES simulator, `functions` are environment variables
    that the functions inherit, `emulator` is what Python runs as it. Raises LocalCloudFailed.
    """
    if rest := noted(folder):
        rest.down()
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "tmp").mkdir(parents=True)
    port, inbox_port = free_port(), free_port()
    endpoint_url, inbox_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{inbox_port}"
    key, secret = CREDENTIALS
    environment = small_environment(
        TMPDIR=str(folder / "tmp"),
        AWS_ACCESS_KEY_ID=key,
        AWS_SECRET_ACCESS_KEY=secret,
        AWS_DEFAULT_REGION=REGION,
        PYTHONDONTWRITEBYTECODE="1",
    )
    started = Process.start(
        [sys.executable, *emulator],
        environment
        | {
            "GATEWAY_PORT": str(port),
            "BIND_HOST": "127.0.0.1",
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "LOG_LEVEL": "WARNING",
            "AUTH": "true" if enforce_iam else "false",
            "AWS_ENDPOINT_URL_SESV2": inbox_url,  # the functions inherit it
            **functions,
        },
        folder / "emulator.log",
        folder,
    )
    simulator = Process.start(
        [
            *(sys.executable, "-m", "hato.local.ses", "--port", str(inbox_port), "--region", REGION),
            *("--aws-endpoint-url", endpoint_url),
            *(("--rate", str(rate)) if rate else ()),
            *options,
        ],
        environment,
        folder / "simulator.log",
        folder,
    )
    cloud = LocalCloud(str(folder), endpoint_url, inbox_url, started, simulator)
    try:
        _wait_for(cloud.emulator, f"{endpoint_url}/_ministack/health", folder / "emulator.log")
        _wait_for(cloud.simulator, f"{inbox_url}/_simulator/health", folder / "simulator.log")
    except LocalCloudFailed:
        simulator.end()
        started.end()
        raise
    (folder / "cloud.json").write_text(json.dumps(asdict(cloud)))
    return cloud


def _wait_for(process: Process, url: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.find() is not None:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    last = "\n".join(log.read_text(errors="replace").splitlines()[-5:])
    raise LocalCloudFailed(f"The local cloud did not start; the end of {log}:\n{last}")
