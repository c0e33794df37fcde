"""What the event of a call tells of, in a few words."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.campaign import Upload
from chalicelib.domain.event import Unreadable, read_notification
from chalicelib.domain.recipient import shorten
from chalicelib.domain.tag import from_tag
from chalicelib.envelope import Envelope, as_object


def describe(event: Mapping[str, Any]) -> tuple[str, str]:
    """What the event tells of, and the id of the campaign that it is about; that is empty where there is none."""
    if event.get("detail-type") == "Scheduled Event":
        return "the minute's look at the pace", ""
    told = [_record(record) for record in Envelope(event, None).records()]
    if not told:
        return "event without records", ""
    what, campaign_id = told[0]
    return what + (f", and {len(told) - 1} more" if len(told) > 1 else ""), campaign_id


def _record(record: Mapping[str, Any]) -> tuple[str, str]:
    if upload := Upload.from_record(record):
        if upload.is_nothing_to_send:
            return f"upload of {upload.key}, which starts no campaign", ""
        return f"upload of {upload.key}, campaign {upload.campaign_id}", upload.campaign_id
    if "Sns" in record:
        return _notification(as_object(record["Sns"]).get("Message"))
    return "record of no known kind", ""


def _notification(message: object) -> tuple[str, str]:
    events = read_notification(message if isinstance(message, str) else "")
    if isinstance(events, Unreadable):
        return f"notification that is no event ({events.reason})", ""
    if not events:
        return "notification of no event", ""
    event = events[0]
    campaign_id = from_tag(event.tags.get("campaign", ""))
    of = f"of campaign {campaign_id}" if campaign_id else "of other mail"
    others = f" and {len(events) - 1} more" if len(events) > 1 else ""
    return f"event {event.kind.value} {of} ({shorten(event.recipient)}{others})", campaign_id
