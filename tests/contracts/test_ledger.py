"""The ledger: the fake and DynamoDB promise the same."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.aws.items import to_item
from chalicelib.aws.ledger import Ledger, StatementFailed
from chalicelib.domain.batch import Batch
from chalicelib.domain.delivery import Delivery, State
from chalicelib.domain.recipient import Recipient
from tests.contracts.conftest import make_table
from tests.fakes.ledger import FakeLedger
from tests.fakes.moments import Moments

T1, T2, T3 = (f"2026-01-31T08:0{minute}:00.000Z" for minute in (1, 2, 3))


def people(*names: str) -> list[Recipient]:
    return [Recipient(row, f"{name}@example.com", {}) for row, name in enumerate(names, 2)]


def batch(campaign: str = "c1", number: int = 0, mail: str = "m1") -> Batch:
    return Batch(campaign, mail, number, ())


def one(ledger: Any, email: str = "a@example.com", mail: str = "m1") -> Delivery:
    return ledger.read(mail, [email])[email]


class TestLedger:
    @pytest.fixture(params=["fake", pytest.param("dynamodb", marks=pytest.mark.cloud)])
    def ledger(self, request: pytest.FixtureRequest) -> Any:
        if request.param == "fake":
            return FakeLedger()
        dynamodb = request.getfixturevalue("cloud_dynamodb")
        return Ledger(dynamodb, make_table(dynamodb, "mail_shard", "email"))

    def test_a_claim_of_a_free_address_returns_nothing_and_is_kept(self, ledger):
        assert ledger.claim(batch(number=3), people("a"), T1) == {}
        assert one(ledger) == Delivery("a@example.com", "c1", 3, T1)
        assert one(ledger).state is State.CLAIMED

    def test_a_claimed_address_is_returned_as_it_was_claimed_first(self, ledger):
        ledger.claim(batch("c1"), people("a"), T1)
        known = ledger.claim(batch("c2", 5), people("a", "b"), T2)
        assert known == {"a@example.com": Delivery("a@example.com", "c1", 0, T1)}
        assert one(ledger, "b@example.com") == Delivery("b@example.com", "c2", 5, T2)

    def test_another_mail_to_the_same_address_is_another_delivery(self, ledger):
        ledger.claim(batch(mail="m1"), people("a"), T1)
        assert ledger.claim(batch(mail="m2"), people("a"), T2) == {}

    def test_more_than_25_addresses_are_claimed_in_one_call_and_each_once(self, ledger):
        crowd = people(*(f"p{number}" for number in range(60)))
        assert ledger.claim(batch("c1"), crowd[10:40], T1) == {}
        known = ledger.claim(batch("c2"), crowd, T2)
        assert known.keys() == {person.email for person in crowd[10:40]}
        assert {each.campaign_id for each in known.values()} == {"c1"}
        everybody = ledger.read("m1", (person.email for person in crowd))
        assert sum(each.campaign_id == "c2" for each in everybody.values()) == 30

    def test_an_address_twice_in_one_call_is_claimed_once(self, ledger):
        known = ledger.claim(batch(), people("a", "a", "a"), T1)
        assert known == {"a@example.com": Delivery("a@example.com", "c1", 0, T1)}

    def test_more_than_a_hundred_addresses_are_read_in_one_call(self, ledger):
        crowd = people(*(f"p{number}" for number in range(130)))
        ledger.claim(batch(), crowd, T1)
        assert len(ledger.read("m1", [person.email for person in crowd])) == 130

    def test_an_address_without_a_delivery_is_not_read(self, ledger):
        ledger.claim(batch(), people("a"), T1)
        assert ledger.read("m1", ["a@example.com", "nobody@example.com"]).keys() == {"a@example.com"}
        assert ledger.read("m1", []) == {}

    def test_what_ses_accepted_is_recorded_with_its_message_id(self, ledger):
        ledger.claim(batch(), people("a", "b"), T1)
        ledger.accept("m1", {"a@example.com": "id-1"}, T2)
        assert one(ledger) == Delivery("a@example.com", "c1", 0, T1, accepted_at=T2, message_id="id-1")
        assert one(ledger, "b@example.com").state is State.CLAIMED

    def test_more_than_25_are_recorded_in_one_call(self, ledger):
        crowd = people(*(f"p{number}" for number in range(60)))
        ledger.claim(batch(), crowd, T1)
        ledger.accept("m1", {person.email: f"id-{person.row}" for person in crowd}, T2)
        found = ledger.read("m1", [person.email for person in crowd])
        assert all(found[person.email].message_id == f"id-{person.row}" for person in crowd)

    def test_what_ses_refused_is_recorded_with_the_reason(self, ledger):
        ledger.claim(batch(), people("a"), T1)
        ledger.fail("m1", {"a@example.com": "It's no address."}, T2)
        assert one(ledger) == Delivery("a@example.com", "c1", 0, T1, failed_at=T2, reason="It's no address.")
        assert one(ledger).state is State.FAILED

    def test_an_acceptance_after_a_failure_wins(self, ledger):
        ledger.claim(batch(), people("a"), T1)
        ledger.fail("m1", {"a@example.com": "no"}, T2)
        ledger.accept("m1", {"a@example.com": "id-1"}, T3)
        assert one(ledger).state is State.ACCEPTED

    def test_an_acceptance_keeps_what_an_event_wrote_before_it(self, ledger):
        ledger.claim(batch(), people("a"), T1)
        assert ledger.record_event("m1", "a@example.com", "delivered_at", T2, "") == "c1"
        ledger.accept("m1", {"a@example.com": "id-1"}, T3)
        assert one(ledger).has_event
        assert one(ledger).message_id == "id-1"
        assert ledger.record_event("m1", "a@example.com", "delivered_at", T2, "") is None

    def test_nothing_is_recorded_of_an_address_that_nobody_claimed(self, ledger):
        with pytest.raises((StatementFailed, KeyError)):
            ledger.accept("m1", {"a@example.com": "id-1"}, T2)
        assert ledger.read("m1", ["a@example.com"]) == {}

    def test_a_claim_that_is_taken_over_is_the_new_batchs(self, ledger):
        ledger.claim(batch("c1", 1), people("a"), T1)
        assert ledger.take_over(batch("c2", 7), one(ledger), 9, T2)
        assert one(ledger) == Delivery("a@example.com", "c2", 7, T2, attempt=2)

    def test_a_failed_delivery_that_is_taken_over_has_no_failure_any_more(self, ledger):
        ledger.claim(batch("c1"), people("a"), T1)
        ledger.fail("m1", {"a@example.com": "no"}, T2)
        assert ledger.take_over(batch("c2"), one(ledger), 2, T3)
        assert one(ledger) == Delivery("a@example.com", "c2", 0, T3, attempt=2)

    def test_only_the_first_of_two_takes_a_claim_over(self, ledger):
        ledger.claim(batch("c1"), people("a"), T1)
        old = one(ledger)
        assert ledger.take_over(batch("c2"), old, 2, T2)
        assert not ledger.take_over(batch("c3"), old, 2, T2)
        assert one(ledger).campaign_id == "c2"

    def test_a_second_take_over_in_the_same_millisecond_is_refused_too(self, ledger):
        ledger.claim(batch("c1"), people("a"), T1)
        old = one(ledger)
        assert ledger.take_over(batch("c1"), old, 2, T1)
        assert not ledger.take_over(batch("c1"), old, 2, T1)

    def test_a_claim_is_not_taken_over_once_ses_accepted(self, ledger):
        ledger.claim(batch("c1"), people("a"), T1)
        old = one(ledger)
        ledger.accept("m1", {"a@example.com": "id-1"}, T2)
        assert not ledger.take_over(batch("c2"), old, 2, T3)
        assert one(ledger).campaign_id == "c1"

    def test_a_claim_is_not_taken_over_once_an_event_came(self, ledger):
        ledger.claim(batch("c1"), people("a"), T1)
        old = one(ledger)
        ledger.record_event("m1", "a@example.com", "opened_at", T2, "")
        assert not ledger.take_over(batch("c2"), old, 2, T3)

    def test_a_claim_that_was_given_back_is_not_taken_over(self, ledger):
        ledger.claim(batch("c1"), people("a"), T1)
        old = one(ledger)
        ledger.release(batch("c1"), ["a@example.com"])
        assert not ledger.take_over(batch("c2"), old, 2, T3)
        assert ledger.read("m1", ["a@example.com"]) == {}

    def test_a_batch_gives_its_own_claims_back_and_no_others(self, ledger):
        ledger.claim(batch("c1", 0), people("a"), T1)
        ledger.claim(batch("c1", 1), people("b"), T1)
        ledger.claim(batch("c2", 0), people("c"), T1)
        ledger.release(batch("c1", 0), [f"{name}@example.com" for name in "abcd"])
        left = ledger.read("m1", [f"{name}@example.com" for name in "abcd"])
        assert left.keys() == {"b@example.com", "c@example.com"}

    def test_what_ses_accepted_is_never_given_back(self, ledger):
        ledger.claim(batch(), people("a", "b"), T1)
        ledger.accept("m1", {"a@example.com": "id-1"}, T2)
        ledger.record_event("m1", "b@example.com", "bounced_at", T2, "")
        ledger.release(batch(), ["a@example.com", "b@example.com"])
        assert len(ledger.read("m1", ["a@example.com", "b@example.com"])) == 2

    def test_the_first_event_of_a_kind_names_the_campaign_and_the_same_again_does_not(self, ledger):
        ledger.claim(batch("c7"), people("a"), T1)
        assert ledger.record_event("m1", "a@example.com", "bounced_at", T2, "why") == "c7"
        assert ledger.record_event("m1", "a@example.com", "bounced_at", T2, "why") is None
        assert ledger.record_event("m1", "a@example.com", "complained_at", T2, "") == "c7"
        assert one(ledger).state is State.ACCEPTED

    def test_an_earlier_event_of_a_kind_is_kept_but_not_new_and_a_later_one_changes_nothing(self, ledger):
        ledger.claim(batch(), people("a"), T1)
        assert ledger.record_event("m1", "a@example.com", "opened_at", T2, "second") == "c1"
        assert ledger.record_event("m1", "a@example.com", "opened_at", T3, "third") is None
        assert self.opened(ledger) == (T2, "second")
        assert ledger.record_event("m1", "a@example.com", "opened_at", T1, "first") is None
        assert self.opened(ledger) == (T1, "first")

    def test_an_event_of_an_unknown_delivery_is_nobodys_and_makes_none(self, ledger):
        ledger.claim(batch(mail="other"), people("a"), T1)
        assert ledger.record_event("m1", "a@example.com", "opened_at", T2, "") is None
        assert ledger.read("m1", ["a@example.com"]) == {}

    @staticmethod
    def opened(ledger: Any) -> tuple[str, str]:
        if isinstance(ledger, FakeLedger):
            item = ledger.items["m1", "a@example.com"]
            return item["opened_at"], item["opened_detail"]
        items = ledger._dynamodb.scan(TableName=ledger._table)["Items"]
        (item,) = (item for item in items if item["email"]["S"] == "a@example.com")
        return item["opened_at"]["S"], item["opened_detail"]["S"]


EVERY_TIME = (
    "delivered_at",
    "delayed_at",
    "bounced_at",
    "soft_bounced_at",
    "complained_at",
    "rejected_at",
    "rendering_failed_at",
    "opened_at",
    "clicked_at",
)


def test_no_change_of_a_delivery_names_a_word_that_dynamodb_reserves(moto_dynamodb):
    # moto refuses reserved words as DynamoDB does; the local cloud does not.
    table = make_table(moto_dynamodb, "mail_shard", "email")
    ledger = Ledger(moto_dynamodb, table)
    shard = "m1#28"  # of a@example.com, for ever
    item = {"mail_shard": shard, "email": "a@example.com", "campaign_id": "c1", "batch": 0, "claimed_at": T1}
    moto_dynamodb.put_item(TableName=table, Item=to_item(item | {"attempt": 1}))
    assert ledger.take_over(batch("c2"), one(ledger), 2, T2)
    for attribute in EVERY_TIME:
        assert ledger.record_event("m1", "a@example.com", attribute, T2, "detail") == "c2"
    ledger.release(batch("c2"), ["a@example.com"])
    assert one(ledger).has_event


class RefusingDynamoDb:
    """Answers 200 to a batch of statements, with an error in it."""

    def batch_execute_statement(self, **request: Any) -> dict[str, Any]:
        refused = {"Error": {"Code": "ThrottlingError", "Message": "slow down"}}
        return {"Responses": [refused if number == 1 else {} for number, _ in enumerate(request["Statements"])]}


def test_a_claim_that_dynamodb_refuses_under_http_200_is_an_error():
    with pytest.raises(StatementFailed, match="ThrottlingError"):
        Ledger(RefusingDynamoDb(), "table").claim(batch(), people("a", "b"), T1)


def test_a_record_that_dynamodb_refuses_under_http_200_is_an_error():
    with pytest.raises(StatementFailed, match="ThrottlingError"):
        Ledger(RefusingDynamoDb(), "table").accept("m1", {"a@example.com": "1", "b@example.com": "2"}, T1)


class OvertakingDynamoDb:
    """DynamoDB, where somebody gives an address back between the refusal of its claim and the reading of it."""

    def __init__(self, dynamodb: Any, give_back: Callable[[], None]) -> None:
        self._dynamodb, self._give_back = dynamodb, give_back

    def batch_execute_statement(self, **request: Any) -> Any:
        return self._dynamodb.batch_execute_statement(**request)

    def batch_get_item(self, **request: Any) -> Any:
        self._give_back()
        return self._dynamodb.batch_get_item(**request)


@pytest.mark.cloud
def test_an_address_that_is_given_back_just_after_its_claim_was_refused_is_claimed_after_all(cloud_dynamodb):
    table = make_table(cloud_dynamodb, "mail_shard", "email")
    first = Ledger(cloud_dynamodb, table)
    first.claim(batch("c1"), people("a", "b"), T1)
    overtaken = OvertakingDynamoDb(cloud_dynamodb, lambda: first.release(batch("c1"), ["a@example.com"]))
    known = Ledger(overtaken, table).claim(batch("c2"), people("a", "b"), T2)
    assert known == {"b@example.com": Delivery("b@example.com", "c1", 0, T1)}
    assert one(first) == Delivery("a@example.com", "c2", 0, T2)


def test_the_fake_claims_an_address_that_is_given_back_just_after_its_claim_was_refused_too():
    moments = Moments()
    ledger = FakeLedger(moments)
    ledger.claim(batch("c1"), people("a"), T1)
    moments.at("after claim", lambda: ledger.release(batch("c1"), ["a@example.com"]))
    assert ledger.claim(batch("c2"), people("a"), T2) == {}
    assert one(ledger) == Delivery("a@example.com", "c2", 0, T2)
