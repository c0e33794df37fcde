"""The newest campaigns with all their numbers."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.campaign import Newest
from chalicelib.domain.report import Report

_AT_ONCE = 16


class Campaigns(Protocol):
    """The campaigns' own records."""

    def newest(self, limit: int) -> Newest:
        """So many of the newest campaigns."""
        ...

    def report(self, campaign_id: str) -> Report:
        """All the campaign's numbers."""
        ...


@dataclass(frozen=True, slots=True)
class Found:
    """Some reports, the newest first, and whether there are older campaigns besides."""

    reports: Sequence[Report]
    are_older: bool = False


def read_newest(campaigns: Campaigns, limit: int) -> Found:
    """The newest campaigns, so many of them; their numbers are read side by side."""
    found = campaigns.newest(limit)
    ids = [str(each["campaign_id"]) for each in found.summaries]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return Found(list(pool.map(campaigns.report, ids)), bool(found.before))
