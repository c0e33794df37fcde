"""What became of the mails to one address, in words, and what would become of the next one."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.delivery import COUNTERS, Delivery, Settling, State

_WORDS: Mapping[str, str] = {
    "claimed_at": "claimed by campaign {campaign_id}, batch {batch}, row {row}",
    "accepted_at": "taken by SES as {message_id}",
    "failed_at": "not sent: {reason}",
    "delivered_at": "delivered",
    "delayed_at": "delayed",
    "bounced_at": "bounced for good",
    "soft_bounced_at": "bounced for now",
    "complained_at": "called spam",
    "rejected_at": "rejected by SES",
    "rendering_failed_at": "could not be filled in by SES",
    "opened_at": "opened",
    "clicked_at": "clicked",
}


class _Known(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "?"


def timeline(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Time and words of all that happened to one mail to one address, as it came."""
    happened = [name for name in dict.fromkeys((*_WORDS, *COUNTERS)) if item.get(name)]
    for name in sorted(happened, key=lambda name: str(item[name])):
        words = _WORDS.get(name, COUNTERS.get(name, name)).format_map(_Known(item))
        detail = str(item.get(name.removesuffix("_at") + "_detail", "")) if name in COUNTERS else ""
        yield str(item[name]), words + (f": {detail}" if detail else "")


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
