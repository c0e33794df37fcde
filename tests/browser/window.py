"""Windows of the browser onto a site: how somebody looks at it, and what is wrong with what they get to see."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from tests.browser.serving import Served, Site, serving

_PATIENCE = 15_000  # milliseconds, for whatever a test waits for
_JUDGING = (Path(__file__).parent / "judging.js").read_text()
# What Chromium says of the page itself where it is answered with 403, as it may well be.
_NO_SUCCESS = "Failed to load resource: the server responded with a status of"


@dataclass(frozen=True, slots=True)
class View:
    """Who looks, and on what."""

    width: int = 1280
    height: int = 900
    scheme: Literal["light", "dark"] = "light"
    language: Literal["en", "ja"] = "en"
    motion: Literal["no-preference", "reduce"] = "no-preference"

    def options(self) -> dict[str, Any]:
        """The same in the browser's words."""
        is_phone = self.width < 600
        return {
            "viewport": {"width": self.width, "height": self.height},
            "color_scheme": self.scheme,
            "locale": {"en": "en-US", "ja": "ja-JP"}[self.language],
            "reduced_motion": self.motion,
            "timezone_id": "UTC",
            "is_mobile": is_phone,
            "has_touch": is_phone,
        }


DESKTOP = View()
PHONE = View(390, 844)


@dataclass
class Window:
    """One page, and all that should not be: errors and warnings in the console, and requests that go elsewhere."""

    page: Page
    served: Served
    found: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._listeners = {"console": self._on_console, "pageerror": self._on_error, "request": self._on_request}
        for event, listener in self._listeners.items():
            self.page.on(event, listener)

    def go(self, path: str) -> Page:
        """The page at this path. Raises AssertionError where the site could not make it."""
        self.page.goto(self.served.origin + path)
        if self.served.failures:
            raise AssertionError(self.served.failures[0])
        return self.page

    def complaints(self) -> list[str]:
        """What was found up to now."""
        self.page.evaluate("0")  # whatever the browser told before its answer has arrived with it
        return [*self.found, *self.served.failures]

    def leave(self) -> None:
        """Make the page blank, for another site."""
        for event, listener in self._listeners.items():
            self.page.remove_listener(event, listener)
        self.page.goto("about:blank")
        self.page.context.clear_cookies()

    def _on_console(self, message: ConsoleMessage) -> None:
        is_about_page = message.location["url"] == self.page.url and message.text.startswith(_NO_SUCCESS)
        if message.type in {"error", "warning"} and not is_about_page:
            self.found.append(f"{message.type}: {message.text}")

    def _on_error(self, error: object) -> None:
        self.found.append(f"error: {error}")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme != "data" and f"{address.scheme}://{address.netloc}" != self.served.origin:
            self.found.append(f"request: {request.url}")


class Windows:
    """The windows of a browser: to open one takes long, so one that is free is used again for the same view."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[View, list[Page]] = {}

    @contextmanager
    def onto(self, site: Site, view: View = DESKTOP) -> Iterator[Window]:
        """A window onto the site, which is served for as long as the block lasts."""
        free = self._free.setdefault(view, [])
        with serving(site) as served:
            window = Window(free.pop() if free else self._new(view), served)
            yield window
            window.page.set_viewport_size({"width": view.width, "height": view.height})
            window.page.emulate_media(media="screen", color_scheme=view.scheme, reduced_motion=view.motion)
            window.leave()
            free.append(window.page)

    def _new(self, view: View) -> Page:
        page = self._browser.new_context(**view.options()).new_page()
        page.set_default_timeout(_PATIENCE)
        for script in (Axe().axe_script, _JUDGING):  # no policy of a page keeps them out, and each is compiled once
            page.add_init_script(script)
        return page
