"""Signed links: who holds one may see one thing, for a while."""

import hashlib

from itsdangerous import BadSignature, URLSafeSerializer

from chalicelib.errors import LinkInvalid

_SALT = "hato report link"


def sign_report_link(key: str, campaign_id: str, expires_at: float) -> str:
    """A token that shows the report of this campaign until then (epoch seconds)."""
    return str(_serializer(key).dumps([campaign_id, int(expires_at)]))


def check_report_link(key: str, token: str, campaign_id: str, now: float) -> None:
    """Raises LinkInvalid unless the token was signed with this key, for this campaign, and has not expired."""
    try:
        signed_for, expires_at = _serializer(key).loads(token)
    except (BadSignature, ValueError, TypeError):
        raise LinkInvalid("This link is not valid.") from None
    if signed_for != campaign_id:
        raise LinkInvalid("This link is not valid.")
    if now >= expires_at:
        raise LinkInvalid("This link has expired.")


def _serializer(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=_SALT, signer_kwargs={"digest_method": hashlib.sha256})
