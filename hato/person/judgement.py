"""What became of the mails to one address, in words, and what would become of the next one."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.delivery import Delivery, Settling, State
from chalicelib.domain.history import history

_WORDS: Mapping[str, str] = {
    "claimed": "claimed by campaign {campaign_id}, batch {batch}, row {row}",
    "accepted": "taken by SES as {message_id}",
    "failed": "not sent: {reason}",
    "delivered": "delivered",
    "delayed": "delayed",
    "bounced": "bounced for good",
    "soft_bounced": "bounced for now",
    "undetermined_bounced": "bounced, for good or for now",
    "complained": "called spam",
    "rejected": "rejected by SES",
    "rendering_failed": "could not be filled in by SES",
    "opened": "opened",
    "clicked": "clicked",
    "unsubscribed": "unsubscribed",
    "unknown_event": "SES told of something that Hato does not know",
}
_WHO: Mapping[bool | None, str] = {None: "", True: "", False: " by a program"}


class _Known(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "?"


def timeline(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Time and words of all that happened to one mail to one address, as it came."""
    for moment in history(item):
        words = _WORDS[moment.name]
        said = f": {moment.detail}" if moment.detail and "{" not in words else ""
        yield moment.at, words.format_map(_Known(item)) + _WHO[moment.is_human] + said


def what_now(item: Mapping[str, Any] | None, suppressed: str, now: datetime, settling: Settling) -> str:
    """What a new campaign would do with this mail and this address; `suppressed` is why it must not be written to."""
    if item is None:
        return f"Not send it. {suppressed}" if suppressed else "Send it: the address has not had it."
    delivery = Delivery.from_item(item)
    match delivery.state(now, settling):
        case State.ACCEPTED:
            return f"Not send it again: campaign {delivery.campaign_id} sent it {delivery.accepted_at}."
        case State.SETTLED:
            return f"Not send it again: campaign {delivery.campaign_id} sent it, as SES's events prove."
        case _ if suppressed:
            return f"Not send it. {suppressed}"
        case State.FAILED:
            return f"Send it: campaign {delivery.campaign_id} tried {delivery.failed_at}, and it was not sent."
        case _ if delivery.is_silent(now, settling):
            return (
                f"Send it again: campaign {delivery.campaign_id} began to {delivery.claimed_at}, and no event has come "
                "since. (Where the stage's UnknownOutcomes is `hold`, it stays unknown.)"
            )
        case _:
            return f"Wait: campaign {delivery.campaign_id} began to send it {delivery.claimed_at}."
