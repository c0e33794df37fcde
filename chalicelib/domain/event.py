"""What SES says became of a mail, in our own words: one event per recipient, whatever shape it came in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, NamedTuple

from chalicelib.domain.notification import (
    NOTES,
    read_addresses,
    read_object,
    read_tags,
    read_text,
    read_time,
    type_of,
    unwrap,
)


class EventKind(StrEnum):
    """Everything that SES reports of a mail."""

    DELIVERED = "delivered"
    DELAYED = "delayed"
    BOUNCED_PERMANENTLY = "bounced_permanently"
    BOUNCED_TRANSIENTLY = "bounced_transiently"
    BOUNCED_UNDETERMINED = "bounced_undetermined"
    COMPLAINED = "complained"
    REJECTED = "rejected"
    RENDERING_FAILED = "rendering_failed"
    OPENED = "opened"
    CLICKED = "clicked"
    SENT = "sent"
    SUBSCRIPTION_CHANGED = "subscription_changed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one recipient's mail; a text is empty where SES does not say."""

    kind: EventKind
    recipient: str  # canonical: no display name, lower case
    at: str  # ISO 8601 in UTC, with milliseconds
    message_id: str
    tags: Mapping[str, str] = field(default_factory=dict, hash=False)
    detail: str = ""
    link: str = ""
    agent: str = ""  # the program that opened it or followed the link, by its own name
    is_bot: bool | None = None  # None where SES does not say
    raw_kind: str = ""
    # Where the mail was sent to one address, that one. `recipient` may be another: a bounce names whom the
    # receiving server found at the end (Final-Recipient), after any forwarding.
    sent_to: str = ""

    @property
    def name(self) -> str:
        """The type, and the sort of it where that is what is unknown, as a short name."""
        is_sort = self.kind is EventKind.UNKNOWN and self.raw_kind in _SHAPES
        return _unfit.sub("", f"{self.raw_kind} {self.detail if is_sort else ''}").strip()[:60]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What is no SES event, and why; a note is what SES and SNS are known to send to the same topics."""

    reason: str
    is_note: bool = False


class _Shape(NamedTuple):
    """Where a type of event keeps what we want of it."""

    body: str = ""
    recipients: str = ""
    sort: str = ""
    details: tuple[str, ...] = ()


_SHAPES: Mapping[str, _Shape] = {
    "Delivery": _Shape("delivery", "recipients", details=("smtpResponse",)),
    "DeliveryDelay": _Shape("deliveryDelay", "delayedRecipients", details=("delayType",)),
    "Bounce": _Shape("bounce", "bouncedRecipients", "bounceType", ("bounceSubType",)),
    # The feedback type comes from some providers only; the sub type is null but for the suppression list.
    "Complaint": _Shape(
        "complaint",
        "complainedRecipients",
        "complaintFeedbackType",
        ("complaintFeedbackType", "complaintSubType"),
    ),
    "Reject": _Shape("reject", details=("reason",)),  # it has no timestamp of its own
    # Written with a space, and its key is not its name.
    "Rendering Failure": _Shape("failure", details=("templateName", "errorMessage")),
    "Open": _Shape("open"),
    "Click": _Shape("click", details=("link",)),
    "Send": _Shape("send"),  # an empty object
    "Subscription": _Shape("subscription", details=("contactList", "source")),
}

# By type and sort; a sort that is not listed counts as "".
_KINDS: Mapping[tuple[str, str], EventKind] = {
    ("Delivery", ""): EventKind.DELIVERED,
    ("DeliveryDelay", ""): EventKind.DELAYED,
    ("Bounce", "Permanent"): EventKind.BOUNCED_PERMANENTLY,
    # Out-of-office replies are Transient too (sub type General), so such a mail may well have arrived.
    ("Bounce", "Transient"): EventKind.BOUNCED_TRANSIENTLY,
    ("Bounce", "Undetermined"): EventKind.BOUNCED_UNDETERMINED,
    ("Bounce", ""): EventKind.BOUNCED_UNDETERMINED,
    ("Complaint", ""): EventKind.COMPLAINED,
    # Someone took the mail out of the spam folder: filed under complaints, but the opposite of one.
    ("Complaint", "not-spam"): EventKind.UNKNOWN,
    ("Reject", ""): EventKind.REJECTED,
    ("Rendering Failure", ""): EventKind.RENDERING_FAILED,
    ("Open", ""): EventKind.OPENED,
    ("Click", ""): EventKind.CLICKED,
    ("Send", ""): EventKind.SENT,
    ("Subscription", ""): EventKind.SUBSCRIPTION_CHANGED,
}

# What comes to the same topics in the same form, but tells of no mail that we sent.
_NO_EVENTS: Mapping[str, str] = {
    "AmazonSnsSubscriptionSucceeded": "SES's note that this topic now gets an identity's notifications",
    "Received": "a mail that SES received, not one that it sent",
}

_unfit = re.compile(r"[^A-Za-z0-9 ._-]")

_BOTS: Mapping[str, bool] = {"Likely": True, "Unlikely": False}


def read_notification(message: str | Mapping[str, Any]) -> list[Event] | Unreadable:
    """The events, one or more, in an SNS message body, its HTTP envelope or an EventBridge event.

    Never raises: an event of a type we do not know is kind UNKNOWN, and what is no event is Unreadable.
    """
    notice = unwrap(message)
    if isinstance(notice, str):
        return Unreadable(notice, is_note=notice in NOTES.values())
    raw_kind = type_of(notice)
    if raw_kind in _NO_EVENTS:
        return Unreadable(_NO_EVENTS[raw_kind], is_note=True)
    return _events(raw_kind, notice)


def _events(raw_kind: str, notice: Mapping[str, Any]) -> list[Event]:
    shape, mail = _SHAPES.get(raw_kind, _Shape()), read_object(notice.get("mail"))
    body = read_object(notice.get(shape.body))
    sort = read_text(body.get(shape.sort))
    known = _KINDS.get((raw_kind, sort))
    sent_to = read_addresses(mail.get("destination"))
    event = Event(
        kind=known or _KINDS.get((raw_kind, ""), EventKind.UNKNOWN),
        recipient="",
        at=read_time(body.get("timestamp")) or read_time(mail.get("timestamp")),
        message_id=read_text(mail.get("messageId")),
        tags=read_tags(mail.get("tags")),
        link=read_text(body.get("link"), 8_000),
        agent=read_text(body.get("userAgent")),
        is_bot=_BOTS.get(read_text(body.get("isBotEvent"))),
        raw_kind=raw_kind,
        sent_to=next(iter(sent_to)) if len(sent_to) == 1 else "",
    )
    # A sort that is not listed is kept here, in front.
    details = [*([] if known else [sort]), *(read_text(body.get(name)) for name in shape.details)]
    affected = read_addresses(body.get(shape.recipients)) or sent_to or {"": ""}
    return [
        replace(event, recipient=recipient, detail=_join([*details, diagnosis]))
        for recipient, diagnosis in affected.items()
    ]


def _join(parts: Iterable[str]) -> str:
    return ": ".join(dict.fromkeys(filter(None, parts)))[:500]
