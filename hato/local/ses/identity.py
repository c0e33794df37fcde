"""Who may send, and who is left out: what SES keeps of that beside the account's limits."""

from __future__ import annotations

from typing import Any

from hato.local.ses.errors import BadRequest
from hato.local.ses.wire import Json, texts

_REASONS = {"BOUNCE", "COMPLAINT"}


def verified_identity(name: str) -> dict[str, Any]:
    """GetEmailIdentity's answer for an address or a domain that is verified and signed, with SES's own MAIL FROM."""
    return {
        "IdentityType": "EMAIL_ADDRESS" if "@" in name else "DOMAIN",
        "FeedbackForwardingStatus": True,
        "VerifiedForSendingStatus": True,
        "VerificationStatus": "SUCCESS",
        "DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS", "SigningAttributesOrigin": "AWS_SES"},
        "MailFromAttributes": {"BehaviorOnMxFailure": "USE_DEFAULT_VALUE"},
        "Policies": {},
        "Tags": [],
    }


def read_suppressed_reasons(body: Json) -> list[str]:
    """What PutAccountSuppressionAttributes asks for; BadRequest where there is no such reason."""
    reasons = texts(body, "SuppressedReasons")
    if unknown := sorted(set(reasons) - _REASONS):
        raise BadRequest(f"There is no reason {', '.join(unknown)} to suppress an address.")
    return reasons
