"""The pages of a finished campaign, over HTTP against the deployed functions, with IAM enforced."""

import csv
import io
import json
from collections.abc import Iterator
from urllib.parse import urlencode, urljoin

import pytest

from chalicelib.domain.grant import DASHBOARD
from tests.e2e.visitor import PEOPLE, Visitor, ask

pytestmark = pytest.mark.cloud

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_a_link_shows_the_campaigns_numbers_in_each_form(visitor: Visitor) -> None:
    signed = visitor.token()
    page = ask(visitor.url(visitor.page, signed), headers={"Accept": "text/html", "Accept-Language": "ja"})
    assert (page.status, page.headers["Content-Language"]) == (200, "ja")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert visitor.campaign_id in page.body
    assert not any(address in page.body for address in PEOPLE)

    numbers = json.loads(ask(visitor.url(visitor.page, signed, format="json")).body)
    assert (numbers["rows"], numbers["accepted"], numbers["invalid"], numbers["delivered"]) == (3, 2, 1, 2)
    assert numbers["balanced"] is True

    lines = ask(visitor.url(visitor.page, signed, format="csv"))
    assert lines.headers["Content-Type"].startswith("text/csv")
    told = dict(csv.reader(io.StringIO(lines.body)))
    assert (told["rows"], told["accepted"], told["delivered"]) == ("3", "2", "2")


def test_every_row_is_downloaded_from_s3_by_who_may_see_addresses(visitor: Visitor) -> None:
    path = f"{visitor.page}/report.csv"
    led = ask(visitor.url(path, visitor.token(addresses=True)))
    assert led.status == 302
    assert led.headers["Cache-Control"] == "no-store"
    file = ask(led.headers["Location"])
    assert file.status == 200
    assert file.headers["Content-Disposition"] == f'attachment; filename="{visitor.campaign_id}.csv"'
    rows = list(csv.DictReader(io.StringIO(file.body)))
    assert {row["email"] for row in rows} == {*PEOPLE, "nobody"}
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())

    assert ask(led.headers["Location"].replace("report.csv?", "mail.json?")).status == 403, "another file"
    missing = ask(visitor.url("campaigns/none/report.csv", visitor.token(DASHBOARD, addresses=True)))
    assert missing.status == 404
    assert "report.csv" in missing.body


@pytest.mark.parametrize("of_dashboard", [False, True])
def test_one_recipients_history_is_shown_by_a_form_over_the_mails_that_the_link_is_for(
    visitor: Visitor, of_dashboard: bool
) -> None:
    path, subject = ("recipient", DASHBOARD) if of_dashboard else (f"{visitor.page}/recipient", "")
    body = urlencode({"email": PEOPLE[0].upper()}).encode()
    shown = ask(visitor.url(path, visitor.token(subject, addresses=True)), body, FORM)
    assert shown.status == 200
    assert PEOPLE[0] in shown.body
    assert "Delivered" in shown.body
    assert ("pages-first" in shown.body) == of_dashboard
    assert PEOPLE[1] not in shown.body

    refused = ask(visitor.url(path, visitor.token(subject)), body, FORM)
    assert (refused.status, PEOPLE[0] in refused.body) == (403, False)
    elsewhere = ask(
        visitor.url(path, visitor.token(subject, addresses=True)), body, FORM | {"Sec-Fetch-Site": "cross-site"}
    )
    assert (elsewhere.status, PEOPLE[0] in elsewhere.body) == (403, False)


def test_all_campaigns_are_shown_and_lead_to_each(visitor: Visitor) -> None:
    dashboard = visitor.url("campaigns", visitor.token(DASHBOARD))
    href = next(href for page in pages(dashboard) for href in page if href.startswith(f"{visitor.page}?"))
    assert ask(urljoin(dashboard, href)).status == 200
    assert ask(urljoin(dashboard, href).replace(visitor.page, "campaigns")).status == 403, "one campaign's is not all's"


def pages(url: str) -> Iterator[list[str]]:
    """The links of a dashboard's pages, from the newest campaigns on."""
    while url:
        page = ask(url)
        assert page.status == 200
        yield (links := [part.split('"')[0].replace("&amp;", "&") for part in page.body.split('href="')[1:]])
        url = next((urljoin(url, link) for link in links if "before=" in link and link not in url), "")


def wrong_tokens(visitor: Visitor) -> Iterator[tuple[str, str | None, str]]:
    good = visitor.token(addresses=True)
    yield "none", None, "This link is not valid."
    yield "another campaign's", visitor.token("another", addresses=True), "This link is not valid."
    yield "tampered", f"{good[:-8]}{good[-8:][::-1]}", "This link is not valid."
    yield "tampered in what it says", f"X{good[1:]}", "This link is not valid."
    yield "expired", visitor.token(seconds=-5, addresses=True), "This link has expired."


def test_whoever_holds_no_good_link_is_refused_everywhere(visitor: Visitor) -> None:
    body = urlencode({"email": PEOPLE[0]}).encode()
    for name, token, why in wrong_tokens(visitor):
        for path, form in (
            (visitor.page, None),
            (f"{visitor.page}/report.csv", None),
            (f"{visitor.page}/recipient", body),
        ):
            refused = ask(visitor.url(path, token), form, FORM if form else {"Accept": "text/html"})
            assert (refused.status, why in refused.body) == (403, True), f"{name}: {path}"
        as_json = ask(visitor.url(visitor.page, token, format="json"))
        assert (as_json.status, json.loads(as_json.body)) == (403, {"error": why}), name
        assert ask(visitor.url("campaigns", token)).status == 403, name
        assert ask(visitor.url("recipient", token), body, FORM).status == 403, name


def test_a_link_without_addresses_leads_to_none(visitor: Visitor) -> None:
    refused = ask(visitor.url(f"{visitor.page}/report.csv", visitor.token()))
    assert (refused.status, "Location" in refused.headers) == (403, False)
    page = ask(visitor.url(visitor.page, visitor.token()))
    assert "report.csv?" not in page.body
    assert "recipient?" not in page.body
