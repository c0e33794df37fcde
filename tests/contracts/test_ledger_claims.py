"""Claims in the ledger: the fake and DynamoDB promise the same."""

import pytest

from tests.contracts.ledgers import T1, T2, T3, A, B, C, D, claimed, crowd, one, people, told, try_of


class TestClaim:
    def test_a_claim_of_a_free_address_returns_nothing_and_is_kept(self, ledger):
        claim = try_of(number=3)
        assert ledger.claim(claim, people("a")) == {}
        assert one(ledger) == claimed(claim)

    def test_a_claimed_address_is_returned_as_it_was_claimed_first(self, ledger):
        first, second = try_of("c1"), try_of("c2", 5, at=T2)
        ledger.claim(first, people("a"))
        assert ledger.claim(second, people("a", "b")) == {A: claimed(first)}
        assert one(ledger, B) == claimed(second, B)

    def test_what_an_earlier_try_of_the_same_batch_claimed_is_returned_too(self, ledger):
        first = try_of(claimant="first")
        ledger.claim(first, people("a"))
        assert ledger.claim(try_of(claimant="second"), people("a", "b")) == {A: claimed(first)}

    def test_a_claim_that_is_refused_because_of_our_own_earlier_one_is_ours(self, ledger):
        ledger.claim(try_of("other"), people("b"))
        claim = try_of(at=T2)
        for _ in range(2):
            assert ledger.claim(claim, people("a", "b", "c")).keys() == {B}
        assert one(ledger) == claimed(claim)
        assert one(ledger, B) == claimed(try_of("other"), B)

    def test_another_mail_to_the_same_address_is_another_delivery(self, ledger):
        ledger.claim(try_of(mail="m1"), people("a"))
        assert ledger.claim(try_of(mail="m2", at=T2), people("a")) == {}

    def test_more_than_25_addresses_are_claimed_in_one_call_and_each_once(self, ledger):
        everybody = crowd(60)
        assert ledger.claim(try_of("c1"), everybody[10:40]) == {}
        known = ledger.claim(try_of("c2"), everybody)
        assert known.keys() == {person.email for person in everybody[10:40]}
        assert {each.campaign_id for each in known.values()} == {"c1"}
        found = ledger.read("m1", (person.email for person in everybody))
        assert sum(each.campaign_id == "c2" for each in found.values()) == 30


class TestTakeOver:
    def test_a_claim_that_is_taken_over_is_the_new_trys(self, ledger):
        ledger.claim(try_of("c1", 1), people("a"))
        claim = try_of("c2", 7, at=T2)
        assert ledger.take_over(claim, one(ledger), 9)
        assert one(ledger) == claimed(claim, attempt=2)

    def test_a_claim_of_an_earlier_try_of_the_same_batch_is_taken_over(self, ledger):
        ledger.claim(try_of(claimant="first"), people("a"))
        claim = try_of(claimant="second", at=T2)
        assert ledger.take_over(claim, one(ledger), 2)
        assert one(ledger) == claimed(claim, attempt=2)

    def test_a_failed_delivery_that_is_taken_over_has_no_failure_any_more(self, ledger):
        ledger.claim(try_of("c1"), people("a"))
        ledger.fail("m1", {A: "no"}, T2)
        claim = try_of("c2", at=T3)
        assert ledger.take_over(claim, one(ledger), 2)
        assert one(ledger) == claimed(claim, attempt=2)

    @pytest.mark.parametrize("moment", [T1, T2], ids=["in the same millisecond", "later"])
    def test_only_the_first_of_two_takes_a_claim_over(self, ledger, moment):
        ledger.claim(try_of("c1"), people("a"))
        old, first = one(ledger), try_of("c2", at=T1, claimant="first")
        assert ledger.take_over(first, old, 2)
        assert not ledger.take_over(try_of("c3", at=moment, claimant="second"), old, 2)
        assert one(ledger) == claimed(first, attempt=2)

    def test_a_take_over_that_is_refused_because_of_our_own_earlier_one_is_ours(self, ledger):
        ledger.claim(try_of("c1"), people("a"))
        old, claim = one(ledger), try_of("c2", at=T2)
        assert ledger.take_over(claim, old, 2)
        assert ledger.take_over(claim, old, 2)
        assert one(ledger) == claimed(claim, attempt=2)

    def test_a_claim_is_not_taken_over_once_ses_accepted(self, ledger):
        ledger.claim(try_of("c1"), people("a"))
        old = one(ledger)
        ledger.accept("m1", {A: "id-1"}, T2)
        assert not ledger.take_over(try_of("c2", at=T3), old, 2)
        assert one(ledger).campaign_id == "c1"

    def test_a_claim_is_not_taken_over_once_an_event_came(self, ledger):
        ledger.claim(try_of("c1"), people("a"))
        old = one(ledger)
        told(ledger, "opened_at", T2)
        assert not ledger.take_over(try_of("c2", at=T3), old, 2)

    def test_a_claim_that_was_given_back_is_not_taken_over(self, ledger):
        ledger.claim(try_of("c1"), people("a"))
        old = one(ledger)
        ledger.release(try_of("c1"), [A])
        assert not ledger.take_over(try_of("c2", at=T3), old, 2)
        assert ledger.read("m1", [A]) == {}


class TestRelease:
    def test_a_try_gives_its_own_claims_back_and_no_others(self, ledger):
        ours = try_of("c1", 0, claimant="ours")
        ledger.claim(ours, people("a"))
        ledger.claim(try_of("c1", 0, claimant="an earlier try of the same batch"), people("b"))
        ledger.claim(try_of("c1", 1), people("c"))
        ledger.release(ours, [A, B, C, D])
        assert ledger.read("m1", [A, B, C, D]).keys() == {B, C}

    def test_what_another_try_has_taken_over_meanwhile_stays(self, ledger):
        ours, theirs = try_of(claimant="ours"), try_of(claimant="theirs", at=T2)
        ledger.claim(ours, people("a"))
        ledger.take_over(theirs, one(ledger), 2)
        ledger.release(ours, [A])
        assert one(ledger) == claimed(theirs, attempt=2)

    def test_what_we_took_over_is_given_back_like_a_claim(self, ledger):
        ours = try_of(claimant="ours", at=T2)
        ledger.claim(try_of(claimant="theirs"), people("a"))
        ledger.take_over(ours, one(ledger), 2)
        ledger.release(ours, [A])
        assert ledger.read("m1", [A]) == {}

    def test_what_ses_has_is_never_given_back(self, ledger):
        ledger.claim(try_of(), people("a", "b"))
        ledger.accept("m1", {A: "id-1"}, T2)
        told(ledger, "bounced_at", T2, email=B)
        ledger.release(try_of(), [A, B])
        assert ledger.read("m1", [A, B]).keys() == {A, B}

    def test_what_was_given_back_can_be_claimed_anew(self, ledger):
        ledger.claim(try_of(), people("a"))
        ledger.release(try_of(), [A])
        claim = try_of("c2", at=T2)
        assert ledger.claim(claim, people("a")) == {}
        assert one(ledger) == claimed(claim)

    def test_giving_back_twice_or_nothing_is_no_error(self, ledger):
        ledger.claim(try_of(), people("a"))
        for emails in ([A], [A], []):
            ledger.release(try_of(), emails)
        assert ledger.read("m1", [A]) == {}

    def test_only_claims_of_the_same_mail_are_given_back(self, ledger):
        ledger.claim(try_of(mail="m2"), people("a"))
        ledger.release(try_of(mail="m1"), [A])
        assert one(ledger, mail="m2") == claimed(try_of(mail="m2"))
