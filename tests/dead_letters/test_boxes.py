"""A stage's queues of dead letters, one after the other."""

import uuid
from contextlib import closing
from typing import Any

import pytest

from hato.access import Access
from hato.dead_letters.boxes import Box, QueueMissing, boxes, look_through
from hato.dead_letters.letter import Queue
from hato.dead_letters.queue import DeadLetterQueue
from hato.dead_letters.reading import read_batch, read_call
from tests.dead_letters.bodies import FUNCTIONS


class House:
    """Both queues, with a message or two in each."""

    def __init__(self, sqs: Any) -> None:
        self._sqs = sqs
        self.urls = [sqs.create_queue(QueueName=f"letters-{uuid.uuid4().hex[:8]}")["QueueUrl"] for _ in Queue]
        self.send = [self._put(self.urls[0], body) for body in ("first", "second")]
        self.events = [self._put(self.urls[1], "third")]
        readers = (lambda message: read_batch(message, 5), lambda message: read_call(message, FUNCTIONS))
        self.boxes = [Box(DeadLetterQueue(sqs, url), reader) for url, reader in zip(self.urls, readers, strict=True)]

    def _put(self, url: str, body: str) -> str:
        return str(self._sqs.send_message(QueueUrl=url, MessageBody=body)["MessageId"])

    def found(self, *ids: str) -> list[tuple[Queue, str]]:
        with closing(look_through(self.boxes, ids)) as letters:
            return [(letter.queue, letter.message.id) for _, letter in letters]

    def hidden(self) -> int:
        return sum(box.queue.hidden() for box in self.boxes)


@pytest.fixture
def house(moto_sqs: Any) -> House:
    return House(moto_sqs)


def test_all_dead_letters_of_both_queues_are_found_each_read_as_its_queue_has_them(house):
    everything = {(Queue.SEND, house.send[0]), (Queue.SEND, house.send[1]), (Queue.EVENTS, house.events[0])}
    assert set(house.found()) == everything
    assert house.hidden() == 0


def test_only_those_that_were_asked_for_are_found(house):
    assert house.found(house.send[1]) == [(Queue.SEND, house.send[1])]
    assert house.found(house.events[0], "nobody") == [(Queue.EVENTS, house.events[0])]
    assert house.hidden() == 0


def test_who_fails_half_way_hides_nothing(house):
    def fail() -> None:
        with closing(look_through(house.boxes)) as letters:
            next(letters)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert house.hidden() == 0
    assert len(house.found()) == 3


def test_a_stack_that_has_no_such_queue_is_to_be_deployed_again():
    access = Access("old", "us-east-1")
    access.outputs = {"SendDeadLetterQueue": "url"}
    with pytest.raises(QueueMissing, match="hato-old has no EventDeadLetterQueue: deploy it again, or name the other"):
        boxes(access, list(Queue))
