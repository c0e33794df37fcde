"""The calls of SES's v2 API that are simulated: what sends, and what tells whether one may send."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hato.local.ses.bulk import Refusal, read_bulk
from hato.local.ses.connection import NoAnswer
from hato.local.ses.errors import SesError
from hato.local.ses.identity import read_suppressed_reasons
from hato.local.ses.sending import AnswerDropped, Sending
from hato.local.ses.simulator import Outcome, Simulator
from hato.local.ses.single import read_single
from hato.local.ses.suppressing import Suppression
from hato.local.ses.wire import read_body


class Outbound:
    """Requests in, answers out; sends take turns, since they share the account."""

    def __init__(self, simulator: Simulator, sending: Sending, turn: Callable[..., Any]) -> None:
        self._simulator, self._sending, self._turn = simulator, sending, turn

    def routes(self) -> list[Route]:
        return [
            Route("/v2/email/outbound-bulk-emails", self.send_bulk_email, methods=["POST"]),
            Route("/v2/email/outbound-emails", self.send_email, methods=["POST"]),
            Route("/v2/email/account", self.get_account, methods=["GET"]),
            Route("/v2/email/account/suppression", self.put_suppression, methods=["PUT"]),
            *Suppression(self._simulator, self._answer).routes(),
            Route("/v2/email/identities/{name}", self.get_email_identity, methods=["GET"]),
        ]

    async def send_bulk_email(self, request: Request) -> Response:
        return await self._answer_send(self._send_bulk_email, request)

    async def send_email(self, request: Request) -> Response:
        return await self._answer_send(self._send_email, request)

    async def get_account(self, request: Request) -> Response:
        return await self._answer(self._get_account, b"")

    async def put_suppression(self, request: Request) -> Response:
        return await self._answer(self._put_suppression, await request.body())

    async def get_email_identity(self, request: Request) -> Response:
        name = request.path_params["name"]
        return await self._answer(lambda body: self._simulator.identity(name), b"")

    def _send_bulk_email(self, body: bytes) -> dict[str, Any]:
        outcomes = self._sending.send_bulk(read_bulk(read_body(body), len(body)))
        return {"BulkEmailEntryResults": [_entry_result(outcome) for outcome in outcomes]}

    def _send_email(self, body: bytes) -> dict[str, Any]:
        return {"MessageId": self._sending.send_one(read_single(read_body(body), len(body)))}

    def _get_account(self, body: bytes) -> dict[str, Any]:
        return self._simulator.account()

    def _put_suppression(self, body: bytes) -> dict[str, Any]:
        self._simulator.suppressed_reasons = read_suppressed_reasons(read_body(body))
        return {}

    async def _answer_send(self, operation: Callable[[bytes], dict[str, Any]], request: Request) -> Response:
        """The answer, perhaps some time after the work is done; not waited for once the caller has gone."""
        answer = await self._answer(operation, await request.body())
        if seconds := self._sending.lateness():
            with suppress(TimeoutError):
                await asyncio.wait_for(request.receive(), seconds)
        return answer

    async def _answer(self, operation: Callable[[bytes], dict[str, Any]], body: bytes) -> Response:
        try:
            return _json(await run_in_threadpool(self._turn, operation, body))
        except (BotoCoreError, ClientError) as error:
            # Configuration sets are looked up in the emulator; without it SES is out of order.
            return _json({"message": str(error)}, 503, {"x-amzn-ErrorType": "ServiceUnavailableException"})
        except AnswerDropped:
            return NoAnswer()
        except SesError as error:
            return _json({"message": error.message}, error.status, {"x-amzn-ErrorType": error.code})


def _entry_result(outcome: Outcome) -> dict[str, str]:
    if isinstance(outcome, Refusal):
        return {"Status": outcome.status, "Error": outcome.error}
    return {"Status": "SUCCESS", "MessageId": outcome}


def _json(content: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse(content, status, {"x-amzn-RequestId": str(uuid4()), **(headers or {})})
