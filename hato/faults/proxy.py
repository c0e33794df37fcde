"""`python -m hato.faults.proxy`: passes requests on byte for byte, but for those that a fault befalls.

GET /_faults/status counts what came and what was injected, PUT /_faults/settings changes the shares or switches
the faults off and on.
"""

import argparse
import asyncio
import dataclasses
import json
import logging
import signal
import socket
import struct
import sys
from urllib.parse import urlsplit

from hato.faults.proxy_faults import BadSetting, Fault, Faults, Settings
from hato.faults.proxy_messages import Message, read_answer, read_request
from hato.faults.proxy_throttles import throttle

HOST = "127.0.0.1"
_HEAD_BYTES = 1024 * 1024
_LOG = logging.getLogger("hato.faults")


class Proxy:
    """Requests to the server at `host` and `port`; each goes there on a connection of its own."""

    def __init__(self, host: str, port: int, faults: Faults) -> None:
        self._host, self._port, self._faults = host, port, faults

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, one after the other."""
        try:
            while request := await read_request(reader, writer):
                answer = await self._answer(request)
                if answer is None:
                    _reset(writer)
                    return
                writer.write(answer.to_bytes())
                await writer.drain()
                if request.closes or answer.closes:
                    return
        except (OSError, asyncio.IncompleteReadError) as error:
            # One of the two ends is gone: so is the connection to the other, as it would be without a proxy.
            _LOG.info("A connection broke: %r", error)
        finally:
            writer.close()

    async def _answer(self, request: Message) -> Message | None:
        if request.first_line[1].startswith("/_faults/"):
            return self._control(request)
        fault = self._faults.draw(request)
        if fault is not None:
            _LOG.warning("%s: %s", fault.value, request.operation)
        if fault is Fault.THROTTLE:
            return throttle(request, self._faults.chance)
        if fault is Fault.RESET_BEFORE:
            return None
        answer = await self._pass_on(request)
        return None if fault is Fault.RESET_AFTER else answer

    async def _pass_on(self, request: Message) -> Message:
        reader, writer = await asyncio.open_connection(self._host, self._port, limit=_HEAD_BYTES)
        try:
            writer.write(request.to_bytes())
            await writer.drain()
            return await read_answer(reader, request.first_line[0])
        finally:
            writer.close()

    def _control(self, request: Message) -> Message:
        match request.first_line[:2]:
            case ["GET", "/_faults/status"]:
                return _json("200 OK", self._faults.status())
            case ["PUT", "/_faults/settings"]:
                try:
                    self._faults.settings = self._faults.settings.changed(json.loads(request.body))
                except ValueError as why:
                    return _json("400 Bad Request", {"message": str(why)})
                return _json("200 OK", dataclasses.asdict(self._faults.settings))
        return _json("404 Not Found", {"message": "There are GET /_faults/status and PUT /_faults/settings."})


def _json(status: str, document: object) -> Message:
    body = json.dumps(document).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return Message(head.encode(), body)


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close the connection so that the client sees a reset, and not an orderly end."""
    no_lingering = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_lingering)
    writer.transport.abort()


async def run(port: int, to_url: str, faults: Faults) -> None:
    """Serve until this process is told to end."""
    to = urlsplit(to_url)
    proxy = Proxy(to.hostname or HOST, to.port or 80, faults)
    server = await asyncio.start_server(proxy.serve, HOST, port, limit=_HEAD_BYTES)
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    await told.wait()
    server.close()


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(message)s")
    shares = {fault.value: getattr(options, fault.value) for fault in Fault}
    try:
        settings = Settings().changed({"on": not options.off, **shares})
    except BadSetting as why:
        sys.stderr.write(f"{why}\n")
        return 2
    asyncio.run(run(options.port, options.to, Faults(settings, options.seed)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m hato.faults.proxy", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--to", required=True, help="the server's address, such as http://127.0.0.1:4566")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--throttles", type=float, default=0.0, help="the share of requests refused as AWS refuses")
    parser.add_argument("--resets-before", type=float, default=0.0, help="the share that is never carried out")
    parser.add_argument("--resets-after", type=float, default=0.0, help="the share that is, and gets no answer")
    parser.add_argument("--off", action="store_true", help="no faults until switched on")
    return parser


if __name__ == "__main__":
    sys.exit(main())
