"""The page that lets people out, as a browser shows it."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page

from tests.browser import samples
from tests.browser.conftest import Show
from tests.browser.judging import axe, keyboard, too_wide
from tests.browser.site import STAGE, HatoSite
from tests.browser.window import DESKTOP, PHONE, View

STATES = ("in", "out", "back", "invalid")
HEADINGS = {
    "en": ("Unsubscribe?", "You are unsubscribed", "You are subscribed again", "does not work"),
    "ja": ("停止しますか", "停止しました", "再開しました", "使えません"),
}


def in_state(show: Show, state: str, view: View) -> Page:
    """The page in this state, reached as somebody reaches it."""
    site = HatoSite()
    path = site.unsubscribe_path(samples.LEFT if state == "back" else samples.STAYS)
    page = show(site, f"{STAGE}/unsubscribe/cut-short" if state == "invalid" else path, view)
    if state in {"out", "back"}:
        page.get_by_role("button").click()
        page.wait_for_load_state()
    return page


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_on_a_desktop(show: Show, state: str) -> None:
    assert "\n".join(axe(in_state(show, state, DESKTOP))) == ""


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_it_is_for_everybody_on_a_phone_in_their_own_language(show: Show, state: str, language: str) -> None:
    page = in_state(show, state, replace(PHONE, language=language))
    assert HEADINGS[language][STATES.index(state)] in page.locator("h1").inner_text()
    assert page.locator("html").get_attribute("lang") == language
    assert "\n".join([*axe(page), *too_wide(page), *keyboard(page)]) == ""


def test_the_way_out_and_back_takes_no_mouse(show: Show) -> None:
    site = HatoSite()
    page = show(site, site.unsubscribe_path(samples.STAYS))
    for is_out in (True, False, True):
        page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert site.contacts.is_unsubscribed(samples.STAYS) is is_out
