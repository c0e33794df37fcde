"""The pictures for docs/."""

import pytest
from playwright.sync_api import Browser

from tests.browser.screenshots import SHOTS, Shot, picture
from tests.browser.site import STAGE
from tests.browser.window import View


def test_the_same_page_makes_the_same_picture(browser: Browser) -> None:
    first = picture(browser, SHOTS[0])
    assert first == picture(browser, SHOTS[0])
    assert first.startswith(b"\x89PNG")


def test_a_page_with_something_wrong_makes_none(browser: Browser) -> None:
    def fails(page) -> None:
        page.evaluate("console.error('wrong')")

    with pytest.raises(ValueError, match="wrong"):
        picture(browser, Shot("wrong", lambda site: f"{STAGE}/unsubscribe/x", View(320, 200), fails))


def test_no_two_pictures_have_one_name() -> None:
    assert len({shot.name for shot in SHOTS}) == len(SHOTS)
