"""The dead-letter queue of the send queue."""

from typing import Any


class DeadLetters:
    """Messages that nobody can use, kept for their owner to see."""

    def __init__(self, sqs: Any, queue: str) -> None:
        self._sqs = sqs
        self._queue = queue

    def put(self, body: str, reason: str) -> None:
        """Keep the message, and why it could not be used."""
        url = self._sqs.get_queue_url(QueueName=self._queue)["QueueUrl"]
        self._sqs.send_message(
            QueueUrl=url,
            MessageBody=body,
            MessageAttributes={"reason": {"DataType": "String", "StringValue": reason}},
        )
