"""Who may see what: every page asks here first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.domain.grant import Grant, read, sign
from chalicelib.errors import AddressesNotAllowed


class Clock(Protocol):
    """The time."""

    def now(self) -> Any:
        """The present moment, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Gate:
    """Opens to links that were signed with the stage's key."""

    key: Callable[[], str]
    clock: Clock

    def open(self, token: str, subject: str) -> Grant:
        """What the token allows of this campaign, or of the dashboard. Raises LinkInvalid or LinkExpired."""
        return read(self.key(), token, self.clock.now().timestamp(), subject)

    def open_to_addresses(self, token: str, subject: str) -> Grant:
        """The same, where recipients are to be shown. Raises AddressesNotAllowed too."""
        grant = self.open(token, subject)
        if not grant.addresses:
            raise AddressesNotAllowed("This link shows numbers, and no addresses.")
        return grant

    def token(self, grant: Grant) -> str:
        """The token of a link that allows this."""
        return sign(self.key(), grant)
