"""What goes back: a page, a document, or why there is none."""

from collections.abc import Mapping
from typing import Any

from chalicelib.errors import CampaignNotFound, HatoError, LinkInvalid, ReportMissing, RequestMalformed
from chalicelib.web import page
from chalicelib.web.message_page import message_page
from chalicelib.web.page import Answer
from chalicelib.web.routes.request import PageRequest

_STATUSES: Mapping[type[HatoError], int] = {
    RequestMalformed: 400,
    LinkInvalid: 403,
    CampaignNotFound: 404,
    ReportMissing: 404,
}


def html(body: str, request: PageRequest, status: int = 200) -> Answer:
    """A page in the reader's language."""
    told = {"Content-Language": request.language, "Vary": "Accept, Accept-Language"}
    return status, {**page.headers(), **told}, body


def document(content: Mapping[str, Any], status: int = 200) -> Answer:
    """A JSON object."""
    return status, {**page.headers(), "Content-Type": "application/json"}, dict(content)


def csv_file(content: str, name: str) -> Answer:
    """A CSV file to keep."""
    kind = {
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}.csv"',
    }
    return 200, {**page.headers(), **kind}, content


def elsewhere(address: str) -> Answer:
    """The way to another address, for this time only."""
    return 302, {**page.headers(), "Location": address}, ""


def refusal(error: HatoError, request: PageRequest) -> Answer:
    """Why there is nothing to see, as a page or a JSON object: no more than the error says."""
    status = next(status for kind, status in _STATUSES.items() if isinstance(error, kind))
    if request.wants_json:
        return document({"error": str(error)}, status)
    return html(message_page(status, str(error), request.language), request, status)
