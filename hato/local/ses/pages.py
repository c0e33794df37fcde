"""The inbox in a browser: a list and one mail, with no script and nothing from elsewhere."""

from __future__ import annotations

import time
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from hato.local.ses.notification import timestamp
from hato.local.ses.simulator import Simulator

PAGE_SIZE = 50
# A mail's HTML is shown in a sandboxed frame that inherits this policy: no script, no remote image, no form.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


class Pages:
    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, trim_blocks=True
        )

    def routes(self) -> list[Route]:
        return [
            Route("/", self.inbox, methods=["GET"]),
            Route("/inbox/{message_id}", self.message, methods=["GET"]),
        ]

    async def inbox(self, request: Request) -> Response:
        words = request.query_params.get("q", "").strip()
        page = _page_number(request.query_params.get("page", ""))
        total, found = self._simulator.inbox.search(words, (page - 1) * PAGE_SIZE, PAGE_SIZE)
        return self._page(
            "inbox.html",
            messages=found,
            words=words,
            total=total,
            accepted=self._simulator.accepted,
            page=page,
            pages=max(1, -(-total // PAGE_SIZE)),
            link=lambda number: "/?" + urlencode({"q": words, "page": number}),
        )

    async def message(self, request: Request) -> Response:
        message = self._simulator.inbox.get(request.path_params["message_id"])
        if message is None:
            return self._page("missing.html", status=404)
        return self._page("message.html", message=message, record=message.record)

    def _page(self, name: str, status: int = 200, **values: object) -> Response:
        text = self._templates.get_template(name).render(timestamp=timestamp, now=time.time(), **values)
        return HTMLResponse(text, status, _HEADERS)


def _page_number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else 1
