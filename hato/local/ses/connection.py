"""Connections that end without an answer: for that one needs their transport, which uvicorn keeps to itself."""

from __future__ import annotations

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol


class BreakableConnection(H11Protocol):
    """A connection whose requests carry its transport in their state."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class NoAnswer(Response):
    """Breaks the connection where an answer was due."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"]["transport"].close()
        await receive()  # until the connection is lost: uvicorn logs it as a mistake to be done before that
