"""The account's suppression list: addresses that SES takes mail for and does not deliver to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from hato.local.ses.errors import BadRequest, NotFound
from hato.local.ses.wire import Json, text

REASONS = ("BOUNCE", "COMPLAINT")
_MOST_A_PAGE = 1000


@dataclass(frozen=True)
class Suppressed:
    """One address on the list."""

    address: str
    reason: str
    at: float

    def as_json(self) -> dict[str, Any]:
        return {"EmailAddress": self.address, "Reason": self.reason, "LastUpdateTime": self.at}


class SuppressionList:
    """Addresses in lower case, as SES keeps them."""

    def __init__(self) -> None:
        self._found: dict[str, Suppressed] = {}

    def put(self, body: Json, now: float) -> None:
        address, reason = text(body, "EmailAddress").strip().lower(), text(body, "Reason")
        if "@" not in address:
            raise BadRequest("EmailAddress is not an e-mail address.")
        if reason not in REASONS:
            raise BadRequest(f"There is no reason {reason} to suppress an address.")
        self._found[address] = Suppressed(address, reason, now)

    def get(self, address: str) -> dict[str, Any]:
        return {"SuppressedDestination": self._find(address).as_json()}

    def delete(self, address: str) -> None:
        del self._found[self._find(address).address]

    def page(self, reasons: Collection[str], size: int, token: str) -> dict[str, Any]:
        """ListSuppressedDestinations' answer; the token is the last address of the page before."""
        wanted = (self._found[each] for each in sorted(self._found) if each > token)
        found = [each for each in wanted if not reasons or each.reason in reasons]
        shown = found[: min(size, _MOST_A_PAGE)]
        answer: dict[str, Any] = {"SuppressedDestinationSummaries": [each.as_json() for each in shown]}
        return answer | ({"NextToken": shown[-1].address} if len(found) > len(shown) else {})

    def has(self, address: str, reasons: Collection[str]) -> bool:
        """Whether SES leaves the address out, where it does so for these reasons."""
        found = self._found.get(address.lower())
        return found is not None and found.reason in reasons

    def _find(self, address: str) -> Suppressed:
        try:
            return self._found[address.lower()]
        except KeyError:
            raise NotFound(f"Email address {address} does not exist on your suppression list.") from None
