"""museletter's whole sender loop, with its own database, on its own settings for SES.

It is filled and started through its own HTTP API, in the same process. Two things are set from outside: the address of
SES, for it has no setting for it, and that we call its loop instead of letting it run by itself.
"""

import asyncio
import csv
import io
import os
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from email.utils import parseaddr
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from museletter.app import create_app
from museletter.config import Settings
from museletter.mailer import create_mailer

from bench.side_by_side.answers import RATE
from bench.side_by_side.letter import SENDER, Letter, Person

_KEY = "side-by-side"
_FROM_NAME, _FROM_EMAIL = parseaddr(SENDER)


class Museletter:
    """Sends a campaign to a list each time, in a database of its own."""

    def __init__(self, letter: Letter) -> None:
        self._letter = letter
        self._numbers = count()
        self._folder = TemporaryDirectory()
        self._loop = asyncio.Runner()

    def ready(self, people: Sequence[Person]) -> Callable[[], object]:
        """Import the people and start the campaign; sending is its loop's work until nothing is left to do."""
        round_ = Round(Path(self._folder.name) / f"{next(self._numbers)}.db", self._letter)
        self._loop.run(round_.start(people))
        return lambda: self._loop.run(round_.send(len(people)))


class Round:
    """A campaign in a database: started, then sent."""

    def __init__(self, database: Path, letter: Letter) -> None:
        self._letter = letter
        self._app = create_app(_settings(database))
        self._open = AsyncExitStack()

    async def start(self, people: Sequence[Person]) -> None:
        """Import the people and queue a mail for each, through the API."""
        await self._open.enter_async_context(self._app.router.lifespan_context(self._app))
        transport = httpx.ASGITransport(self._app)
        headers = {"Authorization": f"Bearer {_KEY}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://museletter/v1", headers=headers) as api:
            await _post(api, "/lists/default/subscribers/import", csv=_csv(people))
            await _post(api, "/templates", name="letter", html=_template(self._letter))
            campaign = await _post(api, "/lists/default/campaigns", **_campaign(self._letter))
            await _post(api, f"/campaigns/{campaign['id']}/send", confirm=True, skip_test=True)

    async def send(self, number: int) -> None:
        """What its loop does until it would wait for more, and closing the database."""
        async with self._open:
            while await self._app.state.sender.tick():
                pass
            query = "SELECT COUNT(*) AS n FROM campaign_recipients WHERE status = 'sent'"
            async with self._app.state.db.execute(query) as found:
                sent = (await found.fetchone())["n"]
        if sent != number:
            raise RuntimeError(f"Not all were sent: {sent} of {number}")


def _settings(database: Path) -> Any:
    settings = Settings(
        api_key=_KEY,
        db_path=str(database),
        base_url="https://example.com",
        from_email=_FROM_EMAIL,
        from_name=_FROM_NAME,
        attribution=False,
        send_rate=RATE,
    )
    mailer = create_mailer(settings)
    mailer.endpoint = os.environ["AWS_ENDPOINT_URL"]
    settings.extra = {"mailer": mailer, "disable_sender": True}
    return settings


async def _post(api: httpx.AsyncClient, path: str, **document: Any) -> Any:
    answer = await api.post(path, json=document)
    return answer.raise_for_status().json()


def _csv(people: Sequence[Person]) -> str:
    lines = io.StringIO()
    csv.writer(lines).writerows([("email", "name"), *((person.email, person.name) for person in people)])
    return lines.getvalue()


def _campaign(letter: Letter) -> dict[str, Any]:
    _, content, _ = _parts(letter)  # HTML is Markdown, too; opens are SES's to track, as in all others
    return {"subject": letter.subject, "body_markdown": content, "template": "letter", "track_opens": False}


def _template(letter: Letter) -> str:
    head, _, tail = _parts(letter)
    return f"{head}\n$content\n<p>$footer</p>{tail}"


def _parts(letter: Letter) -> tuple[str, str, str]:
    """Head, content and tail; its own foot stands in the place of the letter's, for the way out is its own."""
    start = letter.html.index("<h1>")
    stop = letter.html.index("<p><a href=")
    return letter.html[:start], letter.html[start:stop], letter.html[letter.html.index("</body>") :]


def contender(letter: Letter) -> Museletter:
    """Make it."""
    return Museletter(letter)
