"""A report's address: a page, JSON, CSV, or nothing without the right link."""

import csv
import io
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

import pytest

from chalicelib.domain.grant import DASHBOARD, read
from chalicelib.domain.report import Report
from chalicelib.web.links import PageLinks
from chalicelib.web.page import Answer
from chalicelib.web.routes.report import ReportRoute, page_links
from tests.web.visits import (
    INVALID,
    KEY,
    NOW,
    REPORT,
    RUNNING,
    WRONG,
    FakeReports,
    gate,
    is_private,
    request,
    token,
)

HOSTILE = "<script>alert('{{ 7 * 7 }}')</script>\"&"
KINDS = ["page", "json", "csv"]


def get(
    campaigns: FakeReports,
    token: str | None,
    campaign_id: str = "c-1",
    query: dict[str, str] | None = None,
    **headers: str,
) -> Answer:
    return ReportRoute(gate(), campaigns)(campaign_id, request(token, query=query, **headers))


@pytest.mark.parametrize(("wrong", "why"), WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_shown_nor_even_read_without_the_right_link(wrong: str | None, why: str, kind: str) -> None:
    campaigns = FakeReports(REPORT)
    status, headers, body = get(campaigns, wrong, query={"format": kind})
    assert status == 403
    assert body == {"error": why} if kind == "json" else why in body
    assert "m-1" not in str(body)
    assert is_private(headers)
    assert campaigns.asked == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_link_says_neither_what_it_is_for_nor_whether_there_is_such_a_campaign(kind: str) -> None:
    refused = [
        get(campaigns, wrong, query={"format": kind})
        for wrong, why in WRONG.values()
        for campaigns in (FakeReports(REPORT), FakeReports())
        if why == INVALID
    ]
    assert all(each == refused[0] for each in refused)


def test_a_refusal_is_in_the_readers_language() -> None:
    _, headers, body = get(FakeReports(REPORT), "no token", accept_language="ja,en;q=0.5")
    assert headers["Content-Language"] == "ja"
    assert "リンクが正しくありません。" in body


@pytest.mark.parametrize("subject", ["c-1", DASHBOARD])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_right_link_shows_the_page_in_the_readers_language(subject: str, language: str) -> None:
    status, headers, body = get(FakeReports(REPORT), token(subject), accept="text/html", accept_language=language)
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert headers["Content-Language"] == language
    assert {"Accept", "Accept-Language"} <= set(headers["Vary"].split(", "))
    assert f'<html lang="{language}"' in body
    for shown in ("c-1", "m-1", "12,345", "12,000", "11,500"):
        assert shown in body
    assert is_private(headers)


@pytest.mark.parametrize(
    ("query", "accept", "is_json"),
    [
        ({"format": "json"}, "text/html", True),
        ({}, "application/json", True),
        ({}, "text/html, application/json", True),
        ({}, "text/html,*/*;q=0.8", False),
        ({}, "", False),
        ({"format": "html"}, "", False),
    ],
)
def test_programs_get_json_and_people_a_page(query: dict[str, str], accept: str, is_json: bool) -> None:
    status, headers, body = get(FakeReports(REPORT), token(), query=query, accept=accept)
    assert status == 200
    assert headers["Content-Type"] == ("application/json" if is_json else "text/html; charset=utf-8")
    assert body == REPORT.to_document() if is_json else body.startswith("<!doctype html>")
    assert is_private(headers)


def test_the_numbers_are_a_csv_file_of_names_and_values() -> None:
    status, headers, body = get(FakeReports(REPORT), token(), query={"format": "csv"})
    assert (status, headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert headers["Content-Disposition"] == 'attachment; filename="c-1-numbers.csv"'
    assert is_private(headers)
    numbers = dict(csv.reader(io.StringIO(body.removeprefix("\ufeff"))))
    assert (numbers["name"], numbers["rows"], numbers["delivered"]) == ("value", "12345", "11500")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("subject", ["c-1", DASHBOARD])
def test_a_campaign_that_is_gone_is_not_found(kind: str, subject: str) -> None:
    status, _, body = get(FakeReports(), token(subject), query={"format": kind})
    assert status == 404
    assert "c-1" in str(body)


def test_hostile_values_are_text_on_the_page_and_as_they_are_in_json() -> None:
    hostile = replace(REPORT, reason=HOSTILE, mail_id=HOSTILE, source=HOSTILE)
    _, _, page = get(FakeReports(hostile), token())
    assert "<script>alert" not in page
    document: Any = get(FakeReports(hostile), token(), query={"format": "json"})[2]
    assert document["reason"] == HOSTILE
    _, _, missing = get(FakeReports(), token(HOSTILE), HOSTILE)
    assert "<script>alert" not in missing


def test_one_answers_headers_are_not_the_next_ones() -> None:
    first = get(FakeReports(), "no token")[1]
    first["Cache-Control"] = "public"
    assert get(FakeReports(), "no token")[1]["Cache-Control"] == "no-store"


class TestWhereItLeads:
    """From the page's own address, as a browser finds its way."""

    def links(self, subject: str, addresses: bool, report: Report = REPORT) -> PageLinks:
        signed = token(subject, addresses=addresses)
        return page_links(report, read(KEY, signed, NOW.timestamp()), signed)

    def path(self, address: str, base: str = "https://x/api/campaigns/c-1?token=t") -> str:
        return urlsplit(urljoin(base, address)).path

    def test_every_link_carries_the_token_that_the_reader_came_with(self) -> None:
        links = self.links(DASHBOARD, addresses=True)
        for address in (links.refresh, links.json, links.csv, links.download, links.recipient, links.dashboard):
            assert parse_qs(urlsplit(address).query)["token"] == [token(DASHBOARD, addresses=True)]

    def test_they_lead_where_the_routes_are(self) -> None:
        links = self.links(DASHBOARD, addresses=True)
        assert {self.path(each) for each in (links.refresh, links.json, links.csv)} == {"/api/campaigns/c-1"}
        assert self.path(links.download) == "/api/campaigns/c-1/report.csv"
        assert self.path(links.recipient) == "/api/campaigns/c-1/recipient"
        assert self.path(links.dashboard) == "/api/campaigns"

    def test_who_may_see_no_addresses_is_led_to_none(self) -> None:
        links = self.links("c-1", addresses=False)
        assert (links.download, links.recipient, links.dashboard) == ("", "", "")

    def test_who_may_see_one_campaign_is_not_led_to_all(self) -> None:
        links = self.links("c-1", addresses=True)
        assert links.dashboard == ""
        assert links.download
        assert links.recipient

    def test_there_is_nothing_to_download_before_the_end_nor_of_no_rows(self) -> None:
        for report in (RUNNING, replace(REPORT, rows=0)):
            assert self.links("c-1", addresses=True, report=report).download == ""

    @pytest.mark.parametrize("campaign_id", ["a:b", "鳩", "a b", "a'b"])
    def test_any_name_of_an_execution_is_found_again(self, campaign_id: str) -> None:
        links = self.links("c-1", addresses=True, report=replace(REPORT, campaign_id=campaign_id))
        path = self.path(links.recipient, "https://x/api/campaigns/whatever?token=t")
        assert unquote(path) == f"/api/campaigns/{campaign_id}/recipient"

    def test_the_page_has_these_links_and_no_others_lead_to_addresses(self) -> None:
        _, _, without = get(FakeReports(REPORT), token())
        _, _, with_them = get(FakeReports(REPORT), token(addresses=True))
        for shown in ("/report.csv?", "/recipient?"):
            assert shown not in without
            assert shown in with_them
