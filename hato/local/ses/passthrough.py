"""Hands every other SES call to the emulator as it came, and its answer back."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

# What belongs to one connection, not to the message (RFC 9110, 7.6.1); the length is written anew.
_HOP_BY_HOP = frozenset(
    {"connection", "content-length", "keep-alive", "proxy-authenticate", "proxy-authorization", "te"}
    | {"trailer", "transfer-encoding", "upgrade"}
)
_WRITTEN_HERE = _HOP_BY_HOP | {"date"}  # by our own server
Headers = list[tuple[str, str]]


class Passthrough:
    def __init__(self, endpoint_url: str) -> None:
        parts = urlsplit(endpoint_url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port or 80

    async def __call__(self, request: Request) -> Response:
        target = request.scope["raw_path"].decode("ascii")
        if query := request.scope["query_string"].decode("ascii"):
            target += f"?{query}"
        headers = [(name, value) for name, value in request.headers.items() if name not in _HOP_BY_HOP]
        try:
            return await run_in_threadpool(self._forward, request.method, target, headers, await request.body())
        except OSError as error:
            return JSONResponse(
                {"message": f"The emulator behind the SES simulator does not answer: {error}"},
                502,
                {"x-amzn-ErrorType": "ServiceUnavailableException"},
            )

    def _forward(self, method: str, target: str, headers: Headers, body: bytes) -> Response:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=30)
        try:
            # The caller's own Host goes along: its signature covers it.
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            connection.putheader("content-length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        kept = {name: value for name, value in answer.getheaders() if name.lower() not in _WRITTEN_HERE}
        return Response(content, answer.status, kept)
