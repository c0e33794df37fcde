"""Claims, while answers are lost on the way and others give back what was just refused."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.aws.ledger import Ledger
from tests.contracts.conftest import make_table
from tests.contracts.ledgers import T2, A, B, claimed, one, people, try_of
from tests.fakes.ledger import FakeLedger
from tests.fakes.moments import Moments


class ForgetfulDynamoDb:
    """DynamoDB, where the first answer to each change is lost on the way, so that the client asks again."""

    def __init__(self, dynamodb: Any) -> None:
        self._dynamodb = dynamodb

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._dynamodb, name)

        def twice(**request: Any) -> Any:
            try:
                call(**request)
            finally:
                return call(**request)  # noqa: B012

        return call if name in ("get_item", "batch_get_item") else twice


@pytest.mark.cloud
def test_a_claim_whose_answer_was_lost_is_ours_all_the_same(cloud_dynamodb):
    table = make_table(cloud_dynamodb, "mail_shard", "email")
    Ledger(cloud_dynamodb, table).claim(try_of("other"), people("b"))
    ledger, claim = Ledger(ForgetfulDynamoDb(cloud_dynamodb), table), try_of(at=T2)
    assert ledger.claim(claim, people("a", "b")).keys() == {B}
    assert one(ledger) == claimed(claim)


@pytest.mark.cloud
def test_a_take_over_whose_answer_was_lost_is_ours_all_the_same(cloud_dynamodb):
    table = make_table(cloud_dynamodb, "mail_shard", "email")
    ledger = Ledger(ForgetfulDynamoDb(cloud_dynamodb), table)
    ledger.claim(try_of("c1"), people("a"))
    claim = try_of("c2", at=T2)
    assert ledger.take_over(claim, one(ledger), 2)
    assert one(ledger) == claimed(claim, attempt=2)


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
    first, theirs, ours = Ledger(cloud_dynamodb, table), try_of("c1"), try_of("c2", at=T2)
    first.claim(theirs, people("a", "b"))
    overtaken = OvertakingDynamoDb(cloud_dynamodb, lambda: first.release(theirs, [A]))
    assert Ledger(overtaken, table).claim(ours, people("a", "b")) == {B: claimed(theirs, B)}
    assert one(first) == claimed(ours)


def test_the_fake_claims_an_address_that_is_given_back_just_after_its_claim_was_refused_too():
    moments = Moments()
    ledger, theirs, ours = FakeLedger(moments), try_of("c1"), try_of("c2", at=T2)
    ledger.claim(theirs, people("a"))
    moments.at("after claim", lambda: ledger.release(theirs, [A]))
    assert ledger.claim(ours, people("a")) == {}
    assert one(ledger) == claimed(ours)
