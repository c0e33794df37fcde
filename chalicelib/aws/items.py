"""DynamoDB's typed attributes, to and from plain Python values."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any


def to_item(document: Mapping[str, Any]) -> dict[str, Any]:
    """The values as DynamoDB writes them; floats become numbers of 15 digits."""
    return {name: to_attribute(value) for name, value in document.items()}


def to_attribute(value: Any) -> dict[str, Any]:
    """One value as DynamoDB writes it."""
    if isinstance(value, str):  # by far the most frequent
        return {"S": value}
    if type(value) is int:  # and no truth value
        return {"N": str(value)}
    return dict(_types()[0].serialize(Decimal(repr(value)) if isinstance(value, float) else value))


def from_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """The item's values; whole numbers as int, others as float, sets as set."""
    return {name: _value(attribute) for name, attribute in item.items()}


@cache
def _types() -> tuple[Any, Any]:
    from boto3.dynamodb.types import TypeDeserializer, TypeSerializer  # here: with it comes all of boto3

    return TypeSerializer(), TypeDeserializer()


def _value(attribute: Mapping[str, Any]) -> Any:
    number = attribute.get("N", "")
    if number.isdigit():  # by far the most frequent: counters
        return int(number)
    return attribute["S"] if "S" in attribute else _plain(_types()[1].deserialize(attribute))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return value
