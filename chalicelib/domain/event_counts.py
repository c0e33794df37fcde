"""A campaign's event counters, added up over shards and time."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from chalicelib.domain.tally import HOURLY, Count, base_of

_KEYS = ("campaign_id", "part")


class Hour(NamedTuple):
    """What happened for the first time to a delivery within one hour; `starts_at` is `2026-01-31T08:00Z`."""

    starts_at: str
    delivered: int
    opened: int
    human_opened: int
    clicked: int
    human_clicked: int


@dataclass(frozen=True, slots=True)
class EventCounts:
    """How often each counter was moved."""

    counts: Mapping[Count, int] = field(default_factory=dict)

    @classmethod
    def from_items(cls, items: Iterable[Mapping[str, Any]]) -> "EventCounts":
        """The sum of the items that count a campaign's events; an item's `part` is when its time begins."""
        counts: Counter[Count] = Counter()
        for item in items:
            for name, count in item.items():
                if name not in _KEYS:
                    counts[Count(item["part"], name)] += int(count)
        return cls({count: number for count, number in counts.items() if number})

    def total(self, name: str) -> int:
        """How many deliveries count under this name, whatever the hour and whatever the key."""
        return sum(number for count, number in self.counts.items() if base_of(count.name) == name)

    def by_key(self, name: str) -> dict[str, int]:
        """How many count under each key of this name, the most first; the key is empty where nothing was said."""
        found: Counter[str] = Counter()
        for count, number in self.counts.items():
            if base_of(count.name) == name:
                found[count.name.partition("/")[2]] += number
        return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))

    def hours(self) -> Sequence[Hour]:
        """The hours in which anything happened, in their order; the hours between them, without anything, lack."""
        found: dict[str, Counter[str]] = {}
        for count, number in self.counts.items():
            name, at, hour = count.name.partition("@")
            if at and name in HOURLY:
                found.setdefault(f"{count.since[:10]}T{hour}:00Z", Counter())[name] += number
        return [Hour(starts_at, *(found[starts_at][name] for name in HOURLY)) for starts_at in sorted(found)]
