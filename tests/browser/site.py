"""Hato's pages as its Lambda answers them, on fakes; what app.py does with a request is done here."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from chalicelib.domain.grant import Grant, sign
from chalicelib.domain.unsubscribe import UnsubscribeLinks
from chalicelib.web.routes.gate import Gate
from chalicelib.web.routes.report import ReportRoute
from chalicelib.web.routes.request import PageRequest
from chalicelib.web.unsubscribe_page import UnsubscribePage
from tests.browser import samples
from tests.browser.serving import Answer
from tests.fakes.contacts import FakeContacts

STAGE = "/api"  # the pages' addresses begin with it, as API Gateway's do
_MISSING = (403, {"Content-Type": "application/json"}, {"message": "Missing Authentication Token"})


class HatoSite:
    """The pages of samples.py, at the time of samples.py."""

    def __init__(self) -> None:
        self.contacts, self.campaigns = FakeContacts(), samples.campaigns()
        self.contacts.unsubscribe(samples.LEFT, "2026-04-01T09:00:00.000Z")
        self._links = UnsubscribeLinks(samples.KEY)

    def __call__(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Answer:
        match path.removeprefix(f"{STAGE}/").split("/"):
            case ["campaigns", campaign_id] if method == "GET":
                return self._report(campaign_id, query, headers)
            case ["unsubscribe", token]:
                return self._unsubscribe(method, token, headers, body)
        return _MISSING

    def now(self) -> datetime:
        """The time of the samples."""
        return samples.NOW

    def report_path(self, campaign_id: str, expires_at: datetime = datetime(2026, 6, 1, tzinfo=UTC)) -> str:
        """Where this campaign's report is, for who holds the link."""
        query = urlencode({"token": sign(samples.KEY, Grant(campaign_id, int(expires_at.timestamp())))})
        return f"{STAGE}/campaigns/{campaign_id}?{query}"

    def unsubscribe_path(self, email: str) -> str:
        """Where this address is let out."""
        return f"{STAGE}/unsubscribe/{self._links.token(email, samples.MAIL)}"

    def _report(self, campaign_id: str, query: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        route = ReportRoute(Gate(lambda: samples.KEY, self), self.campaigns)
        return route(campaign_id, PageRequest(query, headers))

    def _unsubscribe(self, method: str, token: str, headers: Mapping[str, str], body: bytes) -> Answer:
        page = UnsubscribePage(self._links, self.contacts, _forget, lambda: "2026-05-01T15:00:00.000Z")
        return page(method, token, headers, body)


def _forget(*_: object) -> None:
    """No page shows what the ledger keeps."""
