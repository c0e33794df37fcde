"""`hato dead-letters` against a stage that has nothing but its queues, its campaigns, and a function."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from hato.access import Access
from hato.dead_letters.queue import DeadLetterQueue
from hato.local.cloud import LocalCloud
from tests.cli.conftest import Run
from tests.dead_letters.bodies import batch, called, record

pytestmark = pytest.mark.cloud

STAGE = "letters"
STACK = f"hato-{STAGE}"
OUTPUTS = ("SendQueue", "SendDeadLetterQueue", "EventDeadLetterQueue", "CampaignsTable", "FeedbackTopic")
# on_feedback, as far as anybody here looks: it fails on what it is told to fail on.
CODE = """
def handler(event, context):
    if "fail" in event["Records"][0]["Sns"]["Message"]:
        raise ValueError("no room for taro@example.com")
"""
TRUST = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
CAMPAIGN_KEY = [{"AttributeName": "campaign_id", "KeyType": "HASH"}, {"AttributeName": "part", "KeyType": "RANGE"}]
TEMPLATE = {
    "Resources": {
        "SendDeadLetterQueue": {"Type": "AWS::SQS::Queue"},
        "EventDeadLetterQueue": {"Type": "AWS::SQS::Queue"},
        "SendQueue": {"Type": "AWS::SQS::Queue"},
        "FeedbackTopic": {"Type": "AWS::SNS::Topic"},
        "CampaignsTable": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": CAMPAIGN_KEY,
                "AttributeDefinitions": [{"AttributeName": n, "AttributeType": "S"} for n in ("campaign_id", "part")],
            },
        },
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [TRUST]}},
        },
        "OnFeedback": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "FunctionName": f"{STACK}-on_feedback",
                "Runtime": f"python3.{sys.version_info.minor}",
                "Handler": "index.handler",
                "Role": {"Fn::GetAtt": ["Role", "Arn"]},
                "Code": {"ZipFile": CODE},
            },
        },
    },
    "Outputs": {name: {"Value": {"Ref": name}} for name in OUTPUTS},
}

Letters = Callable[..., "subprocess.CompletedProcess[str]"]


class Stage:
    """The stage's queues, and its campaigns."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._sqs = access.client("sqs")
        self.topic = access.outputs["FeedbackTopic"]

    def put(self, queue: str, body: str, **attributes: str) -> str:
        """Put a message into the queue of this output; its id."""
        told = {name: {"DataType": "String", "StringValue": text} for name, text in attributes.items()}
        url = self._access.outputs[queue]
        return str(self._sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=told)["MessageId"])

    def bodies(self, queue: str) -> list[str]:
        """What is in the queue, which is empty then."""
        url, found = self._access.outputs[queue], list[str]()
        while some := self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            found += [message["Body"] for message in some]
            for message in some:
                self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return found

    @contextmanager
    def looking(self, queue: str) -> Iterator[None]:
        """Somebody else looks through the queue of this output."""
        with DeadLetterQueue(self._sqs, self._access.outputs[queue]).open() as opened:
            assert list(opened)
            yield

    def put_campaign(self, campaign_id: str, status: str) -> None:
        item = {"campaign_id": campaign_id, "part": "summary", "status": status, "mail_id": "m1"}
        self._access.client("dynamodb").put_item(
            TableName=self._access.outputs["CampaignsTable"], Item={name: {"S": text} for name, text in item.items()}
        )

    def failed(self, message: str) -> str:
        """Lambda's record of a notification that on_feedback could not work on."""
        return record(called(message, self.topic), f"{STACK}-on_feedback")


@pytest.fixture(scope="module")
def made(cloud: LocalCloud) -> Iterator[Stage]:
    access = Access(STAGE, cloud.region, cloud.endpoint_url, credentials=("test", "test"))
    cloudformation = access.client("cloudformation")
    cloudformation.create_stack(
        StackName=STACK, TemplateBody=json.dumps(TEMPLATE), Capabilities=["CAPABILITY_NAMED_IAM"]
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
    yield Stage(access)
    cloudformation.delete_stack(StackName=STACK)


@pytest.fixture
def stage(made: Stage) -> Iterator[Stage]:
    """The stage with empty queues."""
    yield made
    for queue in ("SendQueue", "SendDeadLetterQueue", "EventDeadLetterQueue"):
        made.bodies(queue)


@pytest.fixture
def letters(hato: Run, stage: Stage) -> Letters:
    """Runs `hato dead-letters` for the stage."""
    return lambda *arguments, **more: hato("dead-letters", *arguments, HATO_STAGE=STAGE, **more)


def listed(letters: Letters, *arguments: str) -> list[dict[str, Any]]:
    done = letters("list", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_without_dead_letters_every_command_says_that_there_are_none(letters: Letters) -> None:
    for command in ("list", "redrive", "drop"):
        done = letters(command)
        assert (done.returncode, done.stdout, done.stderr) == (0, "There are no dead letters.\n", "")


def test_the_list_says_what_each_is_and_why_and_what_redrive_does_and_leaves_all_where_they_are(
    letters: Letters, stage: Stage
) -> None:
    stage.put_campaign("ended", "stopped")
    stage.put("SendDeadLetterQueue", batch("ended", 3, 100))
    stage.put("SendDeadLetterQueue", "no JSON", reason="The message is no JSON.")
    stage.put("EventDeadLetterQueue", stage.failed("anything"))
    stage.put("EventDeadLetterQueue", "hello")
    text = letters("list").stdout
    for words in (
        "4 dead letters.",
        "batch 3 of campaign ended (100 recipients)",
        "`hato resume ended` sends what is left of it",
        "why      The message is no JSON.",
        "why      ClientError: An error occurred (ThrottlingException) for h***@example.jp (3 tries)",
        "redrive  calls on_feedback with it again; what it did before is not done twice",
        "no JSON object, 5 characters",
    ):
        assert words in text
    rows = listed(letters)
    assert {(row["queue"], row["action"]) for row in rows} == {
        ("send", "stay"),
        ("events", "replay"),
        ("events", "stay"),
    }
    assert [row["came_at"] for row in rows] == sorted(row["came_at"] for row in rows)
    assert {row["queue"] for row in listed(letters, "--queue", "send")} == {"send"}
    assert all(row["id"] in text for row in rows)


def test_redrive_does_what_can_be_done_and_names_what_stays(letters: Letters, stage: Stage) -> None:
    stage.put_campaign("goes-on", "sending")
    stage.put("SendDeadLetterQueue", batch("goes-on"))
    malformed = stage.put("SendDeadLetterQueue", "no JSON")
    stage.put("EventDeadLetterQueue", stage.failed("anything"))
    again = stage.put("EventDeadLetterQueue", stage.failed("please fail"))
    done = letters("redrive")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert len(lines) == 5
    assert lines[-1] == "2 dead letters redriven, 2 dead letters left."
    told = {words: [line for line in lines if words in line] for words in ("redriven  ", "stays  ", again, malformed)}
    assert [len(found) for found in told.values()] == [2, 2, 1, 1]
    assert ": on_feedback failed again: " in told[again][0]
    assert ": no room for t***@example.com [" in told[again][0]
    assert "not readable as a batch, 7 characters: leaves it where it is" in told[malformed][0]
    assert stage.bodies("SendQueue") == [batch("goes-on")]
    assert {row["id"] for row in listed(letters)} == {again, malformed}


def test_redrive_of_one_leaves_the_others_alone(letters: Letters, stage: Stage) -> None:
    ids = [stage.put("EventDeadLetterQueue", stage.failed(f"number {number}")) for number in range(3)]
    done = letters("redrive", "--id", ids[1])
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 2)
    assert {row["id"] for row in listed(letters)} == {ids[0], ids[2]}


@pytest.mark.parametrize("command", ["redrive", "drop"])
def test_an_id_that_no_dead_letter_has_is_named(letters: Letters, stage: Stage, command: str) -> None:
    stage.put("EventDeadLetterQueue", stage.failed("anything"))
    done = letters(command, "--id", "nobody", *(["--yes"] if command == "drop" else []))
    assert done.returncode == 1
    assert "There is no dead letter with the id nobody." in done.stderr
    assert len(stage.bodies("EventDeadLetterQueue")) == 1


def test_drop_deletes_what_it_showed_and_says_what_is_lost(letters: Letters, stage: Stage) -> None:
    ids = [stage.put("EventDeadLetterQueue", f"junk {number}") for number in range(3)]
    done = letters("drop", "--id", ids[0], "--id", ids[2], "--yes")
    assert done.returncode == 0
    assert "lost     the message" in done.stdout
    assert done.stdout.endswith("2 dead letters deleted.\n")
    assert stage.bodies("EventDeadLetterQueue") == ["junk 1"]


def test_many_dead_letters_are_each_listed_once_and_dropped(letters: Letters, stage: Stage) -> None:
    ids = {stage.put("EventDeadLetterQueue", f"junk {number}") for number in range(63)}
    assert sorted(row["id"] for row in listed(letters, "--queue", "events")) == sorted(ids)
    assert letters("drop", "--queue", "events", "--yes").stdout.endswith("63 dead letters deleted.\n")
    assert stage.bodies("EventDeadLetterQueue") == []


def test_drop_asks_first_and_nothing_is_deleted_where_nobody_says_yes(letters: Letters, stage: Stage) -> None:
    stage.put("EventDeadLetterQueue", "junk")
    refused, silent = (letters("drop", "--queue", "events", stdin=said) for said in ("n\n", ""))
    assert "Delete 1 dead letter for good? [y/N]" in refused.stdout
    for done in (refused, silent):
        assert (done.returncode, done.stderr) == (1, "")
        assert done.stdout.endswith("Nothing is deleted.\n")
    assert letters("drop", "--queue", "events", stdin="y\n").stdout.endswith("1 dead letter deleted.\n")
    assert stage.bodies("EventDeadLetterQueue") == []


def test_who_looks_while_somebody_else_does_is_told_that_there_are_more(letters: Letters, stage: Stage) -> None:
    stage.put("EventDeadLetterQueue", "junk")
    with stage.looking("EventDeadLetterQueue"):
        done = letters("list")
    assert done.stdout == "There are no dead letters.\n"
    assert done.stderr == "About 1 dead letter more is being looked at just now: look again later.\n"
