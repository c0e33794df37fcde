"""Many items of a table in few calls."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chalicelib.aws.items import from_item, to_item

_KEYS_PER_CALL = 100
_TRIES = 8


class TableBusy(Exception):
    """DynamoDB left keys unread, try after try."""


def batch_get(
    dynamodb: Any, table: str, keys: Sequence[Mapping[str, Any]], attributes: str = ""
) -> Iterator[dict[str, Any]]:
    """The items of these keys that there are, read consistently; `attributes` names the ones wanted."""
    for start in range(0, len(keys), _KEYS_PER_CALL):
        request: dict[str, Any] = {
            "Keys": [to_item(key) for key in keys[start : start + _KEYS_PER_CALL]],
            "ConsistentRead": True,
        }
        if attributes:
            names = attributes.split(", ")
            request["ProjectionExpression"] = ", ".join(f"#{name}" for name in names)
            request["ExpressionAttributeNames"] = {f"#{name}": name for name in names}
        yield from _read(dynamodb, table, request)


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
