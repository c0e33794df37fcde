"""`hato doctor` against a deployed Hato on the local cloud."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hato.access import Access
from hato.local.cloud import LocalCloud
from tests.cli.conftest import Run

pytestmark = pytest.mark.cloud

Look = Callable[..., dict[str, Any]]


@pytest.fixture
def on_the_cloud(cloud: LocalCloud) -> dict[str, str]:
    """The environment in which `hato` finds the whole local cloud, its SES too."""
    return {"HATO_LOCAL_FOLDER": cloud.folder, "HATO_ENDPOINT_URL": ""}


@pytest.fixture
def look(hato: Run, on_the_cloud: dict[str, str]) -> Look:
    """What the command says as JSON, its findings by their subjects."""

    def looked(*arguments: str, **changed: str) -> dict[str, Any]:
        done = hato("doctor", "--json", *arguments, **(on_the_cloud | changed))
        assert done.stderr == ""
        document: dict[str, Any] = json.loads(done.stdout)
        assert done.returncode == (0 if document["ok"] else 1)
        return document | {each["subject"]: each for each in document["findings"]}

    return looked


@pytest.fixture
def sandbox(cloud: LocalCloud) -> Iterator[None]:
    """SES is in its sandbox."""
    before = cloud.ask("/_simulator/settings")
    cloud.tell("/_simulator/settings", {"sandbox": True})
    yield
    cloud.tell("/_simulator/settings", {name: before[name] for name in ("sandbox", "rate", "daily_quota")})


@pytest.fixture
def stranger(deployed: Access, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a user who may look at stacks and at nothing else."""
    iam = deployed.client("iam")
    iam.create_user(UserName="stranger")
    right = {"Effect": "Allow", "Action": "cloudformation:DescribeStacks", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [right]})
    iam.put_user_policy(UserName="stranger", PolicyName="look", PolicyDocument=document)
    key = iam.create_access_key(UserName="stranger")["AccessKey"]
    yield {
        "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        "HATO_LOCAL_FOLDER": str(tmp_path),
        "HATO_ENDPOINT_URL": str(deployed.endpoint_url),
    }
    iam.delete_access_key(UserName="stranger", AccessKeyId=key["AccessKeyId"])
    iam.delete_user_policy(UserName="stranger", PolicyName="look")
    iam.delete_user(UserName="stranger")


def test_nothing_fails_on_a_fresh_local_cloud(look: Look) -> None:
    found = look()
    assert found["ok"]
    good = (
        *("credentials", "production access", "sending", "standing", "quota", "suppression list", "identity", "DKIM"),
        *("stack", "functions", "configuration set", "feedback events", "delivery events", "engagement events"),
        *("subscriptions", "clock", "Python", "chalice", "boto3"),
    )
    assert {subject: found[subject]["text"] for subject in good if found[subject]["mark"] != "ok"} == {}
    assert found["identity"]["text"] == "pigeon@example.com is verified."
    assert re.fullmatch(r"\d+ functions run on python3\.\d+\.", found["functions"]["text"])
    asked = ("send dead letters", "event dead letters", "alarms", "notifications", "campaigns")
    assert {found[subject]["mark"] for subject in asked} <= {"ok", "warning"}
    assert {found[subject]["mark"] for subject in ("records", "bounce rate", "complaint rate")} == {"not known"}


def test_for_a_pipe_the_findings_are_plain_text(hato: Run, on_the_cloud: dict[str, str]) -> None:
    done = hato("doctor", **on_the_cloud)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert "\naccount\n  ok         credentials " in done.stdout


def test_the_sandbox_fails_and_says_the_way_out(look: Look, sandbox: None) -> None:
    found = look()
    assert not found["ok"]
    assert found["production access"]["mark"] == "failed"
    assert "put-account-details --production-access-enabled" in found["production access"]["mend"]
    assert found["identity"]["text"].startswith("Neither pigeon@example.com nor its domain is an identity")


def test_in_the_sandbox_a_verified_domain_is_found(look: Look, sandbox: None, deployed: Access) -> None:
    ses = deployed.client("sesv2")
    ses.create_email_identity(EmailIdentity="example.org")
    try:
        found = look("--sender", "News <news@lists.example.org>")
    finally:
        ses.delete_email_identity(EmailIdentity="example.org")
    assert (found["identity"]["mark"], found["identity"]["text"]) == ("ok", "example.org is verified.")


def test_the_command_that_mends_the_suppression_list_mends_it(look: Look, deployed: Access) -> None:
    ses = deployed.client("sesv2")
    ses.put_account_suppression_attributes(SuppressedReasons=["COMPLAINT"])
    found = look()
    ses.put_account_suppression_attributes(SuppressedReasons=["BOUNCE", "COMPLAINT"])
    assert found["suppression list"]["mark"] == "warning"
    assert look()["suppression list"]["mark"] == "ok"


def test_a_destination_that_was_changed_by_hand_fails(look: Look, deployed: Access) -> None:
    ses, name = deployed.client("sesv2"), deployed.outputs["ConfigurationSet"]
    destination = {"Enabled": True, "SnsDestination": {"TopicArn": deployed.outputs["DeliveryTopic"]}}

    def publish(*events: str) -> None:
        ses.update_configuration_set_event_destination(
            ConfigurationSetName=name,
            EventDestinationName="delivery",
            EventDestination=destination | {"MatchingEventTypes": list(events)},
        )

    publish("DELIVERY_DELAY")
    try:
        found = look()
    finally:
        publish("DELIVERY", "DELIVERY_DELAY")
    assert not found["ok"]
    assert found["delivery events"]["text"] == "SES does not publish delivery to hato-local-delivery."
    assert "update-configuration-set-event-destination" in found["delivery events"]["mend"]


def test_what_is_not_allowed_is_not_known_and_names_the_action(look: Look, stranger: dict[str, str]) -> None:
    found = look(**stranger)
    assert found["ok"]
    assert found["stack"]["mark"] == "ok"
    needed = {each["subject"]: each["text"].split()[-1] for each in found["findings"] if "IAM action" in each["text"]}
    assert needed == {
        "SES account": "ses:GetAccount.",
        "identity": "ses:GetEmailIdentity.",
        "functions": "lambda:ListFunctions.",
        "configuration set": "ses:GetConfigurationSet.",
        "events": "ses:GetConfigurationSetEventDestinations.",
        "subscriptions": "sns:ListSubscriptionsByTopic.",
        "bounce rate": "cloudwatch:GetMetricStatistics.",
        "complaint rate": "cloudwatch:GetMetricStatistics.",
        "send dead letters": "sqs:GetQueueAttributes.",
        "event dead letters": "sqs:GetQueueAttributes.",
        "alarms": "cloudwatch:DescribeAlarms.",
        "notifications": "sns:ListSubscriptionsByTopic.",
        "campaigns": "dynamodb:Query.",
    }


def test_a_stage_that_is_not_deployed_fails_with_the_command_that_deploys_it(
    look: Look, cloud: LocalCloud, tmp_path: Path
) -> None:
    found = look("--stage", "nowhere", HATO_LOCAL_FOLDER=str(tmp_path), HATO_ENDPOINT_URL=cloud.endpoint_url)
    assert found["stack"]["mark"] == "failed"
    assert "`hato deploy --stage nowhere --sender ADDRESS`" in found["stack"]["mend"]
    assert found["identity"]["text"] == "There is no sender yet."
    assert found["production access"]["mark"] == "ok"


def test_a_sender_that_is_no_address_is_refused(hato: Run, on_the_cloud: dict[str, str]) -> None:
    done = hato("doctor", "--sender", "nobody", **on_the_cloud)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "hato: The sender 'nobody' is no address with a domain.\n"
