"""How each service says that it was asked too often: what boto3 reads as a throttle, and retries."""

import json
from collections.abc import Sequence
from random import Random

from hato.faults.proxy_messages import Message


def can_throttle(service: str) -> bool:
    """Whether it is known how this service throttles."""
    return service in _THROTTLES


def throttle(request: Message, chance: Random) -> Message:
    """One of the answers with which the request's service throttles."""
    answer = chance.choice(_THROTTLES[request.service])
    return Message(answer.head) if request.first_line[0] == "HEAD" else answer


def _answer(status: str, body: bytes, *headers: str) -> Message:
    lines = (
        f"HTTP/1.1 {status}",
        *headers,
        "x-amzn-RequestId: made-up-by-the-fault-proxy",
        f"Content-Length: {len(body)}",
    )
    return Message("".join(f"{line}\r\n" for line in (*lines, "")).encode(), body)


def _json(status: str, error: str, message: str, *headers: str) -> Message:
    body = json.dumps({"__type": error, "message": message}).encode()
    return _answer(status, body, "Content-Type: application/x-amz-json-1.0", *headers)


def _xml(status: str, code: str, message: str) -> Message:
    error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return _answer(status, f'<?xml version="1.0" encoding="UTF-8"?>\n{error}'.encode(), "Content-Type: application/xml")


# By the service's name in a signature.
_THROTTLES: dict[str, Sequence[Message]] = {
    "dynamodb": (
        _json(
            "400 Bad Request",
            "com.amazonaws.dynamodb.v20120810#ThrottlingException",
            "Rate of requests exceeds the allowed throughput.",
        ),
        _json(
            "400 Bad Request",
            "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
            "The level of configured provisioned throughput for the table was exceeded. "
            "Consider increasing your provisioning level with the UpdateTable API.",
        ),
    ),
    "sqs": (
        # SQS spoke another protocol once; boto3 takes the code from the header that is left of it.
        _json(
            "403 Forbidden",
            "com.amazonaws.sqs#RequestThrottled",
            "The request was denied due to request throttling.",
            "x-amzn-query-error: RequestThrottled;Sender",
        ),
        _json("400 Bad Request", "com.amazon.coral.availability#ThrottlingException", "Rate exceeded"),
    ),
    "states": (_json("400 Bad Request", "ThrottlingException", "Rate exceeded"),),
    "s3": (_xml("503 Slow Down", "SlowDown", "Please reduce your request rate."),),
}
