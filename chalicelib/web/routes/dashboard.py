"""All campaigns, the newest first, each with a link that shows it and nothing else."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from chalicelib.domain.campaign import Newest
from chalicelib.domain.grant import DASHBOARD, Grant
from chalicelib.domain.report import Report
from chalicelib.errors import LinkInvalid
from chalicelib.web.dashboard_page import Entry, dashboard_page
from chalicelib.web.page import Answer
from chalicelib.web.routes.answers import html, refusal
from chalicelib.web.routes.gate import Gate
from chalicelib.web.routes.request import PageRequest

ON_A_PAGE = 20


class Campaigns(Protocol):
    """The campaigns' own records."""

    def newest(self, limit: int, before: str) -> Newest:
        """So many of the newest campaigns, or of those before a place that an earlier call named."""
        ...

    def report(self, campaign_id: str) -> Report:
        """All the campaign's numbers. Raises CampaignNotFound."""
        ...


@dataclass(frozen=True, slots=True)
class DashboardRoute:
    """The route, with what it needs; `side_by_side` calls a function for each of several things, some at once."""

    gate: Gate
    campaigns: Campaigns
    side_by_side: Callable[[Callable[[str], Report], Sequence[str]], Iterable[Report]]

    def __call__(self, request: PageRequest) -> Answer:
        """Status, headers and body."""
        try:
            grant = self.gate.open(request.token, DASHBOARD)
        except LinkInvalid as error:
            return refusal(error, request)
        before = request.query.get("before", "")
        found = self.campaigns.newest(ON_A_PAGE, before)
        page = dashboard_page(
            self._entries(found.summaries, grant),
            request.language,
            older=self._link(request.token, found.before) if found.before else "",
            refresh=self._link(request.token, before),
            recipient=f"recipient?{urlencode({'token': request.token})}" if grant.addresses else "",
        )
        return html(page, request)

    def _entries(self, summaries: Sequence[Mapping[str, Any]], grant: Grant) -> list[Entry]:
        ids = [str(summary["campaign_id"]) for summary in summaries]
        return [
            Entry(report, self._href(report.campaign_id, grant))
            for report in self.side_by_side(self.campaigns.report, ids)
        ]

    def _href(self, campaign_id: str, grant: Grant) -> str:
        token = self.gate.token(grant.for_campaign(campaign_id))
        return f"campaigns/{quote(campaign_id, safe='')}?{urlencode({'token': token})}"

    def _link(self, token: str, before: str) -> str:
        return "campaigns?" + urlencode({"token": token} | ({"before": before} if before else {}))
