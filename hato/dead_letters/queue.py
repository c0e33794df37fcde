"""A queue of dead letters in SQS: looked through, and left as it was but for what is deleted on purpose.

SQS shows a message to whoever receives it and hides it from everybody else for a while. So that nothing seems lost,
all that was received is given back at the end (its visibility time-out set to 0), whatever happened in between.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from chalicelib.steps.clock import timestamp
from hato.dead_letters.letter import Message

# How long a message stays hidden should this process end without giving it back: longer than ten functions take.
_HIDDEN_SECONDS = 600
_WAIT_SECONDS = 1  # long enough that SQS asks all of its servers
_AT_ONCE = 10
_PATIENCE = 3
_MOST = 100_000  # SQS lets 120,000 be hidden


class DeadLetterQueue:
    """One queue, by its URL."""

    def __init__(self, sqs: Any, url: str) -> None:
        self._sqs = sqs
        self._url = url

    @contextmanager
    def open(self) -> "Iterator[OpenQueue]":
        """The queue to be looked through once; what is not deleted by then is given back at the end."""
        opened = OpenQueue(self._sqs, self._url)
        try:
            yield opened
        finally:
            opened.give_back()

    def hidden(self) -> int:
        """About how many messages somebody is looking at just now."""
        return _count(self._sqs, self._url, "ApproximateNumberOfMessagesNotVisible")


class OpenQueue:
    """A queue that is being looked through: its messages, each once."""

    def __init__(self, sqs: Any, url: str) -> None:
        self._sqs = sqs
        self._url = url
        self._seen = set[str]()
        self._held = dict[str, str]()  # the last handle of each message that is not deleted

    def __iter__(self) -> Iterator[Message]:
        """Every message that nobody else looks at just now, and that is there for long enough to be seen; at most
        100,000 that are not deleted."""
        expected, quiet = _count(self._sqs, self._url, "ApproximateNumberOfMessages"), 0
        while len(self._held) < _MOST and quiet < (1 if len(self._seen) >= expected else _PATIENCE):
            new = self._receive()
            quiet = 0 if new else quiet + 1
            yield from new

    def delete(self, message: Message) -> None:
        """Take the message out of the queue for good."""
        self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=self._held[message.id])
        del self._held[message.id]

    def give_back(self) -> None:
        """Let all see again what is not deleted."""
        handles = list(self._held.values())
        for start in range(0, len(handles), _AT_ONCE):
            # One that cannot be given back was hidden for too long and is visible again: nothing to be done.
            self._sqs.change_message_visibility_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
                    for number, handle in enumerate(handles[start : start + _AT_ONCE])
                ],
            )
        self._held.clear()

    def _receive(self) -> list[Message]:
        """The next messages that were not seen before."""
        answer = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=_AT_ONCE,
            VisibilityTimeout=_HIDDEN_SECONDS,
            WaitTimeSeconds=_WAIT_SECONDS,
            MessageSystemAttributeNames=["SentTimestamp", "DeadLetterQueueSourceArn"],
            MessageAttributeNames=["All"],
        )
        messages = [_message(each) for each in answer.get("Messages", ())]
        self._held |= {message.id: message.handle for message in messages}
        new = {message.id: message for message in messages if message.id not in self._seen}
        self._seen |= new.keys()
        return list(new.values())


def _count(sqs: Any, url: str, name: str) -> int:
    return int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name])


def _message(received: Mapping[str, Any]) -> Message:
    told = received.get("Attributes", {})
    sent_at = datetime.fromtimestamp(int(told.get("SentTimestamp", 0)) / 1000, UTC)
    texts = {name: each.get("StringValue", "") for name, each in received.get("MessageAttributes", {}).items()}
    return Message(
        id=received["MessageId"],
        body=received["Body"],
        handle=received["ReceiptHandle"],
        sent_at=timestamp(sent_at),
        attributes=texts,
        moved_from=told.get("DeadLetterQueueSourceArn", ""),
    )
