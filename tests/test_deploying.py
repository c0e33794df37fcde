"""Stacks are made and updated beside each other, on the local cloud."""

import shutil
from pathlib import Path

import pytest
import yaml

from hato.access import Access, StackNotFound
from hato.deploying import DeployFailed, deploy
from hato.destroying import data, destroy
from hato.local import cloud as local_cloud
from hato.local.cloud import LocalCloud
from hato.packaging import Package
from hato.stacks import Stack

pytestmark = pytest.mark.cloud


def reach(cloud: LocalCloud, stage: str) -> Access:
    return Access(stage, cloud.region, cloud.endpoint_url, cloud.inbox_url, local_cloud.CREDENTIALS)


def test_a_new_stack_needs_its_sender(cloud: LocalCloud, made_package: Package) -> None:
    with pytest.raises(DeployFailed, match="--sender"):
        deploy(reach(cloud, "no-sender"), made_package, {})
    with pytest.raises(StackNotFound, match="hato-no-sender"):
        reach(cloud, "no-sender").outputs["UploadBucket"]


def test_a_second_stage_stands_beside_the_first_and_an_update_keeps_what_is_not_said_again(
    cloud: LocalCloud, deployed: Access, made_package: Package
) -> None:
    second = reach(cloud, "second")
    outputs = deploy(second, made_package, {"Sender": "second@example.com"})
    assert all("second" in outputs[name] for name in ("UploadBucket", "MailsTable", "SendQueue", "StateMachine"))
    assert outputs["MailsTable"] != deployed.outputs["MailsTable"]

    said: list[str] = []
    deploy(second, made_package, {}, said.append)
    assert not any("complete" in line for line in said)  # nothing had changed, so nothing was done

    assert deploy(second, made_package, {"SendingShare": "0.5"}) == outputs
    function = second.client("lambda").get_function_configuration(FunctionName="hato-second-send_batch")
    variables = function["Environment"]["Variables"]
    assert (variables["SENDER"], variables["SENDING_SHARE"]) == ("second@example.com", "0.5")


def spoilt(package: Package, folder: Path) -> Package:
    """The package with an alarm that the local cloud refuses to make, when most of the stack is there."""
    shutil.copytree(package.folder, folder)
    made = Package(folder)
    template = yaml.safe_load(made.template.read_text())
    alarm = template["Resources"]["CampaignLateAlarm"]["Properties"]
    alarm["Metrics"] = [{"Id": "sum", "Expression": "SUM(METRICS())"}]
    made.template.write_text(yaml.safe_dump(template))
    return made


def test_a_stage_whose_creation_broke_off_is_made_over_what_it_left_and_can_be_destroyed_twice(
    cloud: LocalCloud, made_package: Package, tmp_path: Path
) -> None:
    access = reach(cloud, "broken")
    parameters = {"Sender": "a@example.com", "SendConcurrency": "5"}
    with pytest.raises(DeployFailed, match="hato-broken is ROLLBACK_COMPLETE"):
        deploy(access, spoilt(made_package, tmp_path / "spoilt"), parameters)
    left = data(access)
    assert left

    said: list[str] = []
    outputs = deploy(access, made_package, parameters, said.append)
    assert said[0] == "removing hato-broken, whose creation failed"
    assert outputs["MailsTable"] == "hato-broken-mails"

    destroy(access, delete_data=True)
    assert data(access) == []
    destroy(access, delete_data=True)


def test_an_update_that_fails_leaves_what_was_there(cloud: LocalCloud, made_package: Package, tmp_path: Path) -> None:
    access = reach(cloud, "steady")
    outputs = deploy(access, made_package, {"Sender": "a@example.com", "SendConcurrency": "5"})
    with pytest.raises(DeployFailed):
        deploy(access, spoilt(made_package, tmp_path / "spoilt"), {"SendingShare": "0.5"})
    assert Stack(access, access.stack).outputs() == outputs
    assert deploy(access, made_package, {}) == outputs
    destroy(access, delete_data=True)
