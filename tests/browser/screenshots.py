"""`python -m tests.browser.screenshots docs/images`: pictures of the pages; the same page makes the same picture."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Browser, Page

from chalicelib.domain.campaign import Status
from hato.project import shown
from tests.browser import chromium, samples
from tests.browser.site import HatoSite
from tests.browser.window import DESKTOP, PHONE, View, Windows

LARGEST = 150_000  # bytes


def press_the_button(page: Page) -> None:
    """As somebody does who wants out."""
    page.get_by_role("button").first.click()
    page.wait_for_load_state()


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its name, where the page is, who looks, and what they do first."""

    name: str
    path: Callable[[HatoSite], str]
    view: View = DESKTOP
    first: Callable[[Page], None] = lambda page: None


def report(status: Status) -> Callable[[HatoSite], str]:
    """Where the report of a campaign with this status is."""
    return lambda site: site.report_path(samples.CAMPAIGNS[status])


def at(place: str) -> Callable[[Page], None]:
    """Goes down the page to the heading of this id."""
    return lambda page: page.locator(f"#{place}").evaluate("heading => heading.scrollIntoView()")


def look_up(page: Page) -> None:
    """As somebody does who asks what became of one address."""
    page.get_by_role("textbox").fill(samples.STAYS)
    page.get_by_role("textbox").press("Enter")
    page.wait_for_load_state()


def with_addresses(site: HatoSite) -> str:
    """Where the report is for who may see addresses."""
    return site.report_path(samples.CAMPAIGNS[Status.FINISHED], addresses=True)


def unsubscribe(site: HatoSite) -> str:
    """Where somebody who gets mails is let out."""
    return site.unsubscribe_path(samples.STAYS)


SHOTS = (
    Shot("report", report(Status.FINISHED), View(1040, 1000)),
    Shot("report-over-time", report(Status.FINISHED), View(1040, 900), at("times")),
    Shot("report-bounces-dark", report(Status.FINISHED), View(1040, 1000, "dark"), at("bounces")),
    Shot("report-ja", report(Status.FINISHED), View(1040, 1000, language="ja")),
    Shot("dashboard", HatoSite.dashboard_path, View(1040, 900)),
    Shot("recipient", with_addresses, View(1040, 800), look_up),
    Shot("report-phone", report(Status.FINISHED), PHONE),
    Shot("report-sending", report(Status.SENDING), View(1040, 1000)),
    Shot("unsubscribe", unsubscribe, View(800, 420)),
    Shot("unsubscribed-ja-phone", unsubscribe, replace(PHONE, height=320, language="ja"), press_the_button),
)


def picture(browser: Browser, shot: Shot) -> bytes:
    """What the view shows of the page, as a PNG. Raises ValueError where it is too large, or the page has a fault."""
    site = HatoSite()
    with Windows(browser).onto(site, shot.view) as window:
        window.page.clock.set_fixed_time(samples.NOW)
        shot.first(window.go(shot.path(site)))
        png = window.page.screenshot(animations="disabled")
        if complaints := window.complaints():
            raise ValueError(f"{shot.name}: {complaints}")
    if len(png) > LARGEST:
        raise ValueError(f"{shot.name} is of {len(png):,} bytes, and may have {LARGEST:,}.")
    return png


def main(folder: Path) -> None:
    """Write every picture into the folder."""
    program = chromium.find()
    if program is None:
        raise SystemExit(chromium.MISSING)
    folder.mkdir(parents=True, exist_ok=True)
    with chromium.launched(program) as browser:
        for shot in SHOTS:
            file = folder / f"{shot.name}.png"
            file.write_bytes(picture(browser, shot))
            sys.stdout.write(f"{shown(file)}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
