"""What the tests of the ledger say over and over."""

from typing import Any

from chalicelib.domain.batch import Batch
from chalicelib.domain.delivery import Claim, Delivery
from chalicelib.domain.facts import Fact
from chalicelib.domain.recipient import Recipient

T1, T2, T3 = (f"2026-01-31T08:0{minute}:00.000Z" for minute in (1, 2, 3))
A, B, C, D = (f"{name}@example.com" for name in "abcd")


def people(*names: str) -> list[Recipient]:
    return [Recipient(row, f"{name}@example.com", {}) for row, name in enumerate(names, 2)]


def crowd(count: int) -> list[Recipient]:
    return people(*(f"p{number}" for number in range(count)))


def try_of(campaign: str = "c1", number: int = 0, mail: str = "m1", at: str = T1, claimant: str = "") -> Claim:
    """A try of a batch; the same words are the same try."""
    return Claim(Batch(campaign, mail, number, ()), claimant or f"{campaign}/{number} at {at}", at)


def claimed(claim: Claim, email: str = A, **more: Any) -> Delivery:
    """A delivery that this try has claimed."""
    return Delivery(email, claim.batch.campaign_id, claim.batch.number, claim.at, claim.claimant, **more)


def one(ledger: Any, email: str = A, mail: str = "m1") -> Delivery:
    return ledger.read(mail, [email])[email]


def told(ledger: Any, attribute: str, at: str, detail: str = "", email: str = A, entry: str = "") -> str | None:
    """A fact reaches the ledger; the campaign of the delivery where its kind is new to it."""
    change = ledger.add_fact("m1", email, Fact(attribute, at, detail, entry))
    return change.before["campaign_id"] if change and attribute not in change.before else None
