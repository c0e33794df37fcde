"""The address of a campaign's report: a page for people, JSON for programs, nothing without a signed link."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from chalicelib.domain.report import Report
from chalicelib.domain.token import check_report_link
from chalicelib.errors import CampaignNotFound, LinkInvalid
from chalicelib.web import page
from chalicelib.web.page import Answer


class Campaigns(Protocol):
    """The campaigns' own records."""

    def report(self, campaign_id: str) -> Report:
        """All the campaign's numbers. Raises CampaignNotFound."""
        ...


class Clock(Protocol):
    """The time."""

    def now(self) -> Any:
        """The present moment, in UTC."""
        ...


def answer_report(
    campaign_id: str,
    query: Mapping[str, str],
    headers: Mapping[str, str],
    *,
    campaigns: Campaigns,
    link_key: Callable[[], str],
    clock: Clock,
) -> Answer:
    """Status, headers and body for a request of this campaign's report."""
    wants_json = query.get("format") == "json" or "application/json" in headers.get("accept", "")
    try:
        check_report_link(link_key(), query.get("token", ""), campaign_id, clock.now().timestamp())
        report = campaigns.report(campaign_id)
    except LinkInvalid as error:
        return _answer(403, wants_json, {"error": str(error)}, _page("message.html", message=str(error)))
    except CampaignNotFound as error:
        return _answer(404, wants_json, {"error": str(error)}, _page("message.html", message=str(error)))
    return _answer(200, wants_json, report.to_document(), _page("report.html", report=report))


def _answer(status: int, wants_json: bool, document: dict[str, Any], html: Callable[[], str]) -> Answer:
    if wants_json:
        return status, {**page.headers(), "Content-Type": "application/json"}, document
    return status, page.headers(), html()


def _page(template: str, **values: Any) -> Callable[[], str]:
    return lambda: page.page(template, **values)
