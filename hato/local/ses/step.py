"""What can happen to a mail, and how SES names it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """SES's event types as its notifications spell them: one of them has a space."""

    SEND = "Send"
    REJECT = "Reject"
    RENDERING_FAILURE = "Rendering Failure"
    DELIVERY = "Delivery"
    DELIVERY_DELAY = "DeliveryDelay"
    BOUNCE = "Bounce"
    COMPLAINT = "Complaint"
    OPEN = "Open"
    CLICK = "Click"

    @property
    def matching_type(self) -> str:
        """The type as an event destination spells it."""
        return _MATCHING_TYPES.get(self, self.value.upper())


_MATCHING_TYPES = {Kind.RENDERING_FAILURE: "RENDERING_FAILURE", Kind.DELIVERY_DELAY: "DELIVERY_DELAY"}

HARD_BOUNCE = "Permanent/General"
SOFT_BOUNCE = "Transient/MailboxFull"
OUT_OF_OFFICE = "Transient/General"
# The mailbox simulator acts as the global suppression list; the account's own says it otherwise.
SUPPRESSED = "Permanent/Suppressed"
ON_ACCOUNT_LIST = "Permanent/OnAccountSuppressionList"

BROWSER = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
SCANNER = "Mozilla/5.0 (compatible; LinkScanner/1.0)"
KNOWN_SCANNERS = ("Barracuda Sentinel (EE)", "Mimecast-URL-Protect/1.0", "Proofpoint URL Defense")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens, `after` told seconds from the send; `detail` is a bounce's or delay's kind.

    Opens and clicks say by which program; `verdict` is whether SES says that it was a bot, or none.
    """

    kind: Kind
    after: float = 0.0
    detail: str = ""
    bot: bool = False
    link: str = ""
    agent: str = BROWSER
    verdict: bool = True


@dataclass(frozen=True, slots=True)
class Trackable:
    """What SES can see: opens need an HTML part, clicks a link, both a configuration set that asks."""

    opens: bool
    links: tuple[str, ...] = ()
