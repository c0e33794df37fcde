"""A stand-in for AWS on this machine, in a process of its own: it answers at once, or after a time that is asked for.

It keeps nothing but how often it was called for what, so it takes next to no time, whoever sends however much. What it
answers is in `answers`. `python -m bench.side_by_side.server` prints its port and ends when its standard input does.
"""

import asyncio
import json
import sys
from collections import Counter

from bench.side_by_side.answers import Request, answer, operation

_CONTROL = "/_stand_in/"
_PHRASES = {200: "OK", 400: "Bad Request"}


class StandIn:
    """What it is told, and what it has been asked for so far."""

    def __init__(self) -> None:
        self.latency = 0.0
        self.calls: Counter[str] = Counter()

    def control(self, path: str) -> bytes:
        """Begin to count anew with another latency in milliseconds, or say what was counted."""
        order, _, value = path.removeprefix(_CONTROL).partition("/")
        if order == "begin":
            self.latency, self.calls = float(value) / 1000, Counter()
        return json.dumps(self.calls).encode()


class Connection(asyncio.Protocol):
    """One connection of a client: request after request, in order."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in
        self._buffer = bytearray()
        self._promised = False
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client came."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the types; TCP gives no other
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Some bytes came: perhaps the rest of a request."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            lines = self._buffer[:end].decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            if headers.get("expect") and not self._promised:
                self._promised = True
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            stop = end + 4 + int(headers.get("content-length", "0"))
            if len(self._buffer) < stop:
                return
            method, path, _ = lines[0].split(" ", 2)
            request = Request(method, path, headers, bytes(self._buffer[end + 4 : stop]))
            del self._buffer[:stop]
            self._promised = False
            self._answer(request)

    def _answer(self, request: Request) -> None:
        stand_in = self._stand_in
        if request.path.startswith(_CONTROL):
            self._write(200, "application/json", stand_in.control(request.path))
            return
        name = operation(request)
        stand_in.calls[name] += 1
        reply = answer(name, request)
        if stand_in.latency:
            asyncio.get_running_loop().call_later(stand_in.latency, self._write, *reply)
        else:
            self._write(*reply)

    def _write(self, status: int, content_type: str, body: bytes) -> None:
        about = f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
        if not self._transport.is_closing():
            self._transport.write(f"HTTP/1.1 {status} {_PHRASES[status]}\r\n{about}\r\n".encode() + body)


async def serve() -> None:
    """Serve on a port of 127.0.0.1 that is free, until the standard input ends."""
    loop, stand_in = asyncio.get_running_loop(), StandIn()
    server = await loop.create_server(lambda: Connection(stand_in), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - who started it waits for this line
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve())
