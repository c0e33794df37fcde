"""The page that lets people out: a GET changes nothing, a POST all that it says, and a wrong link tells nothing."""

import re
from html.parser import HTMLParser

import pytest

from chalicelib.domain.facts import Fact
from chalicelib.domain.unsubscribe import UnsubscribeLinks
from chalicelib.web.page import Answer
from chalicelib.web.unsubscribe_page import UnsubscribePage
from tests.fakes.contacts import FakeContacts

LINKS = UnsubscribeLinks("a key of the tests")
TARO = "taro@example.com"
TOKEN = LINKS.token(TARO, "m-1")
NOW = "2026-05-01T12:00:00.000Z"
ONE_CLICK = b"List-Unsubscribe=One-Click"


class Place:
    """The page, and all that it can change."""

    def __init__(self) -> None:
        self.contacts = FakeContacts()
        self.kept: list[tuple[str, str, Fact]] = []
        self._page = UnsubscribePage(LINKS, self.contacts, lambda *told: self.kept.append(told), lambda: NOW)

    def get(self, token: str = TOKEN, **headers: str) -> Answer:
        return self._page("GET", token, headers, b"")

    def post(self, body: bytes = ONE_CLICK, token: str = TOKEN, **headers: str) -> Answer:
        return self._page("POST", token, headers, body)

    def changes(self) -> list[object]:
        return [*self.contacts.items.values(), *self.kept]


def test_who_follows_the_link_is_asked_and_nothing_is_changed() -> None:
    place = Place()
    for _ in range(3):
        status, _, html = place.get()
        assert status == 200
        assert "Unsubscribe?" in html
        assert 'method="post"' in html
    assert place.changes() == []


@pytest.mark.parametrize(
    "body", [ONE_CLICK, b"action=unsubscribe", b"", b"\xff\xfe", b"--x\r\nContent-Disposition: form-data; ...", b"{}"]
)
def test_a_post_of_any_kind_unsubscribes_at_once(body: bytes) -> None:
    place = Place()
    status, _, html = place.post(body)
    assert (status, "You are unsubscribed" in html) == (200, True)
    assert place.contacts.items[TARO]["unsubscribed_at"] == NOW
    assert place.kept == [("m-1", TARO, Fact("unsubscribed_at", NOW))]


def test_once_more_is_the_same() -> None:
    place = Place()
    pages = [place.post()[::2] for _ in range(3)]
    assert pages[0] == pages[1] == pages[2]
    assert "You are unsubscribed" in place.get()[2]


def test_who_made_a_mistake_is_let_in_again_and_stays_what_they_were_else() -> None:
    place = Place()
    place.contacts.items[TARO] = {"email": TARO, "bounced_at": "2026-01-01"}
    place.post()
    status, _, html = place.post(b"action=resubscribe")
    assert (status, "subscribed again" in html) == (200, True)
    assert not place.contacts.is_unsubscribed(TARO)
    assert place.contacts.items[TARO]["bounced_at"] == "2026-01-01"


@pytest.mark.parametrize("token", ["", "x", TOKEN[:-1], "A" + TOKEN[1:], UnsubscribeLinks("k").token(TARO, "m-1")])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_link_gets_a_clear_page_and_no_hint(method: str, token: str) -> None:
    place = Place()
    status, _, html = getattr(place, method)(token=token)
    assert status == 400
    assert "This link does not work" in html
    assert "<form" not in html
    assert place.changes() == []
    assert html == place.get("something else")[2]


def test_the_page_shows_whose_it_is_and_not_the_whole_address() -> None:
    html = Place().get()[2]
    assert "t***@example.com" in html
    assert TARO not in html


@pytest.mark.parametrize(("language", "words"), [("ja,en;q=0.5", "配信を停止する"), ("en", "Unsubscribe")])
def test_it_speaks_english_or_japanese(language: str, words: str) -> None:
    _, headers, html = Place().get(**{"accept-language": language})
    assert words in html
    assert f'<html lang="{language[:2]}">' in html
    assert headers["Content-Language"] == language[:2]
    assert headers["Vary"] == "Accept-Language"


@pytest.mark.parametrize("state", ["in", "out", "back", "invalid"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_page_is_whole_needs_no_scripts_and_loads_nothing(state: str, language: str) -> None:
    place, accept = Place(), {"accept-language": language}
    _, headers, html = {
        "in": lambda: place.get(**accept),
        "out": lambda: place.post(**accept),
        "back": lambda: place.post(b"action=resubscribe", **accept),
        "invalid": lambda: place.get("x", **accept),
    }[state]()
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src" not in headers["Content-Security-Policy"]
    assert "form-action 'self'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert "<script" not in html
    assert not re.search(r"(src|href)=|url\(", html)
    assert html.count("<h1") == html.count("<title>") == html.count("<main>") == 1
    Balanced().feed(html)


class Balanced(HTMLParser):
    """Fails where an element is closed that is not open."""

    def __init__(self) -> None:
        super().__init__()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br"}:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
