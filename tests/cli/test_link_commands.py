"""`hato report --link` and `hato campaigns --link`: who may see what, and for how long."""

import json
import time
import urllib.error
import urllib.request
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest

from chalicelib.domain.campaign import Status
from chalicelib.domain.grant import DASHBOARD, Grant, read
from hato.access import Access
from hato.cli.links import give
from tests.cli.conftest import Run

DAY = 86_400


@pytest.fixture(scope="module")
def campaign_id(deployed: Access) -> str:
    """A campaign that has come to nothing: it has a page too."""
    deployed.campaigns.create("links: 鳩", "lists/m/a.csv", "m", "2026-05-01T08:00:00.000Z")
    deployed.campaigns.finish("links: 鳩", Status.FAILED, "Nothing to send.", {}, "2026-05-01T08:00:01.000Z")
    return "links: 鳩"


def grant(deployed: Access, link: str) -> Grant:
    (token,) = parse_qs(urlsplit(link).query)["token"]
    return read(deployed.link_key(), token, time.time())


def status(link: str) -> int:
    try:
        with urllib.request.urlopen(link, timeout=60) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


@pytest.mark.cloud
@pytest.mark.parametrize(
    ("options", "days", "addresses"),
    [((), 7, False), (("--days", 1), 1, False), (("--days", 365, "--addresses"), 365, True)],
)
def test_a_link_to_a_report_shows_that_campaign_for_some_days(
    hato: Run, deployed: Access, campaign_id: str, options: tuple[object, ...], days: int, addresses: bool
) -> None:
    link = hato("report", campaign_id, "--link", *options).stdout.strip()
    found = grant(deployed, link)
    assert (found.subject, found.addresses) == (campaign_id, addresses)
    assert days * DAY - 600 < found.expires_at - time.time() <= days * DAY
    assert status(link) == 200


@pytest.mark.cloud
@pytest.mark.parametrize("addresses", [False, True])
def test_a_link_to_all_campaigns_shows_all_and_says_so_by_json_too(
    hato: Run, deployed: Access, campaign_id: str, addresses: bool
) -> None:
    options = ("--addresses",) if addresses else ()
    link = hato("campaigns", "--link", *options).stdout.strip()
    assert json.loads(hato("campaigns", "--link", "--json", *options).stdout).keys() == {"link"}
    assert grant(deployed, link).allows(DASHBOARD)
    assert grant(deployed, link).addresses == addresses
    assert status(link) == 200
    of_one = urljoin(link, "campaigns/links%3A%20%E9%B3%A9")
    assert status(f"{of_one}?{urlsplit(link).query}") == 200


@pytest.mark.cloud
@pytest.mark.parametrize("days", ["0", "366", "-1", "x"])
def test_no_link_is_good_for_ever(hato: Run, campaign_id: str, days: str) -> None:
    refused = hato("report", campaign_id, "--link", "--days", days)
    assert (refused.returncode, refused.stdout) == (2, "")


@pytest.mark.cloud
def test_there_is_no_link_to_a_campaign_that_is_not_there(hato: Run) -> None:
    refused = hato("report", "no-such-campaign", "--link")
    assert refused.returncode == 1
    assert "no-such-campaign" in refused.stderr


def test_a_link_is_opened_where_that_is_wanted_and_printed_in_any_case(capsys: pytest.CaptureFixture[str]) -> None:
    opened: list[str] = []
    for in_browser in (False, True):
        give("https://x/1", in_browser=in_browser, browse=lambda link: opened.append(link) or True)
    assert opened == ["https://x/1"]
    assert capsys.readouterr().out == "https://x/1\nhttps://x/1\n"


def test_where_there_is_no_browser_the_link_is_there_to_be_copied(capsys: pytest.CaptureFixture[str]) -> None:
    give("https://x/1", in_browser=True, browse=lambda link: False)
    told = capsys.readouterr()
    assert told.out == "https://x/1\n"
    assert "no browser" in told.err
