"""The JSON API: for programs whose requests are signed with AWS credentials.

API Gateway lets nobody else through; that it did is looked at here once more, so that no mistake in how it is set up
opens the numbers to everybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.domain.campaign import Newest
from chalicelib.domain.outcome import OutcomeKind
from chalicelib.domain.report import Report
from chalicelib.errors import CampaignNotFound
from chalicelib.web.page import Answer
from chalicelib.web.routes.answers import document

_USUAL, _MOST = 20, 100
# What a list tells of each campaign; the ends too, once they are final.
_OF_EACH = ("campaign_id", "status", "reason", "mail_id", "source", "created_at", "finished_at", "rows", "batches")


class Campaigns(Protocol):
    """The campaigns' own records."""

    def newest(self, limit: int, before: str) -> Newest:
        """So many of the newest campaigns, or of those before a place that an earlier call named."""
        ...

    def report(self, campaign_id: str) -> Report:
        """All the campaign's numbers. Raises CampaignNotFound."""
        ...


@dataclass(frozen=True, slots=True)
class Api:
    """The routes, with what they need; `context` is API Gateway's of the request."""

    campaigns: Campaigns

    def list(self, context: Mapping[str, Any], query: Mapping[str, str]) -> Answer:
        """Some campaigns, the newest first."""
        if not _is_signed(context):
            return _REFUSED
        limit = query.get("limit", str(_USUAL))
        if not (limit.isascii() and limit.isdigit() and 1 <= int(limit[:4]) <= _MOST):
            return document({"error": f"limit is a whole number from 1 to {_MOST}."}, 400)
        found = self.campaigns.newest(int(limit), query.get("before", ""))
        return document({"campaigns": [_listed(each) for each in found.summaries], "before": found.before})

    def report(self, context: Mapping[str, Any], campaign_id: str) -> Answer:
        """A campaign's numbers."""
        if not _is_signed(context):
            return _REFUSED
        try:
            return document(self.campaigns.report(campaign_id).to_document())
        except CampaignNotFound as error:
            return document({"error": str(error)}, 404)


def _is_signed(context: Mapping[str, Any]) -> bool:
    """Whether API Gateway knows whose credentials the request was signed with."""
    return bool((context.get("identity") or {}).get("userArn"))


def _listed(summary: Mapping[str, Any]) -> dict[str, Any]:
    report = Report.from_parts(str(summary["campaign_id"]), [summary])
    names = (*_OF_EACH, *(kind.value for kind in OutcomeKind)) if report.has_ended else _OF_EACH
    found = report.to_document()
    return {name: found[name] for name in names}


_REFUSED = document({"error": "Requests of the API are signed with AWS credentials (SigV4)."}, 403)
