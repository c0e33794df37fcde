"""The inbox as a browser shows it, by keyboard, on a phone, and with scripts switched off."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import chromium
from tests.local.test_ses_by_hand import NOWHERE, QUIET, events, sent
from tests.local.test_ses_server import Running, serving, simple


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; where there is none the tests are skipped, or fail where one is required."""
    program = chromium.find()
    if program is None:
        (pytest.fail if chromium.is_required() else pytest.skip)(chromium.MISSING)
    with chromium.launched(program) as running:
        yield running


@pytest.fixture
def running() -> Iterator[Running]:
    with serving(NOWHERE, QUIET) as simulator:
        yield simulator


def look(browser: Browser, running: Running, path: str, scripts: bool = True) -> Page:
    page = browser.new_context(java_script_enabled=scripts).new_page()
    page.goto(f"http://127.0.0.1:{running.port}{path}")
    return page


@pytest.mark.parametrize("width", [390, 320])
def test_no_page_scrolls_sideways_on_a_phone(browser: Browser, running: Running, width: int) -> None:
    long = "a-very-long-address-of-somebody-with-patience@a-long-domain-name.example.com"
    tag = {"Name": "campaign", "Value": "c" * 80}
    mails = [sent(running, long, "bob@example.com", DefaultEmailTags=[tag]), simple(running)]
    for path in ("/", "/?q=nobody", "/inbox/none", *(f"/inbox/{message_id}" for message_id in mails)):
        page = look(browser, running, path)
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") == width, path


def test_tab_leads_through_the_mails_own_links_to_every_button(browser: Browser, running: Running) -> None:
    page = look(browser, running, f"/inbox/{sent(running, 'ann@example.com', 'bob@example.com')}")
    stops = []
    while not stops or stops[-1] != "pre tall":
        page.keyboard.press("Tab")
        stops.append(str(page.evaluate("(at => `${at.localName} ${at.name || at.className}`)(document.activeElement)")))
        assert len(stops) < 40, stops
    by_hand = ["select recipient", "input scanner", *["button event"] * 3, *["button link"] * 2, "a ", "pre tall"]
    assert stops[-len(by_hand) :] == by_hand
    assert "iframe " in stops


def test_a_form_is_sent_without_scripts_and_the_events_are_shown_again(browser: Browser, running: Running) -> None:
    message_id = sent(running, "ann@example.com", "bob@example.com")
    page = look(browser, running, f"/inbox/{message_id}", scripts=False)
    page.get_by_label("Recipient").select_option("bob@example.com")
    page.get_by_label("Opens and clicks as a scanner").check()
    page.get_by_role("button", name="Click example.com/a").click()
    assert page.url.endswith(f"/inbox/{message_id}#events")
    last = running.lines("/_simulator/events")[-1]
    assert (last["kind"], last["recipient"], last["bot"]) == ("Click", "bob@example.com", True)
    assert page.locator("#events dd").last.inner_text().startswith("Click by a scanner example.com/a?x=1&y=2")


def test_a_page_of_another_site_opens_nothing(browser: Browser, running: Running) -> None:
    message_id = sent(running)
    page = browser.new_context().new_page()
    address = f"http://127.0.0.1:{running.port}/inbox/{message_id}/events"
    page.set_content(f'<form method="post" action="{address}"><button name="event" value="open">Win</button></form>')
    page.get_by_role("button").click()
    page.get_by_text("This form was sent by another site.").wait_for()
    assert events(running) == ["Send", "Delivery"]


def test_a_mail_runs_no_script_of_its_own_and_fetches_nothing(browser: Browser, running: Running) -> None:
    html = "<p>Hello</p><script>parent.document.title = 'taken'</script><img src='http://127.0.0.1:9/pixel.png'>"
    page = browser.new_context().new_page()
    failed: list[tuple[str, str | None]] = []
    answered: list[str] = []
    page.on("requestfailed", lambda request: failed.append((request.url, request.failure)))
    page.on("response", lambda response: answered.append(response.url))
    page.goto(f"http://127.0.0.1:{running.port}/inbox/{sent(running, html=html)}")
    page.frame_locator("iframe").get_by_text("Hello").wait_for()
    assert page.title() == "s · Hato"
    # What the browser thinks of fetching while it reads ahead, the policy refuses before it leaves.
    assert {why for url, why in failed if "pixel" in url} <= {"csp"}
    assert [url for url in answered if "pixel" in url] == []
