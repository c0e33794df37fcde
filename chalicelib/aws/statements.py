"""Many statements in few calls (PartiQL): what DynamoDB says of each, and once more those it only had no time for."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.items import to_attribute
from chalicelib.aws.side_by_side import RunAll

STATEMENTS_PER_CALL = 25

# Errors that pass by themselves, of a statement and, when the client has given up, of a whole call; and how many
# seconds they are given, time by time. A record is given more than a claim: SES has the mail by then.
PASSES = {
    "InternalServerError",
    "ProvisionedThroughputExceeded",
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "ThrottlingError",
    "ThrottlingException",
    "TransactionConflict",
}
CLAIM_WAITS = (0.05, 0.1, 0.2, 0.4, 0.8)
RECORD_WAITS = (*CLAIM_WAITS, 1.6, 3.2, 3.2, 3.2)


class StatementFailed(Exception):
    """DynamoDB refused a statement for another reason than an existing item."""


class Statements:
    """Runs one statement for many rows of values."""

    def __init__(self, dynamodb: Any, sleep: Callable[[float], None], run_all: RunAll) -> None:
        self._dynamodb = dynamodb
        self._sleep = sleep
        self._run_all = run_all

    def run(
        self, statement: str, values: Iterable[Sequence[Any]], waits: Sequence[float]
    ) -> list[dict[str, Any] | None]:
        """Run the statement for each row of values, 25 a call; each one's error or None. HTTP 200 is not success."""
        statements = [{"Statement": statement, "Parameters": [to_attribute(value) for value in row]} for row in values]
        starts = range(0, len(statements), STATEMENTS_PER_CALL)
        calls = [statements[start : start + STATEMENTS_PER_CALL] for start in starts]
        return list(chain.from_iterable(self._run_all(lambda some: self._run_some(some, waits), calls)))

    def _run_some(self, statements: Sequence[Mapping[str, Any]], waits: Sequence[float]) -> list[dict[str, Any] | None]:
        """Run statements in one call; those that were throttled again, for the client sees only whole calls fail."""
        errors: dict[int, dict[str, Any] | None] = {}
        left = list(range(len(statements)))
        for wait in (*waits, None):
            errors |= zip(left, self._errors([statements[index] for index in left]), strict=True)
            left = [index for index in left if (errors[index] or {}).get("Code") in PASSES]
            if not left or wait is None:
                break
            self._sleep(wait)
        return [errors[index] for index in range(len(statements))]

    def _errors(self, statements: Sequence[Mapping[str, Any]]) -> list[dict[str, Any] | None]:
        try:
            answer = self._dynamodb.batch_execute_statement(Statements=statements)
        except ClientError as error:
            if error.response["Error"]["Code"] not in PASSES:
                raise
            return [dict(error.response["Error"])] * len(statements)
        return [each.get("Error") for each in answer["Responses"]]
