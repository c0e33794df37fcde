"""A stage's whole life, in each way of deploying: made, sent with, changed while it sends, taken down, and made again
over what it left.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from hato.access import Access
from hato.chalice_deploying import deploy_by_chalice
from hato.deploying import deploy
from hato.destroying import CampaignsUnderWay, data, destroy
from hato.local import cloud as local_cloud
from hato.local.cloud import LocalCloud
from hato.packaging import Package
from tests.e2e.plain_aws import PlainAws

WAYS = ("by-cloudformation", "by-chalice")
COMES_AGAIN = 30  # seconds
SLOW, FAST = "0.02", "0.9"  # of the account's 200 mails a second


class Stage:
    """A stage that is deployed in one way, and driven with plain AWS calls."""

    def __init__(self, cloud: LocalCloud, name: str, project: Path, package: Package) -> None:
        self.cloud, self.project, self._package = cloud, project, package
        self.access = Access(name, cloud.region, cloud.endpoint_url, cloud.inbox_url, local_cloud.CREDENTIALS)

    def deploy(self, **parameters: str) -> dict[str, str]:
        if self.access.stage == "by-chalice":
            return deploy_by_chalice(self.access, parameters, project=self.project)
        return deploy(self.access, self._package, parameters)

    def aws(self) -> PlainAws:
        return PlainAws(self.cloud.endpoint_url, self.cloud.region, self.access.stack, self.cloud.inbox_url)


def put_mail(aws: PlainAws, mail_id: str) -> None:
    text = {"subject": {"S": "Hello {{ name }}"}, "body": {"S": "Dear {{ name }}.\n"}}
    aws.put_item("MailsTable", {"mail_id": {"S": mail_id}, **text})


def people(count: int) -> bytes:
    return "".join(["email,name\n", *(f"p{n}@example.org,n{n}\n" for n in range(count))]).encode()


def inbox(aws: PlainAws, mail_id: str) -> Counter[str]:
    return Counter(recipient for message in aws.inbox(mail_id) for recipient in message["to"])


def live_through(stage: Stage) -> None:
    name = stage.access.stage
    stage.deploy(Sender="pigeon@example.com", SendConcurrency="5", SendingShare=SLOW, SettlingMinutes="1")
    aws = stage.aws()
    # The local cloud ends the workers of a function that it updates, as AWS does not: their messages come again.
    aws.client("sqs").set_queue_attributes(
        QueueUrl=aws.outputs["SendQueue"], Attributes={"VisibilityTimeout": str(COMES_AGAIN)}
    )
    mail_id = f"upgrade-{name}"
    put_mail(aws, mail_id)
    aws.upload(f"lists/{mail_id}/{name}.csv", people(300))
    aws.wait_for(lambda: inbox(aws, mail_id) or None, "the first mail")

    with pytest.raises(CampaignsUnderWay):
        destroy(stage.access, project=stage.project)
    before = functions(stage)
    assert aws.campaigns_of(f"{name}.csv")[0]["status"] == "sending"
    stage.deploy(SendingShare=FAST)
    (campaign,) = aws.ended_campaigns(f"{name}.csv")
    assert (campaign["status"], campaign["accepted"]) == ("finished", "300")
    assert inbox(aws, mail_id) == Counter({f"p{n}@example.org": 1 for n in range(300)})
    assert {row["outcome"] for row in aws.report(campaign["campaign_id"])} == {"accepted"}
    after = functions(stage)
    assert before.keys() == after.keys()
    assert {each["SENDING_SHARE"] for each in before.values()} == {SLOW}
    assert {each["SENDING_SHARE"] for each in after.values()} == {FAST}
    assert {each["SENDER"] for each in after.values()} == {"pigeon@example.com"}

    kept = data(stage.access)
    destroy(stage.access, project=stage.project)
    assert functions(stage) == {}
    assert len(kept) == 6
    assert data(stage.access) == kept

    stage.deploy(Sender="pigeon@example.com", SendConcurrency="5")
    aws = stage.aws()
    aws.upload(f"lists/{mail_id}/{name}-again.csv", people(300))
    (again,) = aws.ended_campaigns(f"{name}-again.csv")
    assert (again["accepted"], again["already_sent"]) == ("0", "300")

    destroy(stage.access, delete_data=True, project=stage.project)
    assert data(stage.access) == []
    assert left_over(stage) == []


def functions(stage: Stage) -> dict[str, dict[str, str]]:
    """The environment of each function of the stage."""
    pages = stage.access.client("lambda").get_paginator("list_functions").paginate()
    found = {each["FunctionName"]: each for page in pages for each in page["Functions"]}
    return {
        name: each["Environment"]["Variables"]
        for name, each in found.items()
        if name == stage.access.stack or name.startswith(f"{stage.access.stack}-")
    }


def left_over(stage: Stage) -> list[str]:
    """Whatever still has the stage's name."""
    client = stage.access.client
    named: list[Any] = [
        *client("cloudformation").describe_stacks()["Stacks"],
        *client("sqs").list_queues(QueueNamePrefix=stage.access.stack).get("QueueUrls", ()),
        *client("sns").list_topics()["Topics"],
        *client("stepfunctions").list_state_machines()["stateMachines"],
        *client("s3").list_buckets()["Buckets"],
        *client("dynamodb").list_tables()["TableNames"],
        *client("iam").list_roles()["Roles"],
        *client("cloudwatch").describe_alarms()["MetricAlarms"],
        *client("events").list_rules()["Rules"],
        *client("apigateway").get_rest_apis()["items"],
    ]
    return [str(each) for each in named if stage.access.stack in str(each)]
