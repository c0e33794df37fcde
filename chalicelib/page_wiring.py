"""Which stores each page is handed; made when first used, kept while the Lambda is warm."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.aws.clients import presigning_client
from chalicelib.aws.late import Late
from chalicelib.settings import Settings
from chalicelib.stores import late
from chalicelib.wiring import Wiring

if TYPE_CHECKING:
    from chalicelib.domain.report import Report
    from chalicelib.web.routes.api import Api
    from chalicelib.web.routes.dashboard import DashboardRoute
    from chalicelib.web.routes.download import DownloadRoute
    from chalicelib.web.routes.gate import Gate
    from chalicelib.web.routes.recipient import RecipientRoute
    from chalicelib.web.routes.report import ReportRoute
    from chalicelib.web.routes.request import PageRequest

_AT_ONCE = 8


class PageWiring:
    """The pages and the API of a deployed Hato."""

    def __init__(self, settings: Settings, wiring: Wiring) -> None:
        self._settings = settings
        self._wiring = wiring

    def asked(self, query: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> "PageRequest":
        """What was asked for."""
        from chalicelib.web.routes.request import PageRequest

        return PageRequest(query, headers, body)

    @cached_property
    def _gate(self) -> "Gate":
        from chalicelib.web.routes.gate import Gate

        return Gate(lambda: self._wiring.link_key, self._wiring.clock)

    @cached_property
    def dashboard(self) -> "DashboardRoute":
        """All campaigns."""
        from chalicelib.web.routes.dashboard import DashboardRoute

        return DashboardRoute(self._gate, self._wiring.campaigns, _side_by_side)

    @cached_property
    def report(self) -> "ReportRoute":
        """A campaign's numbers."""
        from chalicelib.web.routes.report import ReportRoute

        return ReportRoute(self._gate, self._wiring.campaigns)

    @cached_property
    def download(self) -> "DownloadRoute":
        """A campaign's report.csv."""
        from chalicelib.aws.downloads import Downloads
        from chalicelib.web.routes.download import DownloadRoute

        return DownloadRoute(self._gate, Downloads(Late(presigning_client), self._settings.upload_bucket))

    @cached_property
    def recipient(self) -> "RecipientRoute":
        """One recipient's history."""
        from chalicelib.aws.deliveries import Deliveries
        from chalicelib.web.routes.recipient import RecipientRoute

        deliveries = Deliveries(late("dynamodb"), self._settings.deliveries_table)
        return RecipientRoute(self._gate, self._wiring.campaigns, self._wiring.contacts, deliveries)

    @cached_property
    def api(self) -> "Api":
        """The JSON API."""
        from chalicelib.web.routes.api import Api

        return Api(self._wiring.campaigns)


def _side_by_side(ask: Callable[[str], "Report"], campaign_ids: Sequence[str]) -> Iterable["Report"]:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(ask, campaign_ids))
