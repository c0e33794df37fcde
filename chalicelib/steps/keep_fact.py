"""A fact about a delivery goes into the ledger, and what it changes into its campaign's counters."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from chalicelib.domain.facts import Change, Fact
from chalicelib.domain.recipient import shard_of
from chalicelib.domain.tally import Count, difference


class Ledger(Protocol):
    """Which mail went to which address."""

    def add_fact(self, mail_id: str, email: str, fact: Fact) -> Change | None:
        """Keep what became of a delivery; its item before and after. None where the ledger has no such delivery."""
        ...


class Campaigns(Protocol):
    """The campaigns' own records."""

    def count_events(self, campaign_id: str, shard: int, changes: Mapping[Count, int]) -> Mapping[Count, int]:
        """Add to the campaign's event counters of this shard; what each of them has come to."""
        ...


class News(NamedTuple):
    """A kind of event that was new to a delivery: its campaign, and what the shard's counters of it have come to."""

    campaign_id: str
    counted: Mapping[Count, int]


def keep_fact(mail_id: str, email: str, fact: Fact, ledger: Ledger, campaigns: Campaigns) -> News | None:
    """Keep the fact, and count what it changes; None where this kind of event is not new to the delivery.

    Every change of an item is counted by who made it, so the counters come to the sum over all items in the end,
    whatever came twice or in another order.
    """
    change = ledger.add_fact(mail_id, email, fact)
    if change is None or "campaign_id" not in change.before:
        return None
    campaign_id = str(change.before["campaign_id"])
    changes = difference(change.before, change.after)
    counted = campaigns.count_events(campaign_id, shard_of(email), changes) if changes else {}
    return News(campaign_id, counted) if fact.attribute not in change.before else None
