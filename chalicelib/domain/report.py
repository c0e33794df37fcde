"""A campaign's numbers: where it stands, how every row ended, and what became of the mails."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from chalicelib.domain import links, tally
from chalicelib.domain.campaign import ENDED, Status, imbalance
from chalicelib.domain.event_counts import EventCounts, Hour
from chalicelib.domain.outcome import OutcomeKind

_OF_SUMMARY = ("reason", "mail_id", "source", "created_at", "finished_at")


class Bounces(NamedTuple):
    """How many mails bounced in one way: `kind` is one of tally.BOUNCES, `sort` is SES's, or empty."""

    kind: str
    sort: str
    mails: int


class Provider(NamedTuple):
    """How the mails to one provider's mailboxes fared; `bounced` for good, `soft_bounced` for now."""

    name: str
    delivered: int
    bounced: int
    soft_bounced: int


class Link(NamedTuple):
    """A link of the mail as its author wrote it (empty: none of them), and how many people and others followed it."""

    link: str
    clicked: int
    human_clicked: int


class Reason(NamedTuple):
    """Why so many rows ended in this way."""

    outcome: str
    reason: str
    rows: int


@dataclass(frozen=True, slots=True)
class Report:
    """All the numbers of a campaign: `rows`, the seven ends, and the events counted so far by tally.TOTALS."""

    campaign_id: str
    status: Status
    reason: str
    mail_id: str
    source: str
    created_at: str
    finished_at: str
    rows: int
    batches: int
    ends: Mapping[str, int]
    events: Mapping[str, int]
    counts: EventCounts = field(default_factory=EventCounts)
    mail_links: Sequence[str] = ()
    reasons: Sequence[Reason] = ()

    @classmethod
    def from_parts(
        cls, campaign_id: str, parts: Iterable[Mapping[str, Any]], events: Iterable[Mapping[str, Any]] = ()
    ) -> "Report":
        """The report of a campaign whose items (its summary, counters and links) and event counters these are."""
        by_part = {part["part"]: part for part in parts}
        summary = by_part.get("summary", {})
        counts = EventCounts.from_items(events)
        status = Status(summary.get("status", Status.PREPARING))
        return cls(
            campaign_id=campaign_id,
            status=status,
            **{name: summary.get(name, "") for name in _OF_SUMMARY},
            rows=int(summary.get("rows", 0)),
            batches=int(summary.get("batches", 0)),
            ends=_ends(summary, status, by_part),
            events={name: counts.total(name) for name in tally.TOTALS},
            counts=counts,
            mail_links=tuple(by_part.get("links", {}).get("links", ())),
            reasons=_reasons(summary),
        )

    @property
    def settled(self) -> int:
        """How many rows have come to an end."""
        return sum(self.ends.values())

    @property
    def balanced(self) -> bool:
        """Whether every row has come to exactly one end."""
        return imbalance(self.rows, self.ends) == 0

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will be sent, and every row is accounted for."""
        return self.status in ENDED and bool(self.finished_at)

    @property
    def hours(self) -> Sequence[Hour]:
        """Deliveries, opens and clicks by the hour of the first of each delivery; hours without any lack."""
        return self.counts.hours()

    @property
    def bounces(self) -> Sequence[Bounces]:
        """Bounces by kind, and within it by SES's own sort, the most first."""
        return [
            Bounces(kind, sort, count) for kind in tally.BOUNCES for sort, count in self.counts.by_key(kind).items()
        ]

    @property
    def providers(self) -> Sequence[Provider]:
        """Deliveries and bounces by mail provider, the one with the most mails first."""
        names = (tally.DELIVERED_TO, tally.BOUNCED_BY, tally.SOFT_BOUNCED_BY)
        by_name = [self.counts.by_key(name) for name in names]
        found = [Provider(key, *(counts.get(key, 0) for counts in by_name)) for key in {k for c in by_name for k in c}]
        return sorted(found, key=lambda each: (-each.delivered - each.bounced, each.name))

    @property
    def links(self) -> Sequence[Link]:
        """The links that were followed, the one that most people followed first."""
        raw, human = (self.counts.by_key(name) for name in (tally.CLICKED_LINK, tally.HUMAN_CLICKED_LINK))
        found = [Link(self._link(number), count, human.get(number, 0)) for number, count in raw.items()]
        return sorted(found, key=lambda each: (-each.human_clicked, -each.clicked, each.link))

    @property
    def unknown_events(self) -> Mapping[str, int]:
        """Of how many deliveries SES told something that Hato does not know, by its name."""
        return self.counts.by_key("unknown_event")

    def share(self, name: str, of: str) -> float | None:
        """One number as a share of another, from 0 to 1; None where there is nothing to take a share of.

        Both are names of ends, of events, or `rows`.
        """
        numbers = {"rows": self.rows, **self.ends, **self.events}
        return numbers[name] / numbers[of] if numbers[of] else None

    def to_document(self) -> dict[str, Any]:
        """The report as a JSON object: the numbers flat, what there are several of in lists."""
        return {
            "campaign_id": self.campaign_id,
            "status": self.status.value,
            "reason": self.reason,
            "mail_id": self.mail_id,
            "source": self.source,
            "created_at": self.created_at,
            "finished_at": self.finished_at,
            "rows": self.rows,
            "batches": self.batches,
            **self.ends,
            **self.events,
            "balanced": self.balanced,
            "hours": [hour._asdict() for hour in self.hours],
            "bounces": [each._asdict() for each in self.bounces],
            "providers": [each._asdict() for each in self.providers],
            "links": [each._asdict() for each in self.links],
            "unknown_events": dict(self.unknown_events),
            "reasons": [each._asdict() for each in self.reasons],
        }

    def _link(self, number: str) -> str:
        is_known = number != links.OTHER and int(number) < len(self.mail_links)
        return self.mail_links[int(number)] if is_known else ""


def _ends(summary: Mapping[str, Any], status: Status, by_part: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """While batches are under way their counters speak; an ended campaign's totals are in its summary."""
    parts = [part for name, part in by_part.items() if name.startswith("counts#")]
    counted = {kind: sum(int(part.get(kind.value, 0)) for part in parts) for kind in OutcomeKind}
    is_over = status in ENDED and summary.get("finished_at")
    in_summary = set(OutcomeKind) if is_over else {OutcomeKind.INVALID, OutcomeKind.DUPLICATE}
    return {
        kind.value: int(summary.get(kind.value, counted[kind])) if kind in in_summary else counted[kind]
        for kind in OutcomeKind
    }


def _reasons(summary: Mapping[str, Any]) -> list[Reason]:
    told = summary.get("reasons", {})
    found = [
        Reason(outcome, reason, int(rows)) for outcome, rows_of in told.items() for reason, rows in rows_of.items()
    ]
    order = {kind.value: number for number, kind in enumerate(OutcomeKind)}
    return sorted(found, key=lambda each: (order.get(each.outcome, len(order)), -each.rows, each.reason))
