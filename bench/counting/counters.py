"""How many write units an event's counters take in a campaign of a million mails, of which a counted run is too small.

DynamoDB charges a write by the size of the whole item, and the items of a large campaign's counters hold more names:
more providers, hours and links. One shard of such a campaign is played here, event by event, through Hato's own tally.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from ministack.services import dynamodb

from bench.counting.units import write_units
from chalicelib.aws.event_counters import event_key, short_name
from chalicelib.aws.items import to_item
from chalicelib.domain.engagement import Look, Word
from chalicelib.domain.facts import CLICKS, OPENS
from chalicelib.domain.recipient import SHARDS
from chalicelib.domain.tally import Count, difference

_BEGIN = datetime(2026, 1, 31, 6, 0, tzinfo=UTC)
_DOMAINS = (
    *("gmail.com", "yahoo.co.jp", "docomo.ne.jp", "ezweb.ne.jp", "softbank.ne.jp", "icloud.com"),
    *("outlook.com", "yahoo.com", "nifty.com", "ocn.ne.jp", "rakuten.jp", "example.co.jp"),
)
_LINKS = 5
_BOUNCED = 0.02
_SENDING = timedelta(hours=1.5)  # a million mails at 200 a second
_OPENING = 4 * 3600.0  # seconds, the mean from a delivery to its open

State = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Play:
    """What one shard's counters took: write units a delivery, an open or a click, and the largest item's bytes."""

    delivery: float
    engagement: float
    largest: int


def play(mails: int = 1_000_000, opens: float = 0.3, clicks: float = 0.05, seed: int = 7) -> Play:
    """Play one shard's share of so many mails."""
    numbers: dict[str, dict[str, int]] = {}
    sizes: dict[str, int] = {}
    units: dict[bool, list[int]] = {True: [], False: []}
    for is_delivery, before, after in _events(mails // SHARDS, opens, clicks, Random(seed)):  # noqa: S311 - no secret
        spent = sum(_written(numbers, sizes, since, names) for since, names in _by_time(before, after).items())
        units[is_delivery].append(spent)
    delivery, engagement = (sum(each) / max(1, len(each)) for each in (units[True], units[False]))
    return Play(delivery, engagement, max(sizes.values()))


def _by_time(before: State, after: State) -> dict[str, list[Count]]:
    """The counters that change, by the item that they are in."""
    found: dict[str, list[Count]] = {}
    for count in difference(before, after):
        found.setdefault(count.since, []).append(count)
    return found


def _written(numbers: dict[str, dict[str, int]], sizes: dict[str, int], since: str, counts: list[Count]) -> int:
    """Add one to each, and return what the write is charged."""
    kept = numbers.setdefault(since, {})
    for count in counts:
        name = short_name(count.name)
        kept[name] = kept.get(name, 0) + 1
    item = to_item({"campaign_id": event_key("c" * 40, 0), "part": since, **kept})
    before, sizes[since] = sizes.get(since, 0), dynamodb._item_size_bytes(item)
    return write_units(before, sizes[since])


def _events(mails: int, opens: float, clicks: float, chance: Random) -> Iterator[tuple[bool, State, State]]:
    """What becomes of the mails, in the order of time: whether in delivery or later, and the item before and after."""
    told: list[tuple[datetime, bool, State, State]] = []
    for number in range(mails):
        at = _BEGIN + _SENDING * (number / mails)
        new = {"email": f"{number}@{_DOMAINS[min(int(chance.expovariate(0.3)), len(_DOMAINS) - 1)]}"}
        if chance.random() < _BOUNCED:
            kind = chance.choice(("bounced", "soft_bounced"))
            told.append((at, True, new, new | {f"{kind}_at": _text(at), f"{kind}_detail": "General: no such mailbox"}))
            continue
        delivered = new | {"delivered_at": _text(at)}
        told.append((at, True, new, delivered))
        if chance.random() < opens:
            opened_at = at + timedelta(seconds=chance.expovariate(1 / _OPENING))
            opened = delivered | {OPENS: (str(Look(_text(opened_at), Word.PERSON)),)}
            told.append((opened_at, False, delivered, opened))
            if chance.random() < clicks / opens:
                at = opened_at + timedelta(seconds=40)
                link = str(chance.randrange(_LINKS))
                told.append((at, False, opened, opened | {CLICKS: (str(Look(_text(at), Word.PERSON, link)),)}))
    told.sort(key=lambda each: each[0])
    return ((is_delivery, before, after) for _, is_delivery, before, after in told)


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


if __name__ == "__main__":
    sys.stdout.write(f"{play()}\n")
