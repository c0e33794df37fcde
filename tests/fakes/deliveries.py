"""The ledger by address, in a dict."""

from collections.abc import Iterable, Mapping
from typing import Any


class FakeDeliveries:
    """Deliveries by mail and address."""

    def __init__(self, items: Mapping[tuple[str, str], Mapping[str, Any]] | None = None) -> None:
        self.items = {key: {"email": key[1], **item} for key, item in (items or {}).items()}
        self.asked: list[tuple[str, list[str]]] = []

    def of(self, email: str, mail_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        asked = list(mail_ids)
        self.asked.append((email, asked))
        found = {mail_id: self.items[mail_id, email] for mail_id in asked if (mail_id, email) in self.items}
        return dict(sorted(found.items(), key=lambda each: str(each[1].get("claimed_at", ""))))
