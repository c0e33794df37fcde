"""The address of a campaign's report: a page for people, JSON for programs, nothing without a signed link."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from chalicelib.domain.report import Report
from chalicelib.domain.token import check_report_link
from chalicelib.errors import CampaignNotFound, LinkInvalid

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_TEMPLATES = Path(__file__).parent.parent / "templates"

Answer = tuple[int, dict[str, str], Any]


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


def _answer(status: int, wants_json: bool, document: dict[str, Any], page: Callable[[], str]) -> Answer:
    if wants_json:
        return status, {**_HEADERS, "Content-Type": "application/json"}, document
    return status, {**_HEADERS, "Content-Type": "text/html; charset=utf-8"}, page()


def _page(template: str, **values: Any) -> Callable[[], str]:
    return lambda: _templates().get_template(template).render(values)


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
