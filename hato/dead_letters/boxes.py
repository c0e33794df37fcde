"""A stage's dead letters: where they lie, how each is read, and what sends them on their way again."""

import json
from collections.abc import Callable, Collection, Generator, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.errors import HatoError
from hato.access import Access
from hato.dead_letters.functions import Functions
from hato.dead_letters.letter import DeadLetter, Message, Queue
from hato.dead_letters.queue import DeadLetterQueue, OpenQueue
from hato.dead_letters.reading import read_batch, read_call
from hato.dead_letters.redriving import Redriving

_OUTPUTS = {Queue.SEND: "SendDeadLetterQueue", Queue.EVENTS: "EventDeadLetterQueue"}


class QueueMissing(HatoError):
    """The stack has no such queue of dead letters."""


@dataclass(frozen=True, slots=True)
class Box:
    """One queue of dead letters, and how its messages are read."""

    queue: DeadLetterQueue
    read: Callable[[Message], DeadLetter]


def boxes(access: Access, wanted: Collection[Queue]) -> list[Box]:
    """The stage's queues of these names. Raises QueueMissing."""
    missing = [_OUTPUTS[name] for name in wanted if _OUTPUTS[name] not in access.outputs]
    if missing:
        raise QueueMissing(
            f"{access.stack} has no {' and no '.join(missing)}: deploy it again, or name the other queue with --queue."
        )
    sqs = access.client("sqs")
    return [Box(DeadLetterQueue(sqs, access.outputs[_OUTPUTS[name]]), _reader(access, sqs, name)) for name in wanted]


def redriving(access: Access) -> Redriving:
    """What sends this stage's dead letters on their way again."""
    functions = Functions.of_stack(access.stack, access.outputs)
    send_queue = access.outputs["SendQueue"]
    return Redriving(access.campaigns, functions, access.client("sqs"), send_queue, access.client("lambda"))


def look_through(found: Sequence[Box], ids: Collection[str] = ()) -> Generator[tuple[OpenQueue, DeadLetter]]:
    """Every dead letter, or those with these message ids, each with the queue that it can be deleted from.

    Close it: what was not deleted is hidden from everybody else until then.
    """
    left = set(ids)
    for box in found:
        with box.queue.open() as opened:
            for message in opened if left or not ids else ():
                if message.id in left or not ids:
                    left.discard(message.id)
                    yield opened, box.read(message)
                if ids and not left:
                    break


def _reader(access: Access, sqs: Any, name: Queue) -> Callable[[Message], DeadLetter]:
    if name is Queue.EVENTS:
        functions = Functions.of_stack(access.stack, access.outputs)
        return lambda message: read_call(message, functions)
    url = access.outputs["SendQueue"]
    told = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"]).get("Attributes", {})
    tries = json.loads(told.get("RedrivePolicy", "{}")).get("maxReceiveCount")
    return lambda message: read_batch(message, int(tries) if tries else None)
