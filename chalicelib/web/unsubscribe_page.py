"""The page that lets people out of a mailing, and in again.

A GET shows it and changes nothing: scanners follow links. A POST does what it says at once, whoever sends it: a person
by the page's button, or a mail program by one click (RFC 8058), which brings none of a browser's headers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import parse_qs

from chalicelib.domain.facts import UNSUBSCRIBED_AT, Fact
from chalicelib.domain.recipient import shorten
from chalicelib.domain.unsubscribe import UnsubscribeLinks, Unsubscription
from chalicelib.errors import LinkInvalid
from chalicelib.web.language import preferred
from chalicelib.web.page import Answer, headers, page


class Contacts(Protocol):
    """What is known of each address."""

    def is_unsubscribed(self, email: str) -> bool:
        """Whether this address is out of all mailings by its owner's wish."""
        ...

    def unsubscribe(self, email: str, at: str) -> bool:
        """Write to this address no more; whether that is new."""
        ...

    def resubscribe(self, email: str) -> None:
        """Take the unsubscription back; whatever else is against the address stays."""
        ...


@dataclass(frozen=True, slots=True)
class UnsubscribePage:
    """The page, with what it needs."""

    links: UnsubscribeLinks
    contacts: Contacts
    keep_fact: Callable[[str, str, Fact], object]  # mail, address and what became of it
    now: Callable[[], str]  # as timestamps are written

    def __call__(self, method: str, token: str, request_headers: Mapping[str, str], body: bytes) -> Answer:
        """Status, headers and body for a GET, or for a POST, which is the same however often it is sent."""
        language = preferred(request_headers.get("accept-language", ""))
        try:
            found = self.links.read(token)
        except LinkInvalid:
            return _answer(400, language, state="invalid")
        state = self._do(found, body) if method == "POST" else self._look(found)
        return _answer(200, language, state=state, address=shorten(found.email))

    def _look(self, found: Unsubscription) -> str:
        return "out" if self.contacts.is_unsubscribed(found.email) else "in"

    def _do(self, found: Unsubscription, body: bytes) -> str:
        if _wants_back(body):
            self.contacts.resubscribe(found.email)
            return "back"
        at = self.now()
        self.contacts.unsubscribe(found.email, at)
        # Each time, not only when it is new: the first time may have broken off in between.
        self.keep_fact(found.mail_id, found.email, Fact(UNSUBSCRIBED_AT, at))
        return "out"


def _wants_back(body: bytes) -> bool:
    return parse_qs(body.decode("ascii", "replace")).get("action") == ["resubscribe"]


def _answer(status: int, language: str, **values: Any) -> Answer:
    told = headers(has_script=False) | {"Content-Language": language, "Vary": "Accept-Language"}
    return status, told, page("unsubscribe.html", language=language, **values)
