"""What a campaign's numbers must be, worked out from the simulator's own log and nothing of Hato's."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.tally import Count, quarter_of

# Whose mailboxes the simulated people have.
DOMAINS: Mapping[str, str] = {
    "example.com": "other",
    "gmail.com": "gmail",
    "outlook.com": "microsoft",
    "docomo.ne.jp": "docomo",
    "yahoo.co.jp": "yahoo-japan",
}
_KINDS: Mapping[str, str] = {
    "Delivery": "delivered",
    "DeliveryDelay": "delayed",
    "Complaint": "complained",
    "Open": "opened",
    "Click": "clicked",
}
_HARD, _SOFT = "bounced", "soft_bounced"
_HOURLY = ("delivered", "opened", "human_opened", "clicked", "human_clicked")

Step = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Truth:
    """The events of one campaign, by what they mean and by whom they happened to."""

    steps: Sequence[Step]
    unsubscribed: int

    def numbers(self) -> dict[str, Any]:
        """The part of a report's JSON that tells of events."""
        return {
            **{name: len(self._first(name)) for name in (*_KINDS.values(), "human_opened", "human_clicked")},
            _HARD: len(self._bounced(_HARD)),
            _SOFT: len(self._bounced(_SOFT)),
            "undetermined_bounced": 0,
            "rejected": 0,
            "rendering_failed": 0,
            "unsubscribed": self.unsubscribed,
            "hours": self._hours(),
            "bounces": self._bounces(),
            "providers": self._providers(),
            "links": self._links(),
            "unknown_events": {},
        }

    def _first(self, name: str) -> dict[str, str]:
        """When this happened to each recipient for the first time; `human_` leaves out what programs did."""
        kind, is_human = name.removeprefix("human_"), name.startswith("human_")
        first: dict[str, str] = {}
        for step in self.steps:
            if _KINDS.get(step["kind"]) == kind and not (is_human and step["bot"]):
                first[step["recipient"]] = min(step["at"], first.get(step["recipient"], step["at"]))
        return first

    def _bounced(self, kind: str) -> dict[str, str]:
        """SES's sort of bounce, by recipient."""
        wanted = "Permanent" if kind == _HARD else "Transient"
        bounces = [(step["recipient"], step["detail"].split("/")) for step in self.steps if step["kind"] == "Bounce"]
        return {recipient: sort for recipient, (type_, sort) in bounces if type_ == wanted}

    def _hours(self) -> list[dict[str, Any]]:
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for name in _HOURLY:
            for at in self._first(name).values():
                found[f"{at[:13]}:00Z"][name] += 1
        return [{"starts_at": hour, **{name: found[hour][name] for name in _HOURLY}} for hour in sorted(found)]

    def _bounces(self) -> list[dict[str, Any]]:
        return [
            {"kind": kind, "sort": sort, "mails": mails}
            for kind in (_HARD, _SOFT)
            for sort, mails in sorted(
                Counter(self._bounced(kind).values()).items(), key=lambda each: (-each[1], each[0])
            )
        ]

    def _providers(self) -> list[dict[str, Any]]:
        groups = {"delivered": self._first("delivered"), _HARD: self._bounced(_HARD), _SOFT: self._bounced(_SOFT)}
        counts = {name: Counter(map(_provider, people)) for name, people in groups.items()}
        names = {provider for counted in counts.values() for provider in counted}
        found = [{"name": name, **{group: counts[group][name] for group in groups}} for name in names]
        return sorted(found, key=lambda each: (-each["delivered"] - each["bounced"], each["name"]))

    def _links(self) -> list[dict[str, Any]]:
        clicks = [(step["link"], step["recipient"], step["bot"]) for step in self.steps if step["kind"] == "Click"]
        everybody, people = ({(link, who) for link, who, bot in clicks if not (human and bot)} for human in (0, 1))
        raw, human = (Counter(link for link, _ in group) for group in (everybody, people))
        found = [{"link": link, "clicked": raw[link], "human_clicked": human[link]} for link in raw]
        return sorted(found, key=lambda each: (-each["human_clicked"], -each["clicked"], each["link"]))


def differences(expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """A sentence for each number that is not what it must be."""
    return [
        f"{name} is {found.get(name)!r}, and it must be {value!r}"
        for name, value in expected.items()
        if found.get(name) != value
    ]


def as_counts(numbers: Mapping[str, Any], links: Sequence[str]) -> dict[Count, int]:
    """The same numbers as a campaign's counters, all of them at a time of their own where no hour is known."""
    counts: Counter[Count] = Counter()
    for hour in numbers["hours"]:
        for name in _HOURLY:
            counts[Count(quarter_of(hour["starts_at"]), f"{name}@{hour['starts_at'][11:13]}")] += hour[name]
    keyed = [(f"{each['kind']}/{each['sort']}", each["mails"]) for each in numbers["bounces"]]
    for each in numbers["providers"]:
        named = (("delivered_to", "delivered"), ("bounced_by", _HARD), ("soft_bounced_by", _SOFT))
        keyed += [(f"{counter}/{each['name']}", each[name]) for counter, name in named]
    for each in numbers["links"]:
        names = ("clicked", "human_clicked")
        keyed += [(f"{name}_link/{list(links).index(each['link'])}", each[name]) for name in names]
    keyed += [(name, numbers[name]) for name in ("delayed", "complained", "unsubscribed")]
    return dict(+(counts + Counter({Count("", name): number for name, number in keyed})))


def addresses(count: int) -> Iterable[str]:
    """So many simulated people, at every provider by turns."""
    domains = list(DOMAINS)
    return (f"truth{number}@{domains[number % len(domains)]}" for number in range(count))


def _provider(address: str) -> str:
    return DOMAINS[address.rpartition("@")[2]]
