"""The report's page, as a browser shows it."""

from dataclasses import replace

import pytest

from chalicelib.domain.campaign import Status
from tests.browser import samples
from tests.browser.conftest import Show
from tests.browser.judging import axe, keyboard, too_wide
from tests.browser.site import HatoSite
from tests.browser.window import DESKTOP, PHONE

# Under way, held, ended with all there can be, never begun, and with a link that is too old.
SHOWN = (Status.SENDING, Status.PAUSED, Status.FINISHED, Status.FAILED, "expired")


def path_to(site: HatoSite, shown: str) -> str:
    if shown == "expired":
        return site.report_path(samples.CAMPAIGNS[Status.FINISHED], expires_at=samples.NOW)
    return site.report_path(samples.CAMPAIGNS[Status(shown)])


@pytest.mark.parametrize("shown", SHOWN)
def test_axe_finds_nothing_on_a_desktop(show: Show, shown: str) -> None:
    site = HatoSite()
    assert "\n".join(axe(show(site, path_to(site, shown), DESKTOP))) == ""


@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_it_is_for_everybody_on_a_phone_in_their_own_language(show: Show, shown: str, language: str) -> None:
    site = HatoSite()
    page = show(site, path_to(site, shown), replace(PHONE, language=language))
    assert page.locator("html").get_attribute("lang") == language
    assert "\n".join([*axe(page), *too_wide(page), *keyboard(page)]) == ""
