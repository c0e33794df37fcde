"""The contacts in a dict."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.domain.recipient import Recipient
from chalicelib.domain.soft_bounces import ended, in_a_row, member

_TIMES = ("unsubscribed_at", "complained_at", "bounced_at", "soft_bounced_at", "ses_suppressed_at")


class FakeContacts:
    """Contacts by their address, as it is written; the forgotten are a set of addresses."""

    def __init__(self, soft_bounce_limit: int = 5) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.erased: set[str] = set()
        self._limit = soft_bounce_limit

    def suppressed(self, recipients: Sequence[Recipient]) -> dict[str, str]:
        reasons = {}
        for person in recipients:
            spellings = {person.email, *(text for text in person.fields.values() if text.lower() == person.email)}
            if any(_is_off(self.items.get(each, {})) for each in spellings):
                reasons[person.email] = "The contact is not written to."
            if person.email in self.erased | {"forgotten@forgotten.example"}:
                reasons[person.email] = "The address was erased on request."
        return reasons

    def forgotten(self, emails: Collection[str]) -> set[str]:
        return self.erased & set(emails)

    def in_good_standing(self, where: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
        for item in self.items.values():
            fields = {name: str(value) for name, value in item.items() if not isinstance(value, set)}
            if not _is_off(item) and "noted_at" not in item and (where or {}).items() <= fields.items():
                yield fields

    def scan(self) -> Iterator[dict[str, Any]]:
        return iter(list(self.items.values()))

    def get(self, spellings: Collection[str]) -> dict[str, dict[str, Any]]:
        return {email: self.items[email] for email in spellings if email in self.items}

    def mark_unreachable(self, email: str, attribute: str, at: str, reason: str) -> None:
        if (item := self._item(email, at)) is None:
            return
        item.setdefault(attribute, at)
        item |= {"haserror": 1, "error_reason": reason or attribute.removesuffix("_at")}

    def count_soft_bounce(self, email: str, message_id: str, at: str) -> None:
        if (item := self._item(email, at)) is None:
            return
        item.setdefault("soft_bounces", set()).add(member(message_id, at))
        count = in_a_row(item["soft_bounces"], item.get("soft_bounces_ended_at", ""))
        if count >= self._limit and not _is_error(item):
            self.mark_unreachable(email, "soft_bounced_at", at, f"{self._limit} transient bounces in a row")

    def end_soft_bounces(self, email: str, at: str) -> None:
        item = self.items.get(email, {})
        over = ended(item.get("soft_bounces", ()), at)
        if not over or item.get("soft_bounced_at"):
            return
        item["soft_bounces"] -= over
        if not item["soft_bounces"]:  # as in DynamoDB, there is no empty set
            del item["soft_bounces"]
        item["soft_bounces_ended_at"] = max(at, item.get("soft_bounces_ended_at", ""))

    def unsubscribe(self, email: str, at: str) -> bool:
        item = self._item(email, at)
        if item is None or item.get("unsubscribed_at"):
            return False
        item["unsubscribed_at"] = at
        return True

    def is_unsubscribed(self, email: str) -> bool:
        return bool(self.items.get(email, {}).get("unsubscribed_at"))

    def resubscribe(self, email: str) -> None:
        self.items.get(email, {}).pop("unsubscribed_at", None)

    def _item(self, email: str, at: str) -> dict[str, Any] | None:
        if email in self.erased and email not in self.items:
            return None
        return self.items.setdefault(email, {"email": email, "noted_at": at})


def _is_off(item: Mapping[str, Any]) -> bool:
    return _is_error(item) or any(item.get(time) for time in _TIMES)


def _is_error(item: Mapping[str, Any]) -> bool:
    return str(item.get("haserror", 0)) in {"1", "True"}
