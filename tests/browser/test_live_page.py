"""A report's page while its campaign is sent: it follows by itself, and gets in nobody's way."""

from collections.abc import Mapping
from dataclasses import replace

from playwright.sync_api import Page, expect

from chalicelib.domain.campaign import Status
from chalicelib.domain.report import Report
from chalicelib.web.links import PageLinks
from chalicelib.web.page import headers
from chalicelib.web.report_page import report_page
from tests.browser import samples
from tests.browser.conftest import Show
from tests.browser.judging import axe
from tests.browser.serving import Answer
from tests.browser.window import View

LINKS = PageLinks("/c?token=t", "/c?format=json", "/c?format=csv", recipient="/recipient", dashboard="/campaigns")
SENDING = samples.campaigns().report(samples.CAMPAIGNS[Status.SENDING])
VIEW = View(1200, 800)  # a window of its own: once it is in a hand, the browser's clock stays there


class LiveSite:
    """One campaign's page, with so many rows accepted as the test says."""

    def __init__(self) -> None:
        self.report: Report = SENDING
        self.asked = 0

    def __call__(
        self, method: str, path: str, query: Mapping[str, str], headers_: Mapping[str, str], body: bytes
    ) -> Answer:
        if path != "/c":
            return 200, headers(), "<!doctype html><title>The beginning</title>"
        self.asked += 1
        return 200, headers(), report_page(self.report, LINKS, "en")

    def accept(self, mails: int) -> None:
        self.report = replace(self.report, ends=self.report.ends | {"accepted": mails})

    def finish(self) -> None:
        self.report = replace(self.report, status=Status.FINISHED, finished_at="2026-05-01T10:40:00.000Z")


def opened(show: Show, site: LiveSite) -> Page:
    """The page, with the browser's clock in the test's hand."""
    page = show(site, "/", VIEW)
    page.clock.install(time=samples.NOW)
    page.goto(page.url + "c?token=t")
    return page


def later(page: Page) -> None:
    """Five seconds on; whatever the page asked for then has been asked, for something was asked after it."""
    page.clock.run_for(5_100)
    for _ in range(2):
        page.evaluate("fetch('/').then(answer => answer.text())")


def test_it_shows_the_new_numbers_and_says_that_it_is_live(show: Show) -> None:
    site = LiveSite()
    page = opened(show, site)
    expect(page.locator("#live-state")).to_have_text("Live")
    expect(page.locator("#reload")).to_be_hidden()
    site.accept(99_001)
    later(page)
    expect(page.locator(".tile").first).to_contain_text("99,001")
    assert axe(page) == []


def test_it_keeps_focus_what_is_unfolded_what_was_typed_and_where_one_is(show: Show) -> None:
    site = LiveSite()
    page = opened(show, site)
    page.locator("#email").fill("taro@")
    page.locator("#times-data summary").click()
    page.locator("#download-json").focus()
    page.evaluate("scrollTo(0, 400)")
    site.accept(99_002)
    later(page)
    expect(page.locator(".tile").first).to_contain_text("99,002")
    expect(page.locator("#download-json")).to_be_focused()
    expect(page.locator("#times-data")).to_have_attribute("open", "")
    expect(page.locator("#email")).to_have_value("taro@")
    assert page.evaluate("scrollY") == 400


def test_it_says_aloud_how_far_it_is_at_every_tenth_of_the_rows(show: Show) -> None:
    site = LiveSite()
    page = opened(show, site)
    said = page.get_by_role("status")
    for accepted, words in ((90_000, "84,000 of 120,000 rows are done."), (91_000, "84,000"), (99_000, "96,000")):
        site.accept(accepted)
        later(page)
        expect(page.locator(".tile").first).to_contain_text(f"{accepted:,}")
        expect(said).to_contain_text(words)


def test_it_can_be_paused_and_goes_on(show: Show) -> None:
    site = LiveSite()
    page = opened(show, site)
    page.get_by_role("button", name="Pause updates").click()
    expect(page.locator("#live-state")).to_have_text("Updates paused")
    asked = site.asked
    later(page)
    assert site.asked == asked
    site.accept(99_003)
    page.get_by_role("button", name="Resume updates").click()
    expect(page.locator(".tile").first).to_contain_text("99,003")
    expect(page.locator("#live-state")).to_have_text("Live")


def test_without_an_answer_it_keeps_the_numbers_and_says_that_it_is_not_live(show: Show) -> None:
    site = LiveSite()
    page = opened(show, site)
    before = page.locator("#numbers").inner_text()
    page.route("**/c?token=t", lambda route: route.fulfill(status=200, body="<p>nothing of ours"))
    later(page)
    expect(page.locator("#live-state")).to_contain_text("Not live")
    assert page.locator("#numbers").inner_text() == before
    page.unroute("**/c?token=t")
    later(page)
    expect(page.locator("#live-state")).to_have_text("Live")


def test_it_stops_when_the_campaign_has_ended(show: Show) -> None:
    site = LiveSite()
    page = opened(show, site)
    page.get_by_role("button", name="Pause updates").focus()
    site.finish()
    later(page)
    expect(page.locator(".status")).to_have_text("Finished")
    expect(page.locator("#live")).to_be_hidden()
    expect(page.locator("#reload")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("This campaign has ended.")
    asked = site.asked
    later(page)
    assert site.asked == asked


def test_nothing_is_asked_while_nobody_looks(show: Show) -> None:
    site = LiveSite()
    page = opened(show, site)
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    asked = site.asked
    later(page)
    assert site.asked == asked
    page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_function("true")
    expect(page.locator("#live-state")).to_have_text("Live")
    assert site.asked == asked + 1
