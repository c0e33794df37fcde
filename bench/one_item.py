"""DynamoDB as far as the pacer goes: one item, read, and changed where a condition holds."""

import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from botocore.exceptions import ClientError

_COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "=": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_is_comparison = re.compile(r"([#:]?\w+) (=|<|<=|>|>=) ([#:]?\w+)").fullmatch
_is_missing = re.compile(r"attribute_not_exists\((#?\w+)\)").fullmatch

Numbers = dict[str, Decimal]


class OneItem:
    """A table with one item, all of whose attributes are numbers. `wait` is one way of a request.

    It knows as much of DynamoDB's expressions as the pacer uses, and raises ValueError at any other.
    """

    def __init__(self, wait: Callable[[], None]) -> None:
        self._wait = wait
        self._item: Numbers = {}

    def get_item(self, **request: Any) -> dict[str, Any]:
        """The item, where there is one."""
        self._wait()
        answer = {"Item": _typed(self._item)} if self._item else {}
        self._wait()
        return answer

    def update_item(self, **request: Any) -> dict[str, Any]:
        """Change the item and return it as it then is; ConditionalCheckFailedException has it as it was."""
        self._wait()
        values = {name: Decimal(value["N"]) for name, value in request["ExpressionAttributeValues"].items()}
        names = request.get("ExpressionAttributeNames", {})
        known = self._item | values | {short: self._item[name] for short, name in names.items() if name in self._item}
        held = _holds(request.get("ConditionExpression", ""), known)
        if held:
            changed = _changed(request["UpdateExpression"], known)
            self._item |= {names.get(name, name): value for name, value in changed.items()}
        item = _typed(self._item)
        self._wait()
        if not held:
            error: Any = {"Error": {"Code": "ConditionalCheckFailedException"}, "Item": item}
            raise ClientError(error, "UpdateItem")
        return {"Attributes": item}


def _holds(condition: str, known: Numbers) -> bool:
    groups = condition.split(" AND ") if condition else []
    terms = [[_is_true(term, known) for term in _terms(group, len(groups))] for group in groups]  # reads every one
    return all(any(group) for group in terms)


def _terms(group: str, groups: int) -> list[str]:
    if " OR " not in group:
        return [group]
    if group.startswith("(") and group.endswith(")"):
        group = group[1:-1]
    elif groups > 1:
        raise ValueError(f"AND goes before OR: {group}")
    return group.split(" OR ")


def _is_true(term: str, known: Numbers) -> bool:
    if missing := _is_missing(term):
        return missing[1] not in known
    if comparison := _is_comparison(term):
        left, sign, right = comparison.groups()
        return left in known and right in known and _COMPARE[sign](known[left], known[right])
    raise ValueError(f"No condition that the pacer is known to use: {term}")


def _changed(update: str, known: Numbers) -> Numbers:
    parts = (part.split(" = ") for part in update.removeprefix("SET ").split(", "))
    return {name: _sum(expression.split(), known) for name, expression in parts}


def _sum(terms: list[str], known: Numbers) -> Decimal:
    total = known[terms[0]]
    for sign, name in zip(terms[1::2], terms[2::2], strict=True):
        total += {"+": known[name], "-": -known[name]}[sign]
    return total


def _typed(item: Numbers) -> dict[str, Any]:
    return {name: {"N": str(value)} for name, value in item.items()}
