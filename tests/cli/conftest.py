"""The `hato` command as people call it: in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hato.access import Access
from hato.local.cloud import LocalCloud

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def hato(cloud: LocalCloud, deployed: Access, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs `hato` against the tests' local cloud; nothing of this machine's AWS settings is seen."""
    empty = tmp_path_factory.mktemp("home")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "HATO_"))} | {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": cloud.region,
        "AWS_CONFIG_FILE": str(empty / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(empty / "credentials"),
        "HATO_LOCAL_FOLDER": str(empty / "local"),
        "HATO_STAGE": cloud.stage,
        "HATO_ENDPOINT_URL": cloud.endpoint_url,
        "COLUMNS": "120",
    }

    def run(*arguments: object, stdin: str = "", **changed: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "hato.cli.main", *map(str, arguments)],
            env=environment | changed,
            cwd=Path(__file__).parent,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    return run
