"""DynamoDB answers 200 to a batch of statements and refuses some of them nevertheless."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.aws.ledger import Ledger
from chalicelib.aws.statements import StatementFailed
from chalicelib.errors import SendingThrottled
from tests.contracts.ledgers import T2, A, B, C, people, try_of

PASSES = ["ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded", "TransactionConflict"]


class RefusingDynamoDb:
    """Refuses each statement about this address so many times, and does all others; or refuses whole calls."""

    def __init__(self, code: str, times: int, email: str = B, whole: bool = False) -> None:
        self.calls: list[list[str]] = []
        self._error = {"Code": code, "Message": "slow down"}
        self._times, self._email, self._whole = times, email, whole

    def batch_execute_statement(self, **request: Any) -> dict[str, Any]:
        texts = [
            next(value["S"] for value in reversed(each["Parameters"]) if "@" in value.get("S", ""))
            for each in request["Statements"]
        ]
        self.calls.append(texts)
        if self._whole and self._times:
            self._times -= 1
            raise ClientError({"Error": self._error}, "BatchExecuteStatement")
        return {"Responses": [self._answer(text) for text in texts]}

    def _answer(self, email: str) -> dict[str, Any]:
        if email != self._email or self._times == 0:
            return {}
        self._times -= 1
        return {"Error": self._error}


def claim(ledger: Ledger) -> None:
    assert ledger.claim(try_of(), people("a", "b", "c")) == {}


def record(ledger: Ledger) -> None:
    ledger.accept("m1", {A: "1", B: "2", C: "3"}, T2)


BOTH = pytest.mark.parametrize("do", [claim, record])


@BOTH
@pytest.mark.parametrize("code", PASSES)
def test_a_statement_that_was_throttled_is_tried_again_and_no_other(do, code):
    dynamodb, pauses = RefusingDynamoDb(code, times=3), list[float]()
    do(Ledger(dynamodb, "table", pauses.append))
    assert dynamodb.calls == [[A, B, C], [B], [B], [B]]
    assert pauses == sorted(pauses)
    assert len(pauses) == 3


@pytest.mark.parametrize(("do", "error"), [(claim, SendingThrottled), (record, StatementFailed)])
def test_a_statement_that_is_throttled_for_too_long_is_an_error(do, error):
    dynamodb, pauses = RefusingDynamoDb("ThrottlingError", times=99), list[float]()
    with pytest.raises(error, match="ThrottlingError"):
        do(Ledger(dynamodb, "table", pauses.append))
    assert len(dynamodb.calls) == len(pauses) + 1
    assert 1 <= sum(pauses) <= 15


@BOTH
def test_a_call_that_was_throttled_as_a_whole_is_made_again(do):
    dynamodb, pauses = RefusingDynamoDb("ProvisionedThroughputExceededException", times=2, whole=True), list[float]()
    do(Ledger(dynamodb, "table", pauses.append))
    assert dynamodb.calls == [[A, B, C]] * 3
    assert len(pauses) == 2


def test_a_table_that_takes_no_more_claims_gives_the_batch_back():
    dynamodb = RefusingDynamoDb("ProvisionedThroughputExceededException", times=99, whole=True)
    with pytest.raises(SendingThrottled, match="too busy"):
        claim(Ledger(dynamodb, "table", lambda seconds: None))


@BOTH
@pytest.mark.parametrize("code", ["ValidationError", "AccessDenied", "ResourceNotFound"])
def test_a_statement_that_no_try_will_mend_is_an_error_at_once(do, code):
    dynamodb, pauses = RefusingDynamoDb(code, times=1), list[float]()
    with pytest.raises(StatementFailed, match=code):
        do(Ledger(dynamodb, "table", pauses.append))
    assert (len(dynamodb.calls), pauses) == (1, [])
