"""Many items of a table in few calls."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.aws.items import from_item, to_item
from chalicelib.aws.side_by_side import RunAll, one_by_one

_KEYS_PER_CALL = 100
_TRIES = 8


class TableBusy(Exception):
    """DynamoDB left keys unread, try after try."""


def batch_get(
    dynamodb: Any,
    table: str,
    keys: Sequence[Mapping[str, Any]],
    attributes: str = "",
    run_all: RunAll = one_by_one,
    consistent: bool = True,
) -> Iterator[dict[str, Any]]:
    """The items of these keys that there are; `attributes` names the ones wanted.

    What is not read consistently may be a moment old, and costs half.
    """
    asked: dict[str, Any] = {"ConsistentRead": consistent}
    if attributes:
        names = attributes.split(", ")
        asked["ProjectionExpression"] = ", ".join(f"#{name}" for name in names)
        asked["ExpressionAttributeNames"] = {f"#{name}": name for name in names}
    starts = range(0, len(keys), _KEYS_PER_CALL)
    requests = [asked | {"Keys": [to_item(key) for key in keys[at : at + _KEYS_PER_CALL]]} for at in starts]
    for items in run_all(lambda request: list(_read(dynamodb, table, request)), requests):
        yield from items


def _read(dynamodb: Any, table: str, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """DynamoDB may leave keys unread, under load or beyond 16 MB, and says so; they are asked for again."""
    pending = {table: request}
    for attempt in range(_TRIES):
        answer = dynamodb.batch_get_item(RequestItems=pending)
        yield from map(from_item, answer["Responses"].get(table, ()))
        pending = answer.get("UnprocessedKeys") or {}
        if not pending:
            return
        time.sleep(0.05 * 2**attempt)
    raise TableBusy(f"{table} did not answer for {len(pending[table]['Keys'])} keys.")
