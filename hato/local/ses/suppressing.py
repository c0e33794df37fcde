"""The calls of SES's v2 API about the account's suppression list."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hato.local.ses.errors import BadRequest
from hato.local.ses.simulator import Simulator
from hato.local.ses.wire import read_body

Answer = Callable[[Callable[[bytes], dict[str, Any]], bytes], Awaitable[Response]]


class Suppression:
    def __init__(self, simulator: Simulator, answer: Answer) -> None:
        self._simulator, self._answer = simulator, answer

    def routes(self) -> list[Route]:
        addresses = "/v2/email/suppression/addresses"
        return [
            Route(addresses, self.put, methods=["PUT"]),
            Route(addresses, self.list, methods=["GET"]),
            Route(f"{addresses}/{{address}}", self.get, methods=["GET"]),
            Route(f"{addresses}/{{address}}", self.delete, methods=["DELETE"]),
        ]

    async def put(self, request: Request) -> Response:
        def put(body: bytes) -> dict[str, Any]:
            self._simulator.suppress(read_body(body))
            return {}

        return await self._answer(put, await request.body())

    async def list(self, request: Request) -> Response:
        query = request.query_params

        def page(body: bytes) -> dict[str, Any]:
            size = query.get("PageSize", "1000")
            if not (size.isascii() and size.isdigit() and int(size) > 0):
                raise BadRequest("PageSize is no number.")
            return self._simulator.suppressed.page(query.getlist("Reason"), int(size), query.get("NextToken", ""))

        return await self._answer(page, b"")

    async def get(self, request: Request) -> Response:
        return await self._answer(lambda body: self._simulator.suppressed.get(request.path_params["address"]), b"")

    async def delete(self, request: Request) -> Response:
        def delete(body: bytes) -> dict[str, Any]:
            self._simulator.suppressed.delete(request.path_params["address"])
            return {}

        return await self._answer(delete, b"")
