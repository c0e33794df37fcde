"""What became of a delivery, as the ledger keeps it: facts that are only ever added to, so that their order is nothing.

Of each kind of event the earliest is kept, with what SES said of it. Of opens and clicks there is a set of all besides,
for who it was is seen only in all of them together; and of events that Hato does not know a set of their names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.engagement import Look, word_of
from chalicelib.domain.event import Event, EventKind
from chalicelib.domain.links import Links

# The attribute of the ledger that has the time of the earliest event of each kind.
EVENT_TIMES: Mapping[EventKind, str] = {
    EventKind.DELIVERED: "delivered_at",
    EventKind.DELAYED: "delayed_at",
    EventKind.BOUNCED_PERMANENTLY: "bounced_at",
    EventKind.BOUNCED_TRANSIENTLY: "soft_bounced_at",
    EventKind.BOUNCED_UNDETERMINED: "undetermined_bounced_at",
    EventKind.COMPLAINED: "complained_at",
    EventKind.REJECTED: "rejected_at",
    EventKind.RENDERING_FAILED: "rendering_failed_at",
    EventKind.OPENED: "opened_at",
    EventKind.CLICKED: "clicked_at",
    EventKind.SUBSCRIPTION_CHANGED: "unknown_event_at",
    EventKind.UNKNOWN: "unknown_event_at",
}
UNSUBSCRIBED_AT = "unsubscribed_at"  # told by the recipient, not by SES
# All times of facts that a delivery can have, without the claim's own.
FACT_TIMES = (*dict.fromkeys(EVENT_TIMES.values()), UNSUBSCRIBED_AT)

OPENS, CLICKS, UNKNOWN_EVENTS = "opens", "clicks", "unknown_events"
_SETS: Mapping[str, str] = {"opened_at": OPENS, "clicked_at": CLICKS, "unknown_event_at": UNKNOWN_EVENTS}
# A mail that is opened again and again must not fill its item; all that counts is in the first ones.
MOST_KEPT = 50


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing to be kept of a delivery: when, what was said, and what goes into the set of its kind."""

    attribute: str
    at: str
    detail: str = ""
    entry: str = ""

    @classmethod
    def of(cls, event: Event, at: str, links: Links) -> "Fact | None":
        """The fact that an event is, of a mail with these links; None where there is nothing to keep."""
        attribute = EVENT_TIMES.get(event.kind)
        if attribute is None:
            return None
        match event.kind:
            case EventKind.OPENED:  # the program's name is not kept, nor where it ran: only who it was
                return cls(attribute, at, entry=str(Look(at, word_of(event.is_bot, event.agent))))
            case EventKind.CLICKED:
                look = Look(at, word_of(event.is_bot, event.agent), links.number_of(event.link))
                return cls(attribute, at, event.link[:500], str(look))
            case EventKind.UNKNOWN | EventKind.SUBSCRIPTION_CHANGED:
                return cls(attribute, at, event.detail, event.name)
        return cls(attribute, at, event.detail)

    @property
    def detail_attribute(self) -> str:
        """The attribute that has what was said."""
        return self.attribute.removesuffix("_at") + "_detail"

    @property
    def set_attribute(self) -> str:
        """The attribute that has the set of all of this kind; empty where none is kept."""
        return _SETS.get(self.attribute, "")

    def is_earliest(self, item: Mapping[str, Any]) -> bool:
        """Whether the delivery has none of this kind that came before; of two at one moment the words decide."""
        if self.attribute not in item:
            return True
        return (self.at, self.detail) < (item[self.attribute], item.get(self.detail_attribute, ""))

    def has_room(self, item: Mapping[str, Any]) -> bool:
        """Whether the delivery's set lacks this, and takes one more."""
        kept = item.get(self.set_attribute, ())
        return bool(self.entry) and self.entry not in kept and len(kept) < MOST_KEPT

    def added_to(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """The delivery's item with this fact in it."""
        new = dict(item)
        is_earliest = self.is_earliest(item)
        if is_earliest:
            new |= {self.attribute: self.at, self.detail_attribute: self.detail}
        if self.entry and (is_earliest or self.has_room(item)):  # the earliest is kept even where there is no room
            new[self.set_attribute] = {*item.get(self.set_attribute, ()), self.entry}
        new.setdefault("first_event_at", self.at)
        return new


@dataclass(frozen=True, slots=True)
class Change:
    """A delivery's item before and after a fact was added."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]
