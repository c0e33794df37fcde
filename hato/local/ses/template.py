"""SES's inline templates: one pass of plain `{{name}}`, values put in as they are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

_VARIABLE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")


class MissingVariable(Exception):
    """A template names a variable that its data does not have; the text is SES's."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"Attribute '{name}' is not present in the rendering data.")


def read_data(text: str) -> dict[str, str]:
    """Template data as SES takes it, a JSON object in a string; ValueError where it is something else."""
    data = json.loads(text) if text else {}
    if not isinstance(data, dict):
        raise ValueError("template data is not a JSON object")
    return {name: _as_text(value) for name, value in data.items()}


def substitute(template: str, data: Mapping[str, str]) -> str:
    """The template with its variables filled in.

    A value is never looked at again, so `{{name}}` inside a value stays, and SES escapes no HTML.
    """

    def value(found: re.Match[str]) -> str:
        try:
            return data[found[1]]
        except KeyError:
            raise MissingVariable(found[1]) from None

    return _VARIABLE.sub(value, template)


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
