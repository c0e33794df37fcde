"""HTTP/1.1 messages as the bytes they came in, read just far enough to know where each one ends."""

import re
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from dataclasses import dataclass

_END_OF_HEAD = b"\r\n\r\n"
_NO_BODY = {"204", "304"}
_SCOPE = re.compile(rb"Credential=[^/%\s]+(?:/|%2F)\d{8}(?:/|%2F)[^/%\s]+(?:/|%2F)([a-z0-9-]+)(?:/|%2F)aws4_request")


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer: its head with the empty line that ends it, and its body, chunks and all."""

    head: bytes
    body: bytes = b""
    last: bool = False

    @property
    def first_line(self) -> list[str]:
        """A request's method, target and version; an answer's version, status and reason."""
        return self.head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)

    def header(self, name: str) -> str:
        """The header's value; empty where there is none. The name is in lower case."""
        for line in self.head.split(b"\r\n")[1:]:
            found, _, value = line.partition(b":")
            if found.strip().lower() == name.encode():
                return value.strip().decode("latin-1")
        return ""

    @property
    def length(self) -> int | None:
        """The length of its body where the head tells it."""
        text = self.header("content-length")
        return int(text) if text else None

    @property
    def chunked(self) -> bool:
        """Whether its body comes in chunks."""
        return "chunked" in self.header("transfer-encoding").lower()

    @property
    def closes(self) -> bool:
        """Whether nothing follows it on its connection."""
        return self.last or "close" in self.header("connection").lower() or "HTTP/1.0" in self.first_line

    @property
    def service(self) -> str:
        """The service that the request was signed for, as its signature names it; empty where it is unsigned."""
        found = _SCOPE.search(self.head)
        return found[1].decode() if found else ""

    @property
    def operation(self) -> str:
        """What the request asks for, such as `dynamodb BatchExecuteStatement` or `s3 GET`."""
        target = self.header("x-amz-target").rpartition(".")[2]
        return f"{self.service} {target or self.first_line[0]}"

    def to_bytes(self) -> bytes:
        """The message as it goes over the wire."""
        return self.head + self.body


async def read_request(reader: StreamReader, writer: StreamWriter) -> Message | None:
    """The next request of this connection; None where the client has closed it."""
    try:
        request = Message(await reader.readuntil(_END_OF_HEAD))
    except IncompleteReadError as end:
        if not end.partial:
            return None
        raise
    if request.header("expect").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    return Message(request.head, await _read_body(reader, request))


async def read_answer(reader: StreamReader, method: str) -> Message:
    """The answer to a request of this method; what was only provisional (100 Continue) is left out."""
    answer = Message(await reader.readuntil(_END_OF_HEAD))
    while answer.first_line[1].startswith("1"):
        answer = Message(await reader.readuntil(_END_OF_HEAD))
    if method == "HEAD" or answer.first_line[1] in _NO_BODY:
        return answer
    if answer.length is None and not answer.chunked:  # its end is the end of the connection
        return Message(answer.head, await reader.read(), last=True)
    return Message(answer.head, await _read_body(reader, answer))


async def _read_body(reader: StreamReader, message: Message) -> bytes:
    if message.chunked:
        return await _read_chunks(reader)
    return await reader.readexactly(message.length or 0)


async def _read_chunks(reader: StreamReader) -> bytes:
    parts = []
    size = await reader.readuntil(b"\r\n")
    while length := int(size.split(b";")[0], 16):
        parts += [size, await reader.readexactly(length + 2)]
        size = await reader.readuntil(b"\r\n")
    parts.append(size)
    while (trailer := await reader.readuntil(b"\r\n")) != b"\r\n":
        parts.append(trailer)
    return b"".join([*parts, trailer])
