"""The contacts in a dict."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.domain.recipient import Recipient

_TIMES = ("unsubscribed_at", "complained_at", "bounced_at", "soft_bounced_at")


class FakeContacts:
    """Contacts by their address, as it is written."""

    def __init__(self, soft_bounce_limit: int = 5) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self._limit = soft_bounce_limit

    def suppressed(self, recipients: Sequence[Recipient]) -> dict[str, str]:
        reasons = {}
        for person in recipients:
            spellings = {person.email, *(text for text in person.fields.values() if text.lower() == person.email)}
            if any(_is_off(self.items.get(each, {})) for each in spellings):
                reasons[person.email] = "The contact is not written to."
        return reasons

    def in_good_standing(self) -> Iterator[dict[str, str]]:
        for item in self.items.values():
            if not _is_off(item) and "noted_at" not in item:
                yield {name: str(value) for name, value in item.items() if not isinstance(value, set)}

    def mark_unreachable(self, email: str, attribute: str, at: str, reason: str) -> None:
        item = self._item(email)
        item.setdefault(attribute, at)
        item |= {"haserror": 1, "error_reason": reason or attribute.removesuffix("_at")}

    def count_soft_bounce(self, email: str, message_id: str, at: str) -> None:
        item = self.items.setdefault(email, {"email": email, "noted_at": at})
        item.setdefault("soft_bounces", set()).add(message_id or at)
        if len(item["soft_bounces"]) >= self._limit and not _is_error(item):
            self.mark_unreachable(email, "soft_bounced_at", at, f"{self._limit} transient bounces")

    def _item(self, email: str) -> dict[str, Any]:
        return self.items.setdefault(email, {"email": email})


def _is_off(item: Mapping[str, Any]) -> bool:
    return _is_error(item) or any(item.get(time) for time in _TIMES)


def _is_error(item: Mapping[str, Any]) -> bool:
    return str(item.get("haserror", 0)) in {"1", "True"}
