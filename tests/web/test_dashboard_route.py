"""The dashboard's address: all campaigns, for who holds a link to them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from chalicelib.domain.grant import DASHBOARD, Grant, read
from chalicelib.domain.report import Report
from chalicelib.web.page import Answer
from chalicelib.web.routes.dashboard import ON_A_PAGE, DashboardRoute
from tests.fakes.campaigns import FakeCampaigns
from tests.web.visits import EXPIRED, INVALID, KEY, LATER, NOW, WRONG, gate, is_private, request, token


def one_by_one(ask: Callable[[str], Report], campaign_ids: Sequence[str]) -> Iterable[Report]:
    return map(ask, campaign_ids)


class NoCampaigns(FakeCampaigns):
    """A store that nobody may ask."""

    def newest(self, limit: int, before: str = "") -> Any:
        raise AssertionError("asked")


def some(count: int) -> FakeCampaigns:
    campaigns = FakeCampaigns()
    for number in range(count):
        campaigns.create(f"c-{number:02d}", "lists/m/a.csv", "m", f"2026-04-01T08:00:{number:02d}.000Z")
    return campaigns


def get(campaigns: FakeCampaigns, token: str | None, query: dict[str, str] | None = None, **headers: str) -> Answer:
    return DashboardRoute(gate(), campaigns, one_by_one)(request(token, query=query, **headers))


def hrefs(body: str) -> list[str]:
    found = [part.split('"')[0].replace("&amp;", "&") for part in body.split('href="')[1:]]
    return [each for each in found if each.startswith("campaigns/")]


def granted(href: str) -> Grant:
    (signed,) = parse_qs(urlsplit(href).query)["token"]
    return read(KEY, signed, NOW.timestamp())


@pytest.mark.parametrize("wrong", [*(wrong for wrong, _ in WRONG.values()), token("c-1"), token("c-1", addresses=True)])
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_nothing_is_shown_nor_even_read_without_a_link_to_all_campaigns(wrong: str | None, accept: str) -> None:
    status, headers, body = get(NoCampaigns(), wrong, accept=accept)
    assert status == 403
    assert is_private(headers)
    expected = EXPIRED if wrong == token(DASHBOARD, LATER - 120, addresses=True) else INVALID
    assert body == {"error": expected} if accept == "application/json" else expected in body


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_campaigns_are_shown_the_newest_first(language: str) -> None:
    status, headers, body = get(some(3), token(DASHBOARD), accept_language=language)
    assert (status, headers["Content-Language"]) == (200, language)
    assert is_private(headers)
    assert [unquote(urlsplit(each).path) for each in hrefs(body)] == [
        "campaigns/c-02",
        "campaigns/c-01",
        "campaigns/c-00",
    ]


def test_there_may_be_none() -> None:
    assert get(some(0), token(DASHBOARD))[0] == 200


@pytest.mark.parametrize("addresses", [False, True])
def test_each_campaigns_link_allows_that_campaign_no_longer_and_no_more_than_the_dashboards(addresses: bool) -> None:
    _, _, body = get(some(2), token(DASHBOARD, addresses=addresses))
    assert [granted(each) for each in hrefs(body)] == [
        Grant("c-01", LATER, addresses),
        Grant("c-00", LATER, addresses),
    ]


def test_a_page_shows_twenty_and_leads_to_the_older_ones() -> None:
    campaigns, signed = some(2 * ON_A_PAGE + 1), token(DASHBOARD)
    seen, query = list[str](), dict[str, str]()
    for _ in range(3):
        _, _, body = get(campaigns, signed, query)
        seen += [urlsplit(each).path for each in hrefs(body)]
        (link,) = [part.split('href="')[1].split('"')[0] for part in body.split("<a ") if 'rel="next"' in part] or [""]
        query = {name: values[0] for name, values in parse_qs(urlsplit(link.replace("&amp;", "&")).query).items()}
        assert query.pop("token", signed) == signed
    assert query == {}
    assert seen == [f"campaigns/c-{number:02d}" for number in reversed(range(2 * ON_A_PAGE + 1))]


def test_only_who_may_see_addresses_is_asked_for_one() -> None:
    assert 'name="email"' not in get(some(1), token(DASHBOARD))[2]
    assert 'name="email"' in get(some(1), token(DASHBOARD, addresses=True))[2]


def test_hostile_names_are_text() -> None:
    campaigns = FakeCampaigns()
    campaigns.create("<script>x", "<script>y", "<script>z", "2026-04-01T08:00:00.000Z")
    _, _, body = get(campaigns, token(DASHBOARD), {"before": "9<script>alert"})
    for letter in "xyz":
        assert f"<script>{letter}" not in body
    assert "<script>alert" not in body


def test_a_report_is_shown_with_all_that_was_counted() -> None:
    campaigns = some(1)
    campaigns.prepared("c-00", "m", "arn", {"rows": 4321, "invalid": 0, "duplicate": 0, "batches": 44})
    assert "4,321" in get(campaigns, token(DASHBOARD))[2]
