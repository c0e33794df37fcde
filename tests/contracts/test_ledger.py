"""What the ledger records: the fake and DynamoDB promise the same."""

from typing import Any

import pytest

from chalicelib.aws.items import from_item, to_item
from chalicelib.aws.ledger import Ledger
from chalicelib.aws.statements import StatementFailed
from chalicelib.domain.facts import FACT_TIMES, MOST_KEPT, Change, Fact
from tests.contracts.conftest import make_table
from tests.contracts.ledgers import T1, T2, T3, A, B, claimed, crowd, one, people, told, try_of
from tests.fakes.ledger import FakeLedger


class TestRecords:
    def test_more_than_a_hundred_addresses_are_read_in_one_call(self, ledger):
        everybody = crowd(130)
        ledger.claim(try_of(), everybody)
        assert len(ledger.read("m1", [person.email for person in everybody])) == 130

    def test_an_address_without_a_delivery_is_not_read(self, ledger):
        ledger.claim(try_of(), people("a"))
        assert ledger.read("m1", [A, "nobody@example.com"]).keys() == {A}
        assert ledger.read("m1", []) == {}

    def test_an_address_that_is_asked_for_twice_is_read_once(self, ledger):
        ledger.claim(try_of(), people("a"))
        assert ledger.read("m1", [A, A]) == {A: claimed(try_of())}

    def test_what_ses_accepted_is_recorded_with_its_message_id(self, ledger):
        ledger.claim(try_of(), people("a", "b"))
        ledger.accept("m1", {A: "id-1"}, T2)
        assert one(ledger) == claimed(try_of(), accepted_at=T2, message_id="id-1")
        assert one(ledger, B) == claimed(try_of(), B)

    def test_more_than_25_are_recorded_in_one_call(self, ledger):
        everybody = crowd(60)
        ledger.claim(try_of(), everybody)
        ledger.accept("m1", {person.email: f"id-{person.row}" for person in everybody}, T2)
        found = ledger.read("m1", [person.email for person in everybody])
        assert all(found[person.email].message_id == f"id-{person.row}" for person in everybody)

    def test_what_ses_refused_is_recorded_with_the_reason(self, ledger):
        ledger.claim(try_of(), people("a"))
        ledger.fail("m1", {A: "It's no address."}, T2)
        assert one(ledger) == claimed(try_of(), failed_at=T2, reason="It's no address.")

    def test_an_acceptance_after_a_failure_keeps_both(self, ledger):
        ledger.claim(try_of(), people("a"))
        ledger.fail("m1", {A: "no"}, T2)
        ledger.accept("m1", {A: "id-1"}, T3)
        assert (one(ledger).failed_at, one(ledger).accepted_at) == (T2, T3)

    def test_an_acceptance_keeps_what_an_event_wrote_before_it(self, ledger):
        ledger.claim(try_of(), people("a"))
        assert told(ledger, "delivered_at", T2) == "c1"
        ledger.accept("m1", {A: "id-1"}, T3)
        assert one(ledger).has_event
        assert one(ledger).message_id == "id-1"
        assert told(ledger, "delivered_at", T2) is None

    def test_nothing_is_recorded_of_an_address_that_nobody_claimed(self, ledger):
        with pytest.raises((StatementFailed, KeyError)):
            ledger.accept("m1", {A: "id-1"}, T2)
        assert ledger.read("m1", [A]) == {}

    def test_the_first_event_of_a_kind_names_the_campaign_and_the_same_again_does_not(self, ledger):
        ledger.claim(try_of("c7"), people("a"))
        assert told(ledger, "bounced_at", T2, "why") == "c7"
        assert told(ledger, "bounced_at", T2, "why") is None
        assert told(ledger, "complained_at", T2) == "c7"
        assert one(ledger).has_event

    def test_an_event_names_the_campaign_that_took_the_delivery_over(self, ledger):
        ledger.claim(try_of("c1"), people("a"))
        ledger.take_over(try_of("c2", at=T2), one(ledger), 2)
        assert told(ledger, "bounced_at", T3, "why") == "c2"

    def test_an_earlier_event_of_a_kind_is_kept_but_not_new_and_a_later_one_changes_nothing(self, ledger):
        ledger.claim(try_of(), people("a"))
        assert told(ledger, "opened_at", T2, "second") == "c1"
        assert told(ledger, "opened_at", T3, "third") is None
        assert opened(ledger) == (T2, "second")
        assert told(ledger, "opened_at", T1, "first") is None
        assert opened(ledger) == (T1, "first")

    def test_an_event_of_an_unknown_delivery_is_nobodys_and_makes_none(self, ledger):
        ledger.claim(try_of(mail="other"), people("a"))
        assert told(ledger, "opened_at", T2) is None
        assert ledger.read("m1", [A]) == {}

    def test_of_two_words_of_one_moment_the_same_is_kept_whichever_came_first(self, ledger):
        ledger.claim(try_of(), people("a", "b"))
        for email, words in ((A, ("one", "two")), (B, ("two", "one"))):
            for word in words:
                told(ledger, "bounced_at", T2, word, email=email)
        assert item_of(ledger, A)["bounced_detail"] == item_of(ledger, B)["bounced_detail"] == "one"

    def test_a_set_has_every_open_once_and_the_change_says_what_was_there_and_what_is(self, ledger):
        ledger.claim(try_of(), people("a"))
        for at in (T2, T3, T2, T1, T3):
            change = ledger.add_fact("m1", A, Fact("opened_at", at, entry=f"{at} unsaid"))
            assert change.after == item_of(ledger)
        assert item_of(ledger)["opens"] == {f"{at} unsaid" for at in (T1, T2, T3)}
        assert change == Change(change.before, change.before)
        assert opened(ledger) == (T1, "")

    def test_a_set_that_is_full_takes_an_earlier_one_and_no_other(self, ledger):
        ledger.claim(try_of(), people("a"))
        for number in range(MOST_KEPT):
            told(ledger, "opened_at", T2, entry=f"{T2} {number}")
        for at in (T3, T1):
            change = ledger.add_fact("m1", A, Fact("opened_at", at, entry=f"{at} late"))
            assert change.after == item_of(ledger)
        assert len(item_of(ledger)["opens"]) == MOST_KEPT + 1
        assert f"{T1} late" in item_of(ledger)["opens"]


def opened(ledger: Any) -> tuple[str, str]:
    item = item_of(ledger)
    return item["opened_at"], item["opened_detail"]


def item_of(ledger: Any, email: str = A) -> dict[str, Any]:
    """The delivery as the ledger keeps it."""
    if isinstance(ledger, FakeLedger):
        return ledger.items["m1", email]
    items = map(from_item, ledger._dynamodb.scan(TableName=ledger._table)["Items"])
    return next(item for item in items if item["email"] == email)


@pytest.mark.cloud
@pytest.mark.parametrize(("days", "expires_at"), [(0, None), (30, "1772438460")])
def test_a_delivery_is_kept_for_ever_or_for_as_many_days_as_are_said(cloud_dynamodb, days, expires_at):
    table = make_table(cloud_dynamodb, "mail_shard", "email")
    Ledger(cloud_dynamodb, table, days=days).claim(try_of(), people("a"))  # at 2026-01-31T08:01:00Z
    (item,) = cloud_dynamodb.scan(TableName=table)["Items"]
    assert item.get("expires_at", {}).get("N") == expires_at


def test_no_change_of_a_delivery_names_a_word_that_dynamodb_reserves(moto_dynamodb):
    # moto refuses reserved words as DynamoDB does; the local cloud does not.
    table = make_table(moto_dynamodb, "mail_shard", "email")
    ledger = Ledger(moto_dynamodb, table)
    shard = "m1#28"  # of a@example.com, for ever
    item = {"mail_shard": shard, "email": A, "campaign_id": "c1", "batch": 0, "claimed_at": T1, "claimant": "x"}
    moto_dynamodb.put_item(TableName=table, Item=to_item(item | {"attempt": 1}))
    claim = try_of("c2", at=T2)
    assert ledger.take_over(claim, one(ledger), 2)
    for attribute in FACT_TIMES:
        assert told(ledger, attribute, T2, "detail") == "c2"
    ledger.release(claim, [A])
    assert one(ledger).has_event
