"""Reading JSON requests by shape: a wrong shape is the caller's mistake and says where."""

from __future__ import annotations

import json
from typing import Any

from hato.local.ses.errors import BadRequest

Json = dict[str, Any]


def read_body(body: bytes) -> Json:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        raise BadRequest("The request body is not JSON.") from None
    if not isinstance(value, dict):
        raise BadRequest("The request body is not a JSON object.")
    return value


def child(parent: Json, name: str) -> Json:
    """The object under a name, empty where there is none."""
    value = parent.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadRequest(f"{name} is not a structure.")
    return value


def text(parent: Json, name: str) -> str:
    return optional_text(parent, name) or ""


def optional_text(parent: Json, name: str) -> str | None:
    value = parent.get(name)
    if value is not None and not isinstance(value, str):
        raise BadRequest(f"{name} is not a string.")
    return value


def texts(parent: Json, name: str) -> list[str]:
    values = _list(parent, name)
    if not all(isinstance(value, str) for value in values):
        raise BadRequest(f"{name} is not a list of strings.")
    return values


def children(parent: Json, name: str) -> list[Json]:
    values = _list(parent, name)
    if not all(isinstance(value, dict) for value in values):
        raise BadRequest(f"{name} is not a list of structures.")
    return values


def pairs(parent: Json, name: str) -> list[tuple[str, str]]:
    """A list of {"Name", "Value"} as pairs: SES writes headers and tags so."""
    found = []
    for item in children(parent, name):
        if "Name" not in item or "Value" not in item:
            raise BadRequest(f"An item of {name} lacks its Name or Value.")
        found.append((text(item, "Name"), text(item, "Value")))
    return found


def _list(parent: Json, name: str) -> list[Any]:
    value = parent.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise BadRequest(f"{name} is not a list.")
    return value
