"""The `hato` command as people call it, but in the tests' own process: to start one takes longer than most commands."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import cache

import botocore.session
import pytest

from hato.access import Access
from hato.cli.main import main
from hato.local.cloud import LocalCloud
from tests.cli.shapes import command_of, shape_of

Run = Callable[..., "subprocess.CompletedProcess[str]"]
# Each session of boto3 reads the models of its services anew, a megabyte or so: one process need not.
loader = cache(botocore.session.create_loader)
_KEPT = {"AWS_DATA_PATH"}  # what goes on beside the tests needs it


@pytest.fixture(scope="session")
def hato(cloud: LocalCloud, deployed: Access, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs `hato` against the tests' local cloud; nothing of this machine's AWS settings is seen."""
    empty = tmp_path_factory.mktemp("home")
    settings = {
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
        words = ["hato", *map(str, arguments)]
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            for name in [each for each in os.environ if each.startswith(("AWS_", "HATO_")) and each not in _KEPT]:
                patch.delenv(name)
            for name, value in (settings | changed).items():
                patch.setenv(name, value)
            patch.setattr(botocore.session, "create_loader", loader)
            patch.setattr(sys, "argv", words)
            patch.setattr(sys, "stdin", io.StringIO(stdin))
            status = exit_status()
        if "--json" in words and out.getvalue():
            check_document(words, out.getvalue())
        return subprocess.CompletedProcess(words, status, out.getvalue(), err.getvalue())

    return run


def check_document(words: list[str], output: str) -> None:
    """What a program reads is one document, and as docs/json.md says; every test with --json holds it to that."""
    faults = list(shape_of(command_of(words)).faults(json.loads(output)))
    assert faults == [], f"{' '.join(words)} prints what docs/json.md does not say"


def exit_status() -> int:
    """Run the command; what its process would end with."""
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0
