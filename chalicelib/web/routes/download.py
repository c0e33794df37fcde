"""report.csv, every row of the list: for those alone who may see addresses."""

from dataclasses import dataclass
from typing import Protocol

from chalicelib.errors import LinkInvalid, ReportMissing
from chalicelib.web.page import Answer
from chalicelib.web.routes.answers import elsewhere, refusal
from chalicelib.web.routes.gate import Gate
from chalicelib.web.routes.request import PageRequest

SECONDS = 60


class Downloads(Protocol):
    """The campaigns' report.csv."""

    def report(self, campaign_id: str, seconds: int) -> str:
        """An address of it that is good for so many seconds; empty where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class DownloadRoute:
    """The route, with what it needs."""

    gate: Gate
    downloads: Downloads

    def __call__(self, campaign_id: str, request: PageRequest) -> Answer:
        """Status, headers and body: the way to the file."""
        try:
            self.gate.open_to_addresses(request.token, campaign_id)
            return elsewhere(self._address(campaign_id))
        except (LinkInvalid, ReportMissing) as error:
            return refusal(error, request)

    def _address(self, campaign_id: str) -> str:
        if address := self.downloads.report(campaign_id, SECONDS):
            return address
        raise ReportMissing("There is no report.csv: it is written when the campaign has ended.")
