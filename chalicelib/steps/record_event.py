"""What SES says of a mail becomes part of the ledger, of the campaign's counters, and of what we know of a contact."""

from collections import Counter
from typing import Any, Protocol

from chalicelib.domain.breaker import WATCHED, Breaker
from chalicelib.domain.campaign import PausedBy
from chalicelib.domain.delivery import COUNTERS, EVENT_TIMES
from chalicelib.domain.event import Event, EventKind, Unreadable, read_notification
from chalicelib.domain.recipient import AddressInvalid, canonical_address, shard_of
from chalicelib.domain.report import Report
from chalicelib.domain.tag import from_tag
from chalicelib.errors import CampaignNotFound
from chalicelib.invocation import invocation

# What makes an address one that is not written to again, and the word for it on the contact.
_ENDS_CONTACT = {EventKind.BOUNCED_PERMANENTLY: "bounced_at", EventKind.COMPLAINED: "complained_at"}


class Ledger(Protocol):
    """Which mail went to which address."""

    def record_event(self, mail_id: str, email: str, attribute: str, at: str, detail: str) -> str | None:
        """Keep the time of the event's first arrival.

        Returns the campaign of the delivery where this kind of event is new to it, else None.
        """
        ...


class Campaigns(Protocol):
    """The campaigns' own records."""

    def count_event(self, campaign_id: str, shard: int, counter: str) -> None:
        """Add one to a counter of the campaign."""
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
    for event in events:
        if campaign_id := _record(event, event.at or received_at, ledger, campaigns, contacts):
            new[event.kind.value] += 1
            if event.kind in WATCHED:
                harmed.add(campaign_id)
    counts = Counter(event.kind.value for event in events)
    answer = {"events": dict(counts), "campaign": campaign_tag} | ({"new": dict(new)} if new else {})
    paused = [campaign_id for campaign_id in sorted(harmed) if _guard(campaign_id, campaigns, breaker)]
    return answer | ({"paused": paused} if paused else {})


def _guard(campaign_id: str, campaigns: Campaigns, breaker: Breaker) -> bool:
    """Pause the campaign if it does harm; whether it was paused now."""
    try:
        reason = breaker.reason_to_pause(campaigns.report(campaign_id))
    except CampaignNotFound:  # a batch that somebody put into the queue by hand has none
        return False
    return bool(reason) and campaigns.pause(campaign_id, reason, PausedBy.BREAKER)


def _record(event: Event, at: str, ledger: Ledger, campaigns: Campaigns, contacts: Contacts) -> str | None:
    """The campaign whose delivery this event is new to; None where there is none."""
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
    mail_id, attribute = from_tag(event.tags.get("mail", "")), EVENT_TIMES.get(event.kind)
    if not mail_id or attribute is None:
        return None
    campaign_id = ledger.record_event(mail_id, email, attribute, at, event.detail)
    if campaign_id:
        campaigns.count_event(campaign_id, shard_of(email), COUNTERS[attribute])
    return campaign_id
