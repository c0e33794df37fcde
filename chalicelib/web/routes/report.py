"""A campaign's report: a page for people, its numbers as JSON or CSV for programs."""

import re
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlencode

from chalicelib.domain.grant import DASHBOARD, Grant
from chalicelib.domain.report import Report
from chalicelib.domain.report_numbers import numbers_csv
from chalicelib.errors import CampaignNotFound, LinkInvalid
from chalicelib.web.links import PageLinks
from chalicelib.web.page import Answer
from chalicelib.web.report_page import report_page
from chalicelib.web.routes.answers import csv_file, document, html, refusal
from chalicelib.web.routes.gate import Gate
from chalicelib.web.routes.request import PageRequest


class Campaigns(Protocol):
    """The campaigns' own records."""

    def report(self, campaign_id: str) -> Report:
        """All the campaign's numbers. Raises CampaignNotFound."""
        ...


@dataclass(frozen=True, slots=True)
class ReportRoute:
    """The route, with what it needs."""

    gate: Gate
    campaigns: Campaigns

    def __call__(self, campaign_id: str, request: PageRequest) -> Answer:
        """Status, headers and body."""
        try:
            grant = self.gate.open(request.token, campaign_id)
            report = self.campaigns.report(campaign_id)
        except (LinkInvalid, CampaignNotFound) as error:
            return refusal(error, request)
        if request.query.get("format") == "csv":
            return csv_file(numbers_csv(report), f"{file_name(campaign_id)}-numbers")
        if request.wants_json:
            return document(report.to_document())
        links = page_links(report, grant, request.token)
        return html(report_page(report, links, request.language), request)


def page_links(report: Report, grant: Grant, token: str) -> PageLinks:
    """Where the page of this report leads to, for who came with this token."""
    page, query = quote(report.campaign_id, safe=""), urlencode({"token": token})
    has_rows = report.has_ended and report.rows > 0
    return PageLinks(
        refresh=f"{page}?{query}",
        json=f"{page}?{query}&format=json",
        csv=f"{page}?{query}&format=csv",
        download=f"{page}/report.csv?{query}" if grant.addresses and has_rows else "",
        recipient=f"{page}/recipient?{query}" if grant.addresses else "",
        dashboard=f"../campaigns?{query}" if grant.allows(DASHBOARD) else "",
    )


def file_name(campaign_id: str) -> str:
    """The campaign's id as every file system and header takes it."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", campaign_id)
