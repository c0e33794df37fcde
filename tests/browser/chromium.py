"""The Chromium that is installed on this machine, driven by Playwright; none is ever downloaded."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

MISSING = "There is no browser: install the package chromium (apt-get install chromium), or Google Chrome."
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """Where the browser is."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def is_required(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether tests without a browser fail, as they do in CI, instead of being skipped."""
    return bool(environment.get("CI")) or environment.get("HATO_BROWSER") == "required"


@contextmanager
def launched(program: str) -> Iterator[Browser]:
    """The browser, ended with the block. While it runs, its thread can run no asyncio loop of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_OPTIONS)
        yield browser
        browser.close()
