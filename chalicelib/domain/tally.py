"""What one delivery adds to its campaign's counters: a pure function of its facts, so counters can always be rebuilt.

A counter is the name of what is counted, with `@` and the hour (UTC) where it is shown over time, or with `/` and a key
where there are several of its sort; it belongs to a quarter of a day, so that what is kept together stays small: a
store may charge each change by the size of the whole. Each delivery counts once for each of them, or not at all.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from chalicelib.domain.engagement import Look, by_people
from chalicelib.domain.facts import CLICKS, OPENS, UNKNOWN_EVENTS, UNSUBSCRIBED_AT
from chalicelib.domain.providers import provider_of

# The counters that are shown over time.
HOURLY = ("delivered", "opened", "human_opened", "clicked", "human_clicked")
# All that are totals of a campaign, in the order of a mail's life.
TOTALS = (
    "delivered",
    "delayed",
    "bounced",
    "soft_bounced",
    "undetermined_bounced",
    "complained",
    "rejected",
    "rendering_failed",
    "opened",
    "human_opened",
    "clicked",
    "human_clicked",
    "unsubscribed",
)
BOUNCES = ("bounced", "soft_bounced", "undetermined_bounced")
_ONCE = ("delayed", "complained", "rejected", "rendering_failed")
# By mail provider: who took the mail, and who sent it back for good or for now.
DELIVERED_TO, BOUNCED_BY, SOFT_BOUNCED_BY = "delivered_to", "bounced_by", "soft_bounced_by"
_BY_PROVIDER = {"delivered": DELIVERED_TO, "bounced": BOUNCED_BY, "soft_bounced": SOFT_BOUNCED_BY}
CLICKED_LINK, HUMAN_CLICKED_LINK = "clicked_link", "human_clicked_link"

_HOURS = 6
_sort = re.compile(r"([A-Za-z]{1,40})(?::|$)")


class Count(NamedTuple):
    """One counter: the quarter of a day (`2026-01-31T06`, when it begins, UTC) and the name, as the store keeps it."""

    since: str
    name: str


def tally(item: Mapping[str, Any]) -> frozenset[Count]:
    """The counters in which the delivery that this item of the ledger is counts."""
    return frozenset((*_of_mail(item), *_of_reading(item)))


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[Count, int]:
    """What has to be added to the counters when a delivery's item changes like this."""
    old, new = tally(before), tally(after)
    return {**dict.fromkeys(new - old, 1), **dict.fromkeys(old - new, -1)}


def _of_mail(item: Mapping[str, Any]) -> Iterator[Count]:
    """How the mail fared until it was in the mailbox, or was not."""
    if at := item.get("delivered_at"):
        yield _at_hour("delivered", at)
    for name in BOUNCES:
        if at := item.get(f"{name}_at"):
            sort = _sort.match(item.get(f"{name}_detail", ""))
            yield Count(quarter_of(at), f"{name}/{sort[1]}" if sort else name)
    for name, by_provider in _BY_PROVIDER.items():
        if at := item.get(f"{name}_at"):
            yield Count(quarter_of(at), f"{by_provider}/{provider_of(item['email'])}")
    for name in _ONCE:
        if at := item.get(f"{name}_at"):
            yield Count(quarter_of(at), name)


def _of_reading(item: Mapping[str, Any]) -> Iterator[Count]:
    """What was done with the mail, by anybody and by people."""
    if OPENS in item or CLICKS in item:
        yield from _of_looks(item)
    if at := item.get(UNSUBSCRIBED_AT):
        yield Count(quarter_of(at), "unsubscribed")
    if at := item.get("unknown_event_at"):
        yield from (Count(quarter_of(at), f"unknown_event/{name}") for name in item.get(UNKNOWN_EVENTS, ()))


def _of_looks(item: Mapping[str, Any]) -> Iterator[Count]:
    delivered_at = item.get("delivered_at", "")
    opens, clicks = (sorted(map(Look.read, item.get(name, ()))) for name in (OPENS, CLICKS))
    for name, looks in (
        ("opened", opens),
        ("clicked", clicks),
        ("human_opened", by_people(opens, delivered_at)),
        ("human_clicked", by_people(clicks, delivered_at)),
    ):
        if looks:
            yield _at_hour(name, looks[0].at)
        if name.endswith("clicked"):
            first = {look.link: look.at for look in reversed(looks)}
            yield from (Count(quarter_of(at), f"{name}_link/{link}") for link, at in first.items())


def _at_hour(name: str, at: str) -> Count:
    return Count(quarter_of(at), f"{name}@{at[11:13]}")


@lru_cache(maxsize=256)
def _quarter(hour: str) -> str:
    return f"{hour[:10]}T{int(hour[11:]) // _HOURS * _HOURS:02}"


def quarter_of(at: str) -> str:
    """When the quarter of a day begins that this moment (ISO 8601, UTC) lies in."""
    return _quarter(at[:13])


def base_of(name: str) -> str:
    """What a counter of this name counts: the name without its hour and its key."""
    return name.partition("@")[0].partition("/")[0]
