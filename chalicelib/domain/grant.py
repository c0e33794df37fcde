"""Signed links: who holds one may see one campaign, or the dashboard with all of them, for a while."""

import hashlib
from dataclasses import dataclass, replace

from itsdangerous import BadSignature, URLSafeSerializer

from chalicelib.errors import LinkExpired, LinkInvalid

DASHBOARD = "*"  # no campaign's id: no execution can be named so

_SALT = "hato grant"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a link allows: `subject` (a campaign's id, or DASHBOARD for all) until `expires_at` (epoch seconds).

    `addresses` is whether recipients may be seen.
    """

    subject: str
    expires_at: int
    addresses: bool = False

    def allows(self, subject: str) -> bool:
        """Whether it shows this campaign, or the dashboard."""
        return self.subject in (subject, DASHBOARD)

    def for_campaign(self, campaign_id: str) -> "Grant":
        """The same for one of the campaigns alone."""
        return replace(self, subject=campaign_id)


def sign(key: str, grant: Grant) -> str:
    """The token of a link that allows this."""
    return str(_serializer(key).dumps([grant.subject, grant.expires_at, int(grant.addresses)]))


def read(key: str, token: str, now: float, subject: str | None = None) -> Grant:
    """What the token allows. Raises LinkInvalid, or LinkExpired.

    With a subject, a token that never was for it is invalid, whether it has expired or not.
    """
    try:
        signed_for, expires_at, addresses = _serializer(key).loads(token)
    except (BadSignature, ValueError, TypeError):
        raise LinkInvalid("This link is not valid.") from None
    grant = Grant(signed_for, expires_at, addresses == 1)
    if subject is not None and not grant.allows(subject):
        raise LinkInvalid("This link is not valid.")
    if now >= expires_at:
        raise LinkExpired("This link has expired.")
    return grant


def _serializer(key: str) -> URLSafeSerializer:
    return URLSafeSerializer(key, salt=_SALT, signer_kwargs={"digest_method": hashlib.sha256})
