"""The stand-in for AWS within the sender's own process: botocore hands requests over in place of sending them."""

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import botocore.handlers
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from bench.side_by_side.answers import Request, answer, operation


class InProcess:
    """Answers the requests of every client that is made from now on, each after `latency` seconds."""

    def __init__(self) -> None:
        self.latency = 0.0
        self.calls: Counter[str] = Counter()
        botocore.handlers.BUILTIN_HANDLERS.append(("before-send", self.answer))

    def answer(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        """What AWS answers."""
        if self.latency:
            time.sleep(self.latency)
        headers = {name.lower(): _text(value) for name, value in request.headers.items()}
        asked = Request(request.method, request.url, headers, _bytes(request.body))
        name = operation(asked)
        self.calls[name] += 1
        status, content_type, body = answer(name, asked)
        return AWSResponse(request.url, status, {"Content-Type": content_type}, _Body(body))


class _Body:
    """A response's body, as urllib3 gives it."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self._content

    def read(self, amount: int | None = None) -> bytes:
        """All of it, and then nothing."""
        content, self._content = self._content, b""
        return content


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return bytes(body if isinstance(body, bytes | bytearray) else body.read())
