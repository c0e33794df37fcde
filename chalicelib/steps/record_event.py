"""What SES says of a mail becomes part of the ledger, of the campaign's counters, and of what we know of a contact."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from chalicelib.domain.breaker import Breaker, is_looked_at
from chalicelib.domain.campaign import PausedBy, Status
from chalicelib.domain.event import Event, EventKind, Unreadable, read_notification
from chalicelib.domain.facts import Change, Fact
from chalicelib.domain.links import Links
from chalicelib.domain.recipient import AddressInvalid, canonical_address
from chalicelib.domain.report import Report
from chalicelib.domain.tag import from_tag
from chalicelib.domain.tally import Count, base_of
from chalicelib.errors import CampaignNotFound
from chalicelib.invocation import invocation
from chalicelib.steps.keep_fact import News, keep_fact
from chalicelib.steps.notify import Notify

# The events after which the breaker is asked. SES counts hard bounces only; a full mailbox says nothing of the list.
WATCHED = frozenset({EventKind.BOUNCED_PERMANENTLY, EventKind.COMPLAINED})
_HARM = frozenset({"bounced", "complained"})  # how they are counted
# What makes an address one that is not written to again, and the word for it on the contact.
_ENDS_CONTACT = {EventKind.BOUNCED_PERMANENTLY: "bounced_at", EventKind.COMPLAINED: "complained_at"}


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

    def links(self, campaign_id: str) -> Sequence[str]:
        """The links of the campaign's mail."""
        ...

    def report(self, campaign_id: str) -> Report:
        """All the campaign's numbers. Raises CampaignNotFound."""
        ...

    def pause(self, campaign_id: str, reason: str, by: PausedBy) -> bool:
        """Send no more until it is resumed; False where it does not send, or the circuit breaker is lifted for it."""
        ...


class Contacts(Protocol):
    """What is known of each address."""

    def mark_unreachable(self, email: str, attribute: str, at: str, reason: str) -> None:
        """Set `haserror` and the time; the contact is created where there is none."""
        ...

    def count_soft_bounce(self, email: str, message_id: str, at: str) -> None:
        """Remember one more transient bounce, once for each message; after the limit the contact is unreachable."""
        ...

    def end_soft_bounces(self, email: str, at: str) -> None:
        """A mail was delivered at this time: the transient bounces before it count no more."""
        ...


def record_event(
    notification: str,
    received_at: str,
    *,
    ledger: Ledger,
    campaigns: Campaigns,
    contacts: Contacts,
    breaker: Breaker,
    notify: Notify,
) -> dict[str, Any]:
    """Record every event in an SES notification. Safe to repeat, and to call in any order.

    What is no SES event is counted and otherwise left alone; mail that is not Hato's marks contacts and nothing else.
    `received_at` stands in for the time of an event that has none. The answer's `new` has those of its `events` that
    were news to a delivery.
    """
    events = read_notification(notification)
    if isinstance(events, Unreadable):
        invocation.about()
        return {"unreadable": events.reason} | ({"note": True} if events.is_note else {})
    campaign_tag = from_tag(events[0].tags.get("campaign", "")) if events else ""
    invocation.about(campaign_tag)
    new: Counter[str] = Counter()
    harmed: set[str] = set()
    told_again: set[str] = set()
    for event in events:
        if news := _record(event, event.at or received_at, ledger, campaigns, contacts):
            new[event.kind.value] += 1
            if event.kind in WATCHED and _is_looked_at(news):
                harmed.add(news.campaign_id)
        elif event.kind in WATCHED:
            told_again.add(campaign_tag)
    counts = Counter(event.kind.value for event in events)
    answer = {"events": dict(counts), "campaign": campaign_tag} | ({"new": dict(new)} if new else {})
    paused = [campaign_id for campaign_id in sorted(harmed) if _guard(campaign_id, campaigns, breaker)]
    # Who was cut off between the pause and the telling is called again, with events that are no longer new.
    for campaign_id in sorted({*paused, *told_again} - {""}):
        notify(campaign_id, Status.PAUSED)
    return answer | ({"paused": paused} if paused else {})


def _is_looked_at(news: News) -> bool:
    """Whether the campaign's numbers are read after this: to ask at every bounce would cost more than to count it."""
    return any(is_looked_at(number) for count, number in news.counted.items() if base_of(count.name) in _HARM)


def _guard(campaign_id: str, campaigns: Campaigns, breaker: Breaker) -> bool:
    """Pause the campaign if it does harm; whether it was paused now."""
    try:
        reason = breaker.reason_to_pause(campaigns.report(campaign_id))
    except CampaignNotFound:  # a batch that somebody put into the queue by hand has none
        return False
    return bool(reason) and campaigns.pause(campaign_id, reason, PausedBy.BREAKER)


def _record(event: Event, at: str, ledger: Ledger, campaigns: Campaigns, contacts: Contacts) -> News | None:
    """What is new to a campaign's delivery by this event; None where nothing is."""
    try:
        # A forwarded mailbox bounces under an address that nobody wrote to; what counts is whom the mail was sent to.
        email = canonical_address(event.sent_to or event.recipient)
    except AddressInvalid:
        return None  # it names nobody whom we could have written to
    if event.kind in _ENDS_CONTACT:
        contacts.mark_unreachable(email, _ENDS_CONTACT[event.kind], at, event.detail)
    elif event.kind is EventKind.BOUNCED_TRANSIENTLY:
        contacts.count_soft_bounce(email, event.message_id, at)
    elif event.kind is EventKind.DELIVERED:
        contacts.end_soft_bounces(email, at)
    mail_id = from_tag(event.tags.get("mail", ""))
    if not mail_id:
        return None
    links = campaigns.links(from_tag(event.tags.get("campaign", ""))) if event.link else ()
    fact = Fact.of(event, at, Links(links))
    return keep_fact(mail_id, email, fact, ledger, campaigns) if fact else None
