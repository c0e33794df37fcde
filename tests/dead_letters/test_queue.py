"""A queue of dead letters is looked through, and is afterwards as it was."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hato.dead_letters.queue import DeadLetterQueue

MANY = 63


def fill(sqs: Any, url: str, count: int) -> None:
    for number in range(count):
        sqs.send_message(QueueUrl=url, MessageBody=f"letter {number}")


def bodies(sqs: Any, url: str) -> list[str]:
    """What a person sees who looks through the queue."""
    with DeadLetterQueue(sqs, url).open() as opened:
        return [message.body for message in opened]


def visible(sqs: Any, url: str) -> int:
    """How many messages the next who asks can have."""
    name = "ApproximateNumberOfMessages"
    return int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name])


@pytest.mark.parametrize("count", [0, 1, 10, MANY])
def test_every_message_is_seen_once_and_all_can_be_seen_again_at_once(sqs, url, count):
    fill(sqs, url, count)
    for _ in range(2):
        assert sorted(bodies(sqs, url)) == sorted(f"letter {number}" for number in range(count))
        assert visible(sqs, url) == count


def test_while_the_queue_is_looked_through_its_messages_are_hidden_from_others_and_counted(sqs, url):
    fill(sqs, url, 3)
    with DeadLetterQueue(sqs, url).open() as opened:
        assert len(list(opened)) == 3
        assert sqs.receive_message(QueueUrl=url).get("Messages", []) == []
        assert DeadLetterQueue(sqs, url).hidden() == 3
    assert DeadLetterQueue(sqs, url).hidden() == 0


def test_who_breaks_off_or_fails_gives_everything_back(sqs, url):
    def break_off() -> None:
        with DeadLetterQueue(sqs, url).open() as opened:
            next(iter(opened))
            raise KeyboardInterrupt

    fill(sqs, url, 12)
    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert visible(sqs, url) == 12


def test_what_is_deleted_is_gone_and_nothing_else(sqs, url):
    fill(sqs, url, 12)
    with DeadLetterQueue(sqs, url).open() as opened:
        for message in opened:
            if message.body in {"letter 3", "letter 11"}:
                opened.delete(message)
    assert sorted(bodies(sqs, url)) == sorted(f"letter {number}" for number in range(12) if number not in {3, 11})


def test_a_message_that_comes_twice_while_the_queue_is_looked_through_is_seen_once(sqs, url):
    fill(sqs, url, 12)
    seen = list[str]()
    with DeadLetterQueue(sqs, url).open() as opened:
        for message in opened:
            seen.append(message.body)
            if len(seen) == 1:  # hidden for too short a time
                sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=message.handle, VisibilityTimeout=0)
    assert sorted(seen) == sorted(f"letter {number}" for number in range(12))
    assert visible(sqs, url) == 12


@pytest.mark.parametrize("sqs", [pytest.param("cloud", marks=pytest.mark.cloud)], indirect=True)  # moto does not tell
def test_a_message_comes_with_its_time_its_attributes_and_the_queue_that_gave_it_up(sqs, url):
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})
    source = sqs.create_queue(QueueName=f"source-{uuid.uuid4().hex[:8]}", Attributes={"RedrivePolicy": policy})
    reason = {"reason": {"DataType": "String", "StringValue": "why"}, "n": {"DataType": "Number", "StringValue": "7"}}
    sqs.send_message(QueueUrl=source["QueueUrl"], MessageBody="given up", MessageAttributes=reason)
    for _ in range(2):
        sqs.receive_message(QueueUrl=source["QueueUrl"], VisibilityTimeout=0)
    with DeadLetterQueue(sqs, url).open() as opened:
        (message,) = opened
    assert message.attributes == {"reason": "why", "n": "7"}
    assert message.moved_from == arn.replace(url.rsplit("/", 1)[-1], source["QueueUrl"].rsplit("/", 1)[-1])
    assert datetime.now(UTC) - datetime.fromisoformat(message.sent_at) < timedelta(minutes=5)
    assert message.sent_at.endswith("Z")


class ForgetfulSqs:
    """SQS that asks only some of its servers: every other answer is empty though there are messages."""

    def __init__(self, sqs: Any) -> None:
        self._sqs = sqs
        self._asked = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sqs, name)

    def receive_message(self, **arguments: Any) -> dict[str, Any]:
        self._asked += 1
        return {} if self._asked % 2 else dict(self._sqs.receive_message(**arguments | {"MaxNumberOfMessages": 2}))


def test_an_empty_answer_is_not_taken_for_the_end_where_there_should_be_more(sqs, url):
    fill(sqs, url, 9)
    assert len(bodies(ForgetfulSqs(sqs), url)) == 9
