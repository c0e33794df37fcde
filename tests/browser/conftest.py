"""The browser, one for all tests of this folder, and windows of it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chromium
from tests.browser.serving import Site
from tests.browser.window import DESKTOP, View, Windows

Show = Callable[..., Page]


@pytest.fixture(scope="package")  # not for the session: other tests of this thread may want an asyncio loop
def browser() -> Iterator[Browser]:
    """Chromium; where there is none the test is skipped, or fails where one is required."""
    program = chromium.find()
    if program is None:
        (pytest.fail if chromium.is_required() else pytest.skip)(chromium.MISSING)
    with chromium.launched(program) as running:
        yield running


@pytest.fixture(scope="package")
def windows(browser: Browser) -> Windows:
    """Its windows."""
    return Windows(browser)


@pytest.fixture
def show(windows: Windows) -> Iterator[Show]:
    """Shows a page of a site, as who has this view of it sees it.

    In the end nothing was logged in the console, and nothing was asked of anybody but the site.
    """
    with ExitStack() as stack:
        opened = []

        def shown(site: Site, path: str, view: View = DESKTOP) -> Page:
            opened.append(stack.enter_context(windows.onto(site, view)))
            return opened[-1].go(path)

        yield shown
        assert "\n".join(each for window in opened for each in window.complaints()) == ""
