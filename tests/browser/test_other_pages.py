"""All campaigns, one recipient, and why something is not shown, as a browser shows them."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from chalicelib.domain.history import Moment
from chalicelib.web.dashboard_page import Entry, dashboard_page
from chalicelib.web.message_page import message_page
from chalicelib.web.names import MOMENTS
from chalicelib.web.page import headers
from chalicelib.web.recipient_page import Person, recipient_page
from tests.browser import samples
from tests.browser.conftest import Show
from tests.browser.judging import axe, keyboard, too_wide
from tests.browser.serving import Answer, Site
from tests.browser.window import DESKTOP, PHONE

ENTRIES = [Entry(samples.campaigns().report(each), f"campaigns/{each}") for each in samples.CAMPAIGNS.values()]
LONG = "a-very-long-name-of-somebody-who-has-no-mercy-with-anybody.and-so-on@and-a-domain-of-the-same-kind.example.com"
PERSON = Person(
    LONG,
    {"username": LONG, "bounced_at": "2026-05-01T08:00:00.000Z", "plan": "pro"},
    "The contact bounced 2026-05-01T08:00:00.000Z.",
    [("spring-2026", "c-1", [Moment("2026-05-01T08:00:00.000Z", name, LONG, name != "opened") for name in MOMENTS])],
)
PAGES: Mapping[str, Callable[[str], str]] = {
    "dashboard": lambda language: dashboard_page(
        ENTRIES, language, older="/older", refresh="/", recipient="/recipient"
    ),
    "no campaign": lambda language: dashboard_page([], language, refresh="/"),
    "recipient": lambda language: recipient_page(PERSON, language, back="/back"),
    "stranger": lambda language: recipient_page(Person(LONG, None, "", ()), language, back="/back"),
    "refusal": lambda language: message_page(403, "This link has expired.", language),
}


def site(name: str, language: str) -> Site:
    def answer(method: str, path: str, query: Mapping[str, str], told: Mapping[str, str], body: bytes) -> Answer:
        return 200, headers(), PAGES[name](language)

    return answer


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_on_a_desktop(show: Show, name: str) -> None:
    assert "\n".join(axe(show(site(name, "en"), "/", DESKTOP))) == ""


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_it_is_for_everybody_on_a_phone_in_their_own_language(show: Show, name: str, language: str) -> None:
    page = show(site(name, language), "/", replace(PHONE, language=language))
    assert page.locator("html").get_attribute("lang") == language
    assert "\n".join([*axe(page), *too_wide(page), *keyboard(page)]) == ""
