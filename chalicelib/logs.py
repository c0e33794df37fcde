"""One structured line for each invocation, with nobody's address in it."""

import json
import re
import sys
import time
from collections.abc import Callable
from typing import Any

from chalicelib.domain.recipient import shorten

# Quotes and braces may stand in an address before the @. From the start of a word only: a long text without any @
# would be searched again from each of its letters.
_ADDRESS = re.compile(r"(?<![^\s<>\"(),:;\[\]])[^\s<>\"(),:;\[\]]+@[^\s<>\"'(),:;\[\]{}]+")


def log_invocation(event: Any, get_response: Callable[[Any], Any]) -> Any:
    """Chalice middleware: call the handler, then write what it did, how long it took, or why it failed."""
    start = time.perf_counter()
    line: dict[str, Any] = {"function": _function_name(event)}
    try:
        response = get_response(event)
    except Exception as error:
        _write({**line, "level": "error", "error": type(error).__name__, "message": str(error)}, start)
        raise
    told = _told(response)
    level = "error" if "error" in told.get("result", ()) else "info"
    _write({**line, "level": level, **told}, start)
    return response


def without_addresses(text: str) -> str:
    """The text with every e-mail address in it shortened."""
    return _ADDRESS.sub(lambda found: shorten(found[0]), text)


def _write(line: dict[str, Any], start: float) -> None:
    line["ms"] = round((time.perf_counter() - start) * 1000)
    sys.stderr.write(json.dumps(_shortened(line), ensure_ascii=False) + "\n")
    sys.stderr.flush()


def _shortened(value: Any) -> Any:
    """The value without addresses: text by text, for in JSON an escape may stand beside an address."""
    if isinstance(value, dict):
        return {without_addresses(str(name)): _shortened(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_shortened(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float) else without_addresses(str(value))


def _told(response: Any) -> dict[str, Any]:
    if isinstance(response, dict):
        return {"result": response}
    status = getattr(response, "status_code", None)
    return {"status": status} if status is not None else {}


def _function_name(event: Any) -> str:
    context = getattr(event, "context", None)
    path = context.get("resourcePath") if isinstance(context, dict) else None  # a request's context is a dict
    return str(path or getattr(context, "function_name", ""))
