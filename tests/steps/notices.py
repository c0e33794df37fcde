"""SES's notifications of one event each."""

import json
from typing import Any

from chalicelib.domain.tag import to_tag

A, B = "a@example.com", "b@example.com"

# The type, its key, what it says, and the counter that it moves.
TYPES: dict[str, tuple[str, dict[str, Any], str]] = {
    "Delivery": ("delivery", {"recipients": [A]}, "delivered"),
    "DeliveryDelay": ("deliveryDelay", {"delayedRecipients": [{"emailAddress": A}]}, "delayed"),
    "Permanent": ("bounce", {"bounceType": "Permanent", "bouncedRecipients": [{"emailAddress": A}]}, "bounced"),
    "Transient": ("bounce", {"bounceType": "Transient", "bouncedRecipients": [{"emailAddress": A}]}, "soft_bounced"),
    "Undetermined": (
        "bounce",
        {"bounceType": "Undetermined", "bouncedRecipients": [{"emailAddress": A}]},
        "undetermined_bounced",
    ),
    "Complaint": ("complaint", {"complainedRecipients": [{"emailAddress": A}]}, "complained"),
    "Reject": ("reject", {"reason": "Bad content"}, "rejected"),
    "Rendering Failure": ("failure", {"errorMessage": "no name"}, "rendering_failed"),
    "Open": ("open", {"userAgent": "Mail"}, "opened"),
    "Click": ("click", {"link": "https://example.com/"}, "clicked"),
}


def notice(kind: str, second: int = 5, email: str = A, campaign: str = "c1", mail: str = "m1") -> str:
    """A notification as SES writes it; without a mail, one of other mail of the account."""
    key, body, _ = TYPES[kind]
    at = f"2026-01-31T08:00:{second:02d}.000Z"
    tags = {"campaign": [to_tag(campaign)], "mail": [to_tag(mail)]} if mail else {"ses:source-ip": ["192.0.2.1"]}
    return json.dumps(
        {
            "eventType": "Bounce" if key == "bounce" else kind,
            "mail": {"timestamp": at, "messageId": f"id-{second}", "destination": [email], "tags": tags},
            key: json.loads(json.dumps(body).replace(A, email)) | {"timestamp": at},
        }
    )


def engagement(kind: str, second: int, is_bot: str | None = None, agent: str = "Mail", page: str = "") -> str:
    """A notification of A's that says who it may have been, and where a click led."""
    document = json.loads(notice(kind, second))
    said = {"userAgent": agent} | ({"isBotEvent": is_bot} if is_bot else {})
    document[kind.lower()] |= said | ({"link": f"https://example.com/{page}"} if kind == "Click" else {})
    return json.dumps(document)
