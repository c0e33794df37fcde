"""A Hato in this process: app.py loaded afresh, called as Lambda would call it, and what it wrote to its log."""

import importlib.util
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from chalice.local import LambdaContext
from chalice.test import Client, HTTPResponse

from hato.project import ROOT
from tests.emf import counted, problems
from tests.handlers.gateway import api_event

LINK_KEY = "a key of this test's own"
_PATIENCE = 20.0
_TABLES = {
    "mails": ("mail_id",),
    "contacts": ("email",),
    "campaigns": ("campaign_id", "part"),
    "deliveries": ("mail_shard", "email"),
}
# Ends at once: what the handlers start is looked at, not run.
_DONE = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}
_ASK = {
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "", "MessageBody": {"task_token.$": "$$.Task.Token"}},
            "End": True,
        }
    },
}


_MAY_ASK = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:*:hato-*-asked"}],
}


def build(aws: Callable[[str], Any], stage: str) -> dict[str, str]:
    """Make what the handlers stand on; the environment that tells them of it."""
    prefix = f"hato-{stage}"
    aws("s3").create_bucket(Bucket=f"{prefix}-uploads")
    for name, keys in _TABLES.items():
        aws("dynamodb").create_table(
            TableName=f"{prefix}-{name}",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            KeySchema=[
                {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
            ],
        )
    for queue in ("send-dead-letters", "asked"):
        aws("sqs").create_queue(QueueName=f"{prefix}-{queue}")
    aws("secretsmanager").create_secret(Name=f"{prefix}-link-key", SecretString=LINK_KEY)
    trust = {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trusted = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    role = aws("iam").create_role(RoleName=prefix, AssumeRolePolicyDocument=trusted)["Role"]["Arn"]
    aws("iam").put_role_policy(RoleName=prefix, PolicyName="ask", PolicyDocument=json.dumps(_MAY_ASK))
    machine = aws("stepfunctions").create_state_machine(
        name=f"{prefix}-campaign", definition=json.dumps(_DONE), roleArn=role
    )
    return {
        "STAGE": stage,
        "SENDER": "pigeon@example.com",
        "STATE_MACHINE": machine["stateMachineArn"],
        "PAGES_URL": "https://pages.example.com/",
    }


class Told:
    """What one invocation came to: its answer, and the line in its log."""

    def __init__(self, answer: Any, line: dict[str, Any]) -> None:
        self.answer = answer
        self.line = line
        self.metrics = counted(line)


class House:
    """app.py and the AWS behind it; every call checks the log line that it leaves."""

    def __init__(self, aws: Callable[[str], Any], capfd: pytest.CaptureFixture[str]) -> None:
        self.aws = aws
        self.app: Any = _load_app()
        self.bucket = str(self.app.settings.upload_bucket)
        self._prefix = f"hato-{self.app.settings.stage}"
        client = Client(self.app.app, project_dir=str(ROOT))
        self.events = client.events
        self._client = client
        self._capfd = capfd

    def invoke(self, function: str, event: Any, seconds: float | None = None) -> Told:
        """Call a function, as one that Lambda gives this many seconds; its answer must be one that Lambda can pass."""
        with self._one_line() as lines:
            if seconds is None:
                answer = self._client.lambda_.invoke(function, event).payload
            else:
                context = LambdaContext(function, memory_size=512, max_runtime_ms=round(seconds * 1000))
                answer = self.app.app.handler_map[function](event, context)
        assert isinstance(json.dumps(answer, ensure_ascii=False).encode(), bytes)
        assert lines[0]["function"] == function
        return Told(answer, lines[0])

    def refuses(self, function: str, event: Any, error: type[Exception]) -> Told:
        """Call a function that is to fail so, and is to say it in its log."""
        with self._one_line() as lines, pytest.raises(error) as raised:
            self._client.lambda_.invoke(function, event)
        assert (lines[0]["level"], lines[0]["error"]) == ("error", type(raised.value).__name__)
        return Told(raised.value, lines[0])

    def get(self, path: str, **headers: str) -> HTTPResponse:
        """Ask the route."""
        with self._one_line() as lines:
            answer = self.ask(path, **headers)
        assert lines[0]["status"] == answer.status_code
        return answer

    def ask(self, path: str, **headers: str) -> HTTPResponse:
        """Ask the route, whatever it then logs."""
        return self._client.http.get(path, headers=headers)

    def post(self, path: str, **form: str) -> HTTPResponse:
        """Send a form to the route."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        with self._one_line() as lines:
            answer = self._client.http.post(path, headers=headers, body=urlencode(form).encode())
        assert lines[0]["status"] == answer.status_code
        return answer

    def get_as(self, caller: str, path: str) -> HTTPResponse:
        """Ask a route of the API as API Gateway hands on a signed request; without a caller, as it never should."""
        with self._one_line() as lines:
            answer = self.app.app(api_event(self.app.app, path, caller), LambdaContext("api", 256))
        assert lines[0]["status"] == answer["statusCode"]
        return HTTPResponse.create_from_dict(answer)

    @contextmanager
    def lines(self) -> Iterator[list[dict[str, Any]]]:
        """The lines that are written meanwhile, there at the end."""
        lines: list[dict[str, Any]] = []
        self._capfd.readouterr()
        yield lines
        lines += read_log(self._capfd.readouterr().err)

    @contextmanager
    def _one_line(self) -> Iterator[list[dict[str, Any]]]:
        with self.lines() as lines:
            yield lines
        assert len(lines) == 1, lines
        assert "ms" in lines[0]

    # ── what AWS was told ───────────────────────────────────────────────────────────────────────────────────────────

    def put(self, table: str, **item: Any) -> None:
        """Put an item into a table; texts and whole numbers."""
        attributes = {
            name: {"N": str(value)} if isinstance(value, int) else {"S": value} for name, value in item.items()
        }
        self.aws("dynamodb").put_item(TableName=f"{self._prefix}-{table}", Item=attributes)

    def item(self, table: str, **key: str) -> dict[str, Any]:
        """An item's values, numbers and sets as text; empty where there is none."""
        answer = self.aws("dynamodb").get_item(
            TableName=f"{self._prefix}-{table}", Key={name: {"S": value} for name, value in key.items()}
        )
        return {name: next(iter(value.values())) for name, value in answer.get("Item", {}).items()}

    def summary(self, campaign_id: str) -> dict[str, Any]:
        """A campaign's summary."""
        return self.item("campaigns", campaign_id=campaign_id, part="summary")

    def executions(self) -> dict[str, Any]:
        """The input of every campaign that was started, by its execution's name."""
        states, arn = self.aws("stepfunctions"), self.app.settings.state_machine
        listed = states.list_executions(stateMachineArn=arn)["executions"]
        inputs = (states.describe_execution(executionArn=each["executionArn"])["input"] for each in listed)
        return {each["name"]: json.loads(text) for each, text in zip(listed, inputs, strict=True)}

    def dead_letters(self) -> list[tuple[str, str]]:
        """Body and reason of every dead letter, taken out of the queue."""
        messages = self._take("send-dead-letters", MessageAttributeNames=["All"])
        return [(each["Body"], each["MessageAttributes"]["reason"]["StringValue"]) for each in messages]

    def _take(self, queue: str, **more: Any) -> list[dict[str, Any]]:
        sqs, taken = self.aws("sqs"), list[dict[str, Any]]()
        url = sqs.get_queue_url(QueueName=f"{self._prefix}-{queue}")["QueueUrl"]
        while some := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, **more).get("Messages"):
            for message in some:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            taken += some
        return taken

    # ── a state machine that waits ──────────────────────────────────────────────────────────────────────────────────

    def waiting_task(self) -> "WaitingTask":
        """An execution that waits for a token to be told."""
        states, sqs = self.aws("stepfunctions"), self.aws("sqs")
        url = sqs.get_queue_url(QueueName=f"{self._prefix}-asked")["QueueUrl"]
        definition = json.dumps(_ASK).replace('"QueueUrl": ""', f'"QueueUrl": "{url}"')
        name, role = f"ask-{time.time_ns()}", self.aws("iam").get_role(RoleName=self._prefix)["Role"]["Arn"]
        machine = states.create_state_machine(name=name, definition=definition, roleArn=role)["stateMachineArn"]
        execution = states.start_execution(stateMachineArn=machine)["executionArn"]
        (message,) = _poll(lambda: self._take("asked"), bool)
        return WaitingTask(states, execution, json.loads(message["Body"])["task_token"])


class WaitingTask:
    """A task of a running execution, and what becomes of it."""

    def __init__(self, states: Any, execution: str, token: str) -> None:
        self.token = token
        self._states = states
        self._execution = execution

    def is_waiting(self) -> bool:
        """Whether nobody has told it anything."""
        return bool(self._ask()["status"] == "RUNNING")

    def end(self) -> dict[str, Any]:
        """The execution's description once it has ended."""
        return _poll(self._ask, lambda told: told["status"] != "RUNNING")

    def _ask(self) -> dict[str, Any]:
        return dict(self._states.describe_execution(executionArn=self._execution))


def read_log(written: str) -> list[dict[str, Any]]:
    """The JSON lines that were written, as every line must be: with all fields, well counted, and without addresses."""
    assert written.endswith("\n"), written
    return [_read_line(line) for line in written[:-1].split("\n")]


def _read_line(written: str) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(written)
    assert {"level", "time", "message", "function", "request_id"} <= line.keys()
    assert line["request_id"], "Lambda gives every invocation one"
    names = [name for text in _texts(line) for name in re.findall(r"([^\s<>\"'(),:;{}\[\]]+)@\S", text)]
    assert all(re.fullmatch(r".?\*\*\*", name) for name in names), written
    assert "_aws" not in line or not problems(line), problems(line)
    return line


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in [*value, *value.values()] if isinstance(value, dict) else value:
            yield from _texts(each)


def _load_app() -> Any:
    """A module of its own, with the settings of the environment as it is now."""
    spec = importlib.util.spec_from_file_location("app", ROOT / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _poll(ask: Callable[[], Any], is_enough: Callable[[Any], bool]) -> Any:
    deadline = time.monotonic() + _PATIENCE
    while not is_enough(answer := ask()):
        assert time.monotonic() < deadline, f"still {answer!r} after {_PATIENCE} s"
        time.sleep(0.02)
    return answer
