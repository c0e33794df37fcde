"""Hato's pages as its Lambda answers them, on fakes; what app.py does with a request is done here."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlencode

from chalicelib.domain.grant import DASHBOARD, Grant, sign
from chalicelib.domain.unsubscribe import UnsubscribeLinks
from chalicelib.web.routes.dashboard import DashboardRoute
from chalicelib.web.routes.gate import Gate
from chalicelib.web.routes.recipient import RecipientRoute
from chalicelib.web.routes.report import ReportRoute
from chalicelib.web.routes.request import PageRequest
from chalicelib.web.unsubscribe_page import UnsubscribePage
from tests.browser import samples
from tests.browser.serving import Answer
from tests.fakes.contacts import FakeContacts
from tests.fakes.deliveries import FakeDeliveries

STAGE = "/api"  # the pages' addresses begin with it, as API Gateway's do
_MISSING = (403, {"Content-Type": "application/json"}, {"message": "Missing Authentication Token"})


class HatoSite:
    """The pages of samples.py, at the time of samples.py."""

    def __init__(self) -> None:
        self.contacts, self.campaigns = FakeContacts(), samples.campaigns()
        self.contacts.unsubscribe(samples.LEFT, "2026-04-01T09:00:00.000Z")
        self._links = UnsubscribeLinks(samples.KEY)
        self._gate = Gate(lambda: samples.KEY, self)
        self._deliveries = FakeDeliveries({(samples.MAIL, samples.STAYS): samples.DELIVERY})

    def __call__(
        self, method: str, path: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes
    ) -> Answer:
        request = PageRequest(query, headers, body)
        match path.removeprefix(f"{STAGE}/").split("/"):
            case ["campaigns"] if method == "GET":
                return DashboardRoute(self._gate, self.campaigns, map)(request)
            case ["campaigns", campaign_id] if method == "GET":
                return ReportRoute(self._gate, self.campaigns)(campaign_id, request)
            case ["campaigns", campaign_id, "recipient"] if method == "POST":
                return RecipientRoute(self._gate, self.campaigns, self.contacts, self._deliveries)(campaign_id, request)
            case ["unsubscribe", token]:
                return self._unsubscribe(method, token, headers, body)
        return _MISSING

    def now(self) -> datetime:
        """The time of the samples."""
        return samples.NOW

    def report_path(
        self, campaign_id: str, expires_at: datetime = datetime(2026, 6, 1, tzinfo=UTC), addresses: bool = False
    ) -> str:
        """Where this campaign's report is, for who holds the link."""
        token = sign(samples.KEY, Grant(campaign_id, int(expires_at.timestamp()), addresses))
        return f"{STAGE}/campaigns/{campaign_id}?{urlencode({'token': token})}"

    def dashboard_path(self) -> str:
        """Where all campaigns are."""
        token = sign(samples.KEY, Grant(DASHBOARD, int(datetime(2026, 6, 1, tzinfo=UTC).timestamp())))
        return f"{STAGE}/campaigns?{urlencode({'token': token})}"

    def unsubscribe_path(self, email: str) -> str:
        """Where this address is let out."""
        return f"{STAGE}/unsubscribe/{self._links.token(email, samples.MAIL)}"

    def _unsubscribe(self, method: str, token: str, headers: Mapping[str, str], body: bytes) -> Answer:
        page = UnsubscribePage(self._links, self.contacts, _forget, lambda: "2026-05-01T15:00:00.000Z")
        return page(method, token, headers, body)


def _forget(*_: object) -> None:
    """No page shows what the ledger keeps."""
