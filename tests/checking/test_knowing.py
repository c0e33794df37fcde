"""Who of a list would be passed over."""

from chalicelib.domain.batch import Batch
from chalicelib.domain.delivery import Claim
from chalicelib.domain.facts import Fact
from chalicelib.domain.recipient import Recipient
from hato.checking.knowing import who_is_known
from tests.fakes.contacts import FakeContacts
from tests.fakes.ledger import FakeLedger

AT = "2026-01-31T08:01:00.000Z"


def people(count: int) -> list[Recipient]:
    return [Recipient(row, f"p{row}@example.com", {}) for row in range(count)]


def test_the_suppressed_are_counted_by_their_reason_and_who_had_the_mail_apart() -> None:
    contacts, ledger = FakeContacts(), FakeLedger()
    contacts.items["p1@example.com"] = {"email": "p1@example.com", "bounced_at": AT}
    everybody = people(1_300)
    ledger.claim(Claim(Batch("c1", "m1", 0, ()), "x", AT), everybody[:5])
    ledger.accept("m1", {"p0@example.com": "id-0", "p1@example.com": "id-1"}, AT)
    ledger.add_fact("m1", "p2@example.com", Fact("opened_at", AT))
    told: list[int] = []
    known = who_is_known(everybody, "m1", contacts, ledger, told.append)
    assert known.suppressed == {"The contact is not written to.": 1}
    assert known.already_sent == 2, "p0 and p2: p1 is suppressed, and of p3 and p4 nobody knows"
    assert known.passed_over == 3
    assert told == [500, 1_000, 1_300]


def test_without_a_mail_nobody_had_it() -> None:
    assert who_is_known(people(3), "", FakeContacts(), FakeLedger()).passed_over == 0


def test_a_reason_is_one_whenever_it_was() -> None:
    class Dated(FakeContacts):
        def suppressed(self, recipients):
            return {each.email: f"The contact bounced 2026-01-0{each.row + 1}T00:00:00.000Z." for each in recipients}

    known = who_is_known(people(3), "m1", Dated(), FakeLedger())
    assert list(known.suppressed.values()) == [3]
    assert next(iter(known.suppressed)).startswith("The contact bounced")
