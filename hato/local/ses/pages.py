"""The inbox in a browser: a list and one mail, with no script and nothing from elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from botocore.exceptions import BotoCoreError, ClientError
from jinja2 import Environment, FileSystemLoader
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from hato.local.ses.message import Message
from hato.local.ses.notification import timestamp
from hato.local.ses.origin import is_from_elsewhere
from hato.local.ses.reaction import BadReaction, read_reaction
from hato.local.ses.shown import Shown
from hato.local.ses.simulator import Simulator
from hato.local.ses.step import Kind

PAGE_SIZE = 50
_NO_EMULATOR = "The emulator, which keeps the configuration sets, does not answer."
# A mail's HTML is shown in a sandboxed frame that inherits this policy: no script, no remote image, no form.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    # Not `no-referrer`: with that, browsers do not say either that a form is the page's own.
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}


class Pages:
    def __init__(self, simulator: Simulator, turn: Callable[..., Any]) -> None:
        self._simulator, self._turn = simulator, turn
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, trim_blocks=True
        )

    def routes(self) -> list[Route]:
        return [
            Route("/", self.inbox, methods=["GET"]),
            Route("/inbox/{message_id}", self.message, methods=["GET"]),
            Route("/inbox/{message_id}/events", self.react, methods=["POST"]),
        ]

    async def inbox(self, request: Request) -> Response:
        words = request.query_params.get("q", "").strip()
        page = _page_number(request.query_params.get("page", ""))
        search = self._simulator.inbox.search
        total, found = await run_in_threadpool(search, words, (page - 1) * PAGE_SIZE, PAGE_SIZE)
        return self._page(
            "inbox.html",
            messages=found,
            words=words,
            total=total,
            page=page,
            telling_tags=telling_tags,
            pages=max(1, -(-total // PAGE_SIZE)),
            link=lambda number: "/?" + urlencode({"q": words, "page": number}),
        )

    async def message(self, request: Request) -> Response:
        message = self._find(request)
        if message is None:
            return self._page("missing.html", status=404)
        obstacles = await run_in_threadpool(self._obstacles, message)
        return self._page("message.html", mail=Shown(message, obstacles, time.time()))

    async def react(self, request: Request) -> Response:
        """Make an event happen by hand, then show the mail again."""
        message = self._find(request)
        if message is None:
            return self._page("missing.html", status=404)
        back = f"/inbox/{message.message_id}"
        if is_from_elsewhere(request):
            return self._page("refused.html", 403, why="This form was sent by another site.", back=back)
        try:
            reaction = read_reaction(await request.body(), message)
            await run_in_threadpool(self._turn, self._simulator.react, message, reaction)
        except BadReaction as why:
            return self._page("refused.html", 400, why=why, back=back)
        except (BotoCoreError, ClientError):
            return self._page("refused.html", 503, why=_NO_EMULATOR, back=back)
        return RedirectResponse(f"{back}#events", 303, _HEADERS)

    def _find(self, request: Request) -> Message | None:
        return self._simulator.inbox.get(request.path_params["message_id"])

    def _obstacles(self, message: Message) -> Mapping[Kind, str]:
        try:
            return self._simulator.obstacles(message)
        except (BotoCoreError, ClientError):
            return dict.fromkeys(Kind, _NO_EMULATOR)

    def _page(self, name: str, status: int = 200, **values: object) -> Response:
        text = self._templates.get_template(name).render(timestamp=timestamp, **values)
        return HTMLResponse(text, status, _HEADERS)


def telling_tags(message: Message, words: str) -> list[str]:
    """The tags that say something in a list: not those searched for, nor the ledger's shard."""
    asked = words.casefold().split()
    return [tag for tag in message.tags if tag.casefold() not in asked and not tag.startswith("shard:")]


def _page_number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else 1
