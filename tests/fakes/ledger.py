"""The ledger in a dict."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.domain.delivery import Claim, Delivery
from chalicelib.domain.facts import Change, Fact
from chalicelib.domain.recipient import Recipient
from tests.fakes.moments import Moments


class FakeLedger:
    """Deliveries by mail and address."""

    def __init__(self, moments: Moments | None = None) -> None:
        self.items: dict[tuple[str, str], dict[str, Any]] = {}
        self._moments = moments or Moments()

    def claim(self, claim: Claim, people: Sequence[Recipient]) -> dict[str, Delivery]:
        mail_id, taken = claim.batch.mail_id, []
        for person in people:
            self._moments.reached("before claim")
            if (mail_id, person.email) in self.items:
                taken.append(person)
            else:
                self._put(claim, person.email, person.row, 1)
            self._moments.reached("after claim")
        found = self.read(mail_id, (person.email for person in taken))
        free = [person for person in taken if person.email not in found]
        known = {email: old for email, old in found.items() if old.claimant != claim.claimant}
        return known | self.claim(claim, free) if free else known

    def read(self, mail_id: str, emails: Iterable[str]) -> dict[str, Delivery]:
        items = {email: self.items[mail_id, email] for email in emails if (mail_id, email) in self.items}
        return {email: Delivery.from_item(item) for email, item in items.items()}

    def take_over(self, claim: Claim, old: Delivery, row: int) -> bool:
        self._moments.reached("before take over")
        item = self.items.get((claim.batch.mail_id, old.email), {})
        same = (item.get("claimed_at"), item.get("attempt")) == (old.claimed_at, old.attempt)
        if not same or _is_sent(item):
            return item.get("claimant") == claim.claimant
        self._put(claim, old.email, row, old.attempt + 1)
        return True

    def accept(self, mail_id: str, message_ids: Mapping[str, str], now: str) -> None:
        self._merge(mail_id, "accepted_at", "message_id", message_ids, now)

    def fail(self, mail_id: str, reasons: Mapping[str, str], now: str) -> None:
        self._merge(mail_id, "failed_at", "reason", reasons, now)

    def release(self, claim: Claim, emails: Iterable[str]) -> None:
        for email in emails:
            item = self.items.get((claim.batch.mail_id, email), {})
            if item.get("claimant") == claim.claimant and not _is_sent(item):
                self._moments.reached("before release")
                del self.items[claim.batch.mail_id, email]

    def add_fact(self, mail_id: str, email: str, fact: Fact) -> Change | None:
        item = self.items.get((mail_id, email))
        if item is None:
            return None
        self.items[mail_id, email] = fact.added_to(item)
        return Change(item, self.items[mail_id, email])

    def _put(self, claim: Claim, email: str, row: int, attempt: int) -> None:
        batch = claim.batch
        old = self.items.get((batch.mail_id, email), {})
        kept = {name: value for name, value in old.items() if name not in ("failed_at", "reason")}
        self.items[batch.mail_id, email] = kept | {
            "email": email,
            "campaign_id": batch.campaign_id,
            "batch": batch.number,
            "row": row,
            "attempt": attempt,
            "claimed_at": claim.at,
            "claimant": claim.claimant,
        }

    def _merge(self, mail_id: str, time: str, detail: str, details: Mapping[str, str], now: str) -> None:
        for email, text in details.items():
            self._moments.reached("before record")
            self.items[mail_id, email] |= {time: now, detail: text}  # as in DynamoDB, there must be a claim
            self._moments.reached("after record")


def _is_sent(item: Mapping[str, Any]) -> bool:
    return "accepted_at" in item or "first_event_at" in item
