"""boto3's own clients with nobody at the other end of the wire: answers are made in the process, requests are read."""

import io
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import boto3
from botocore.awsrequest import AWSResponse, HeadersDict
from botocore.config import Config

_PIECE = 256 * 1024


class Request(NamedTuple):
    """What arrives: a body only where it is small and whole, and its size in any case."""

    method: str
    url: str
    body: bytes
    size: int


class Answer(NamedTuple):
    """What goes back: a body that can be read once, and its headers."""

    body: Any = b""
    headers: Mapping[str, str] = {}


class Wire:
    """A service that `answer` speaks for; it counts the calls."""

    def __init__(self, answer: Callable[[Request], Answer]) -> None:
        self.calls = 0
        self._answer = answer

    def client(self, service: str) -> Any:
        """A client of this service that ends here."""
        made = boto3.client(
            service,
            region_name="us-east-1",
            aws_access_key_id="nobody",
            aws_secret_access_key="nothing",  # noqa: S106 - nobody looks at it
            config=Config(max_pool_connections=32),
        )
        made.meta.events.register("before-send", self._take)
        return made

    def _take(self, request: Any, **_: Any) -> AWSResponse:
        self.calls += 1
        whole = request.body if isinstance(request.body, bytes) else b""
        size = len(whole) if whole or request.body is None else _drained(request.body)
        answer = self._answer(Request(request.method, request.url, whole, size))
        is_bytes = isinstance(answer.body, bytes)
        body = _Body(answer.body) if is_bytes else answer.body
        length = {"content-length": str(len(answer.body))} if is_bytes else {}
        return AWSResponse(request.url, 200, HeadersDict({**length, **answer.headers}), body)


def _drained(body: Any) -> int:
    """Read what is sent, as the network would: part of it is made, and its checksum, only then."""
    return sum(map(len, iter(lambda: body.read(_PIECE), b"")))


class _Body(io.BytesIO):
    def stream(self, **_: Any) -> Any:
        """What urllib3 calls reading it all."""
        return iter([self.read()])
