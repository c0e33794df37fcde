"""The simulator's own doors: its inbox and events as JSON lines, settings, status, health."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import asdict
from itertools import islice
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from hato.local.ses.publisher import Publisher
from hato.local.ses.sending import FaultCounts
from hato.local.ses.settings import BadSetting
from hato.local.ses.simulator import Simulator


class Control:
    def __init__(
        self, simulator: Simulator, faults: FaultCounts, publisher: Publisher, turn: Callable[..., Any]
    ) -> None:
        self._simulator, self._faults, self._publisher, self._turn = simulator, faults, publisher, turn

    def routes(self) -> list[Route]:
        return [
            Route("/_simulator/health", self.health, methods=["GET"]),
            Route("/_simulator/status", self.status, methods=["GET"]),
            Route("/_simulator/events", self.events, methods=["GET"]),
            Route("/_simulator/settings", self.settings, methods=["GET"]),
            Route("/_simulator/settings", self.change_settings, methods=["PUT"]),
            Route("/messages", self.messages, methods=["GET"]),
            Route("/messages", self.clear, methods=["DELETE"]),
            Route("/messages/{message_id}/source", self.source, methods=["GET"]),
        ]

    async def health(self, request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def status(self, request: Request) -> Response:
        counts = self._publisher.counts
        return JSONResponse(
            {
                "accepted": self._simulator.accepted,
                "messages": len(self._simulator.inbox),
                "throttled_calls": self._simulator.throttled_calls,
                **asdict(self._faults),
                "events_pending": self._publisher.pending,
                "events_published": counts.published,
                "events_unwanted": counts.unwanted,
                "events_lost": counts.lost,
                "events_per_second": round(self._publisher.pace.rate, 1),
            }
        )

    async def events(self, request: Request) -> Response:
        return _lines(json.dumps(event.as_json()).encode() for event in self._simulator.events.all())

    async def settings(self, request: Request) -> Response:
        return JSONResponse(self._simulator.settings.as_json())

    async def change_settings(self, request: Request) -> Response:
        try:
            changes = json.loads(await request.body())
            settings = self._turn(self._simulator.change, changes)
        except BadSetting as why:
            return _bad_request(str(why))
        except ValueError:
            return _bad_request("The settings must be a JSON object.")
        return JSONResponse(settings.as_json())

    async def messages(self, request: Request) -> Response:
        try:
            offset = _count(request, "offset", 0)
            limit = _count(request, "limit", None)
        except ValueError as why:
            return _bad_request(str(why))
        found = self._simulator.inbox.page(request.query_params.get("to"), offset or 0, limit)
        return _lines(message.record_line() for message in found)

    async def clear(self, request: Request) -> Response:
        self._turn(self._simulator.inbox.clear)
        return Response(status_code=204)

    async def source(self, request: Request) -> Response:
        message = self._simulator.inbox.get(request.path_params["message_id"])
        if message is None:
            return JSONResponse({"message": "There is no such message."}, 404)
        # As text and never as HTML: what a mail says must not run in the inbox's origin.
        return Response(message.source(), media_type="text/plain", headers={"x-content-type-options": "nosniff"})


def _count(request: Request, name: str, missing: int | None) -> int | None:
    value = request.query_params.get(name)
    if value is None:
        return missing
    if not value.isascii() or not value.isdigit():
        raise ValueError(f"{name} must be a whole number, 0 or more.")
    return int(value)


def _bad_request(sentence: str) -> Response:
    return JSONResponse({"message": sentence}, 400)


def _lines(lines: Iterable[bytes]) -> Response:
    return StreamingResponse(_in_blocks(lines), media_type="application/x-ndjson")


async def _in_blocks(lines: Iterable[bytes]) -> AsyncIterator[bytes]:
    """Some hundred lines a time: one a time would be slow, all at once would need the memory."""
    remaining = iter(lines)
    while block := list(islice(remaining, 200)):
        yield b"\n".join(block) + b"\n"
