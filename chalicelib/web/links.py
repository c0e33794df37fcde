"""Where a report's page leads to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageLinks:
    """Relative addresses that carry the token; empty where the page's reader may not go there."""

    refresh: str  # the page itself
    json: str
    csv: str  # the numbers
    download: str = ""  # report.csv, every row of the list
    recipient: str = ""  # one address's history: a form posts `email` there
    dashboard: str = ""  # all campaigns
