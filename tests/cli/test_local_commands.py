"""`hato local`: up, status and down, with a cloud of its own."""

import json
import os
from pathlib import Path

import boto3
import psutil
import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.cloud


def test_a_local_cloud_comes_up_deployed_and_goes_down_without_a_trace(hato: Run, tmp_path: Path) -> None:
    own = {"HATO_LOCAL_FOLDER": str(tmp_path / "local"), "HATO_STAGE": "", "HATO_ENDPOINT_URL": ""}
    assert hato("local", "status", **own).returncode == 1
    up = hato("local", "up", "--json", **own)
    assert up.returncode == 0, up.stderr
    facts = json.loads(up.stdout)
    try:
        session = boto3.Session(facts["access_key_id"], facts["secret_access_key"], region_name=facts["region"])
        cloudformation = session.client("cloudformation", endpoint_url=facts["endpoint_url"])
        (stack,) = cloudformation.describe_stacks(StackName=facts["stack"])["Stacks"]
        outputs = {each["OutputKey"] for each in stack["Outputs"]}
        assert {"UploadBucket", "SendQueue", "EndpointURL"} <= outputs
        status = json.loads(hato("local", "status", "--json", **own).stdout)
        assert status == facts
        again = json.loads(hato("local", "up", "--json", **own).stdout)
        assert again == facts
        for process in _processes_of(tmp_path):  # one of the two dies: the other must not stay behind
            if "hato.local.ses" in process.info["cmdline"]:
                process.kill()
        assert hato("local", "status", **own).returncode == 1
    finally:
        processes = _processes_of(tmp_path)
        down = hato("local", "down", **own)
    assert down.stdout == "The local cloud is down.\n"
    assert processes
    assert [process for process in processes if process.is_running()] == []
    assert not (tmp_path / "local").exists()
    assert hato("local", "down", **own).stdout == "The local cloud is not running.\n"


def test_the_local_stage_without_a_local_cloud_says_how_to_start_one(hato: Run) -> None:
    failed = hato("status", "x", HATO_STAGE="local", HATO_ENDPOINT_URL="")
    assert failed.returncode == 1
    assert "`hato local up` starts it" in failed.stderr


def _processes_of(folder: Path) -> list[psutil.Process]:
    """The processes that run in this folder, this one left out."""
    found = []
    for process in psutil.process_iter(["cwd", "cmdline"]):
        told = [process.info["cwd"] or "", *(process.info["cmdline"] or ())]
        if process.pid != os.getpid() and any(str(folder) in each for each in told):
            found.append(process)
    return found
