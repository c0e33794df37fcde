"""A campaign's event counters, added up over shards and days."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from chalicelib.domain.recipient import shard_tag
from chalicelib.domain.tally import HOURLY, Count

EVENT_PARTS = "events#"  # what their names begin with
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
    def from_parts(cls, parts: Iterable[Mapping[str, Any]]) -> "EventCounts":
        """The sum of those of a campaign's items that count events."""
        counts: Counter[Count] = Counter()
        for part in parts:
            if is_event_part(part["part"]):
                day = day_of(part["part"])
                for name, count in part.items():
                    if name not in _KEYS:
                        counts[Count(day, name)] += int(count)
        return cls({count: number for count, number in counts.items() if number})

    def total(self, name: str) -> int:
        """How many deliveries count under this name, whatever the hour and whatever the key."""
        return sum(number for count, number in self.counts.items() if _base(count.name) == name)

    def by_key(self, name: str) -> dict[str, int]:
        """How many count under each key of this name, the most first; the key is empty where nothing was said."""
        found: Counter[str] = Counter()
        for count, number in self.counts.items():
            if _base(count.name) == name:
                found[count.name.partition("/")[2]] += number
        return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))

    def hours(self) -> Sequence[Hour]:
        """The hours in which anything happened, in their order; the hours between them, without anything, lack."""
        found: dict[str, Counter[str]] = {}
        for count, number in self.counts.items():
            name, at, hour = count.name.partition("@")
            if at and name in HOURLY:
                found.setdefault(f"{count.day}T{hour}:00Z", Counter())[name] += number
        return [Hour(starts_at, *(found[starts_at][name] for name in HOURLY)) for starts_at in sorted(found)]


def event_part(day: str, shard: int) -> str:
    """The part of a campaign that holds this day's and this shard's event counters."""
    return f"{EVENT_PARTS}{day}#{shard_tag(shard)}"


def is_event_part(part: str) -> bool:
    """Whether this part of a campaign counts events."""
    return part.startswith(EVENT_PARTS)


def day_of(part: str) -> str:
    """The day whose events this part counts."""
    return part.removeprefix(EVENT_PARTS).partition("#")[0]


def shard_of_part(part: str) -> int:
    """The shard whose events this part counts."""
    return int(part.rpartition("#")[2])


def _base(name: str) -> str:
    return name.partition("@")[0].partition("/")[0]
