"""The dead-letter queue: the fake and SQS promise the same."""

import uuid
from typing import Any

import pytest

from chalicelib.aws.queues import DeadLetters
from tests.fakes.dead_letters import FakeDeadLetters


class SqsDeadLetters(DeadLetters):
    """The real one, and what a person sees who looks into the queue."""

    def received(self) -> list[tuple[str, str]]:
        url = self._sqs.get_queue_url(QueueName=self._queue)["QueueUrl"]
        answer = self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        return [
            (each["Body"], each["MessageAttributes"]["reason"]["StringValue"]) for each in answer.get("Messages", ())
        ]


class TestDeadLetters:
    @pytest.fixture(params=["fake", "sqs"])
    def dead_letters(self, request: pytest.FixtureRequest) -> Any:
        if request.param == "fake":
            return FakeDeadLetters()
        sqs, name = request.getfixturevalue("moto")["sqs"], f"letters-{uuid.uuid4().hex[:8]}"
        sqs.create_queue(QueueName=name)
        return SqsDeadLetters(sqs, name)

    def test_a_letter_is_kept_as_it_came_with_the_reason(self, dead_letters):
        dead_letters.put('{"何": 1', "The message is no JSON.")
        assert dead_letters.received() == [('{"何": 1', "The message is no JSON.")]

    def test_an_empty_queue_has_no_letters(self, dead_letters):
        assert dead_letters.received() == []
