"""The report's address: a page, JSON, or nothing without the right link."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.campaign import Status
from chalicelib.domain.delivery import COUNTERS
from chalicelib.domain.outcome import OutcomeKind
from chalicelib.domain.report import Report
from chalicelib.domain.token import sign_report_link
from chalicelib.errors import CampaignNotFound
from chalicelib.web.report_route import Answer, answer_report

KEY = "a key of the tests"
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER, EARLIER = NOW.timestamp() + 60, NOW.timestamp() - 60
HOSTILE = "<script>alert('{{ 7 * 7 }}')</script>\"&"

REPORT = Report(
    campaign_id="c-1",
    status=Status.FINISHED,
    reason="",
    mail_id="m-1",
    source="lists/m-1/a.csv",
    created_at="2026-05-01T11:00:00.000Z",
    finished_at="2026-05-01T11:30:00.000Z",
    rows=12_345,
    batches=124,
    ends=dict.fromkeys(OutcomeKind, 0) | {"accepted": 12_000, "invalid": 345},
    events=dict.fromkeys(COUNTERS.values(), 0) | {"delivered": 11_500},
)


class FakeCampaigns:
    """A store of reports that knows which were asked for."""

    def __init__(self, *reports: Report) -> None:
        self.reports = {each.campaign_id: each for each in reports}
        self.asked: list[str] = []

    def report(self, campaign_id: str) -> Report:
        self.asked.append(campaign_id)
        if campaign_id not in self.reports:
            raise CampaignNotFound(f"There is no campaign {campaign_id}.")
        return self.reports[campaign_id]


class FakeClock:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW


def get(
    campaigns: FakeCampaigns,
    token: str | None,
    campaign_id: str = "c-1",
    query: Mapping[str, str] | None = None,
    **headers: str,
) -> Answer:
    return answer_report(
        campaign_id,
        {**({} if token is None else {"token": token}), **(query or {})},
        headers,
        campaigns=campaigns,
        link_key=lambda: KEY,
        clock=FakeClock(),
    )


def page(report: Report) -> str:
    """The report's page, as who holds the right link sees it."""
    token = sign_report_link(KEY, report.campaign_id, LATER)
    status, headers, body = get(FakeCampaigns(report), token, report.campaign_id, accept="text/html,*/*;q=0.8")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert isinstance(body, str)
    return body


WRONG_LINKS = [
    pytest.param(None, "This link is not valid.", id="none"),
    pytest.param("", "This link is not valid.", id="empty"),
    pytest.param("no token", "This link is not valid.", id="no token"),
    pytest.param(sign_report_link(KEY, "c-2", LATER), "This link is not valid.", id="for another campaign"),
    pytest.param(sign_report_link("another key", "c-1", LATER), "This link is not valid.", id="another key"),
    pytest.param(sign_report_link(KEY, "c-1", EARLIER), "This link has expired.", id="expired"),
    pytest.param(sign_report_link(KEY, "c-1", NOW.timestamp()), "This link has expired.", id="expired just now"),
]


@pytest.mark.parametrize(("token", "why"), WRONG_LINKS)
@pytest.mark.parametrize("kind", ["page", "json"])
def test_nothing_is_shown_nor_even_read_without_the_right_link(token: str | None, why: str, kind: str) -> None:
    campaigns = FakeCampaigns(REPORT)
    status, _, body = get(campaigns, token, query={"format": kind})
    assert status == 403
    assert body == {"error": why} if kind == "json" else why in body
    assert "m-1" not in str(body)
    assert campaigns.asked == []


def test_a_wrong_link_does_not_say_whether_there_is_such_a_campaign() -> None:
    with_it, without_it = (get(each, "no token") for each in (FakeCampaigns(REPORT), FakeCampaigns()))
    assert with_it == without_it


def test_the_right_link_shows_the_page() -> None:
    body = page(REPORT)
    for shown in ("c-1", "m-1", "lists/m-1/a.csv", "finished", "12,345", "12,000", "11,500", "97.2", "balanced"):
        assert shown in body


@pytest.mark.parametrize(
    ("query", "accept", "is_json"),
    [
        ({"format": "json"}, "text/html", True),
        ({}, "application/json", True),
        ({}, "text/html, application/json", True),
        ({}, "text/html,*/*;q=0.8", False),
        ({"format": "html"}, "", False),
    ],
)
def test_programs_get_json_and_people_a_page(query: dict[str, str], accept: str, is_json: bool) -> None:
    token = sign_report_link(KEY, "c-1", LATER)
    status, headers, body = get(FakeCampaigns(REPORT), token, query=query, accept=accept)
    assert status == 200
    assert headers["Content-Type"] == ("application/json" if is_json else "text/html; charset=utf-8")
    assert body == REPORT.to_document() if is_json else body.startswith("<!doctype html>")


def test_who_says_nothing_of_what_they_want_gets_a_page() -> None:
    _, headers, _ = get(FakeCampaigns(REPORT), sign_report_link(KEY, "c-1", LATER))
    assert headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("kind", ["page", "json"])
def test_a_campaign_that_is_gone_is_not_found(kind: str) -> None:
    status, _, body = get(FakeCampaigns(), sign_report_link(KEY, "c-1", LATER), query={"format": kind})
    assert status == 404
    why = "There is no campaign c-1."
    assert body == {"error": why} if kind == "json" else why in body


@pytest.mark.parametrize("kind", ["page", "json"])
@pytest.mark.parametrize(
    ("campaigns", "token"),
    [
        (FakeCampaigns(REPORT), sign_report_link(KEY, "c-1", LATER)),
        (FakeCampaigns(REPORT), "no token"),
        (FakeCampaigns(), sign_report_link(KEY, "c-1", LATER)),
    ],
)
def test_every_answer_is_private_and_runs_nothing(campaigns: FakeCampaigns, token: str, kind: str) -> None:
    _, headers, _ = get(campaigns, token, query={"format": kind})
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"  # the link is in the address
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = dict(rule.strip().split(" ", 1) for rule in headers["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }


def test_one_answers_headers_are_not_the_next_ones() -> None:
    first = get(FakeCampaigns(), "no token")[1]
    first["Cache-Control"] = "public"
    assert get(FakeCampaigns(), "no token")[1]["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["campaign_id", "mail_id", "source", "reason", "created_at", "finished_at"])
def test_hostile_values_are_shown_as_text(name: str) -> None:
    body = page(replace(REPORT, **{name: HOSTILE}))
    assert "<script" not in body
    assert "49" not in body
    assert "&lt;script&gt;alert(&#39;{{ 7 * 7 }}&#39;)&lt;/script&gt;&#34;&amp;" in body


def test_a_hostile_campaign_id_is_shown_as_text_where_there_is_none_too() -> None:
    _, _, body = get(FakeCampaigns(), sign_report_link(KEY, HOSTILE, LATER), HOSTILE)
    assert "<script" not in body
    assert "&lt;script&gt;" in body


def test_hostile_values_are_json_as_they_are() -> None:
    token = sign_report_link(KEY, "c-1", LATER)
    report = replace(REPORT, reason=HOSTILE)
    body: Any = get(FakeCampaigns(report), token, query={"format": "json"})[2]
    assert body["reason"] == HOSTILE


@pytest.mark.parametrize("status", Status)
def test_a_page_looks_again_until_the_campaign_has_ended(status: Status) -> None:
    report = replace(REPORT, status=status, rows=20_000)
    body = page(report)
    assert ('http-equiv="refresh"' in body) is not report.has_ended
    assert ("Still to come" in body) is not report.has_ended
    assert ("7,655" in body) is not report.has_ended
    assert f">{status.value}</span>" in body


def test_a_campaign_without_rows_has_a_page_too() -> None:
    zero = replace(
        REPORT, rows=0, mail_id="", ends=dict.fromkeys(OutcomeKind, 0), events=dict.fromkeys(REPORT.events, 0)
    )
    body = page(zero)
    assert "–&nbsp;%" in body
    assert "mail <strong>–</strong>" in body


@pytest.mark.parametrize(("name", "label"), [("rejected", "Rejected by SES"), ("rendering_failed", "Rendering failed")])
def test_what_hardly_ever_happens_is_shown_when_it_does(name: str, label: str) -> None:
    assert label not in page(REPORT)
    assert label in page(replace(REPORT, events={**REPORT.events, name: 1}))


def test_a_report_that_does_not_balance_says_so() -> None:
    body = page(replace(REPORT, rows=12_346))
    assert ">open</td>" in body
    assert ">balanced</td>" not in body


def test_a_reason_is_shown_where_there_is_one() -> None:
    assert 'class="reason"' not in page(REPORT)
    assert "SES paused the account." in page(replace(REPORT, status=Status.STOPPED, reason="SES paused the account."))
