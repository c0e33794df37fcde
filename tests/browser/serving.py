"""A server on this machine that answers as API Gateway does, by a function in the place of the Lambda."""

import json
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# The method, the path, the query, the headers by their names in small letters, and the body; what comes back is
# status, headers, and a body of text or bytes, or a document for JSON.
Answer = tuple[int, Mapping[str, str], Any]
Site = Callable[[str, str, Mapping[str, str], Mapping[str, str], bytes], Answer]


@dataclass
class Served:
    """A site that is being served: where, and what went wrong in it."""

    origin: str = ""
    failures: list[str] = field(default_factory=list)


@contextmanager
def serving(site: Site) -> Iterator[Served]:
    """Serve it on a port that is free, for as long as the block lasts."""
    served = Served()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(site, served.failures))
    served.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(site: Site, failures: list[str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 5  # a connection that the browser opened in advance and has no use for

        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _answer(self, body: bytes) -> None:
            address = urlsplit(self.path)
            headers = {name.lower(): value for name, value in self.headers.items()}
            query = dict(parse_qsl(address.query, keep_blank_values=True))
            try:
                status, told, content = site(self.command, unquote(address.path), query, headers, body)
            except Exception as error:
                failures.append(f"{error!r}\n{traceback.format_exc()}")
                status, told, content = 502, {}, {"message": "Internal server error"}
            self._write(status, told, content if isinstance(content, bytes) else _as_text(content).encode())

        def _write(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _as_text(content: Any) -> str:
    return content if isinstance(content, str) else json.dumps(content)
