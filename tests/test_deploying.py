"""Stacks are made and updated beside each other, on the local cloud."""

import pytest

from hato.access import Access, StackNotFound
from hato.deploying import DeployFailed, deploy
from hato.local import cloud as local_cloud
from hato.local.cloud import LocalCloud
from hato.packaging import Package

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
