"""What the functions write: lines of JSON, one for each invocation as a rule, with nobody's address in them.

Every line has `level`, `time`, `message`, `function` and `request_id`, and `campaign` and `batch` where they are known.
An invocation's own line has `ms`, and its `result`, `status` or `error` and `stack`. Where something was counted, it is
also what CloudWatch takes the metrics from.
"""

import json
import logging
import sys
import time
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from pythonjsonlogger.json import JsonFormatter

from chalicelib.domain.discretion import without_addresses
from chalicelib.errors import HatoError
from chalicelib.invocation import invocation
from chalicelib.metrics import embedded, metrics_of, says_no_more

# Chalice's own logger too, by the name of the app: what it has to say gets the same form.
_LOG = logging.getLogger("hato")

_FRAMES = 5  # of a traceback, the innermost


def set_up(stage: str, level: str) -> None:
    """Let the functions of this stage write what is of this level or above, and metrics whatever their level.

    Lambda's handler on the root logger does not get these lines: it would write them again, in another form.
    """
    handler = _ToStandardError()
    handler.setFormatter(_Lines(stage))
    _LOG.handlers, _LOG.propagate = [handler], False
    _LOG.setLevel(level)


def log_invocation(event: Any, get_response: Callable[[Any], Any]) -> Any:
    """Chalice middleware: call the handler, then write what it did, how long it took, or why it failed."""
    start = time.perf_counter()
    invocation.begin(_function_name(event), _request_id(event))
    _LOG.debug("begun")
    try:
        response = get_response(event)
    except Exception as error:
        stack = "".join(traceback.format_exception(error, limit=-_FRAMES))
        fields = {"error": type(error).__name__, "stack": stack}
        _write(logging.ERROR, str(error), fields, {}, start)
        if (showable := _showable(error)) is error:
            raise
        raise showable from None
    else:
        level, message, fields = _told(response)
        metrics = metrics_of(invocation.function, response)
        _write(level, message, {} if says_no_more(response, metrics) else fields, metrics, start)
        return response
    finally:
        invocation.begin()


class _Lines(JsonFormatter):
    """A record as a line of JSON: what it says, what the invocation is about, what it counts."""

    def __init__(self, stage: str) -> None:
        compact = partial(json.dumps, separators=(",", ":"))  # what CloudWatch takes in is paid by the byte
        super().__init__(
            "%(message)s", rename_fields={"exc_info": "stack"}, json_ensure_ascii=False, json_serializer=compact
        )
        self._stage = stage

    def add_fields(self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]) -> None:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        own: dict[str, Any] = {}
        super().add_fields(own, record, message_dict)
        metrics = own.pop("metrics", {})
        line = {"level": record.levelname.lower(), "time": at, "message": own.pop("message")}
        log_data.update(_shown(line | invocation.fields() | own))
        if metrics:
            log_data.update(embedded(metrics, self._stage, int(record.created * 1000)))


class _ToStandardError(logging.Handler):
    """Writes to standard error as it is at the moment. A line that cannot be made is said to be missing, no more: what
    was done is done, and what the line was made of may hold an address."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record)
        except Exception as error:
            line = json.dumps({"level": "error", "message": f"A log line could not be made: {type(error).__name__}."})
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def _write(level: int, message: str, fields: Mapping[str, Any], metrics: Mapping[str, int], start: float) -> None:
    """An invocation's own line; one that counts something is written even where its level is not."""
    if metrics or _LOG.isEnabledFor(level):
        extra = {"ms": round((time.perf_counter() - start) * 1000), **fields, "metrics": metrics}
        _LOG.handle(_LOG.makeRecord(_LOG.name, level, "", 0, message, (), None, extra=extra))


def _told(response: Any) -> tuple[int, str, dict[str, Any]]:
    """What a response says of the invocation: level, message and fields."""
    if isinstance(response, dict):
        result = dict(response)
        message = str(result.pop("why", "done"))
        if "error" not in result:
            return logging.INFO, message, {"result": result}
        failed = {"error": result.pop("error"), "stack": result.pop("trace", "")}
        return logging.ERROR, message, failed | ({"result": result} if result else {})
    status = getattr(response, "status_code", None)
    if status is None:
        return logging.INFO, "done", {}
    return logging.ERROR if status >= 500 else logging.INFO, "done", {"status": status}


def _shown(value: Any) -> Any:
    """The value without addresses and secrets: text by text, for in JSON an escape may stand beside an address."""
    if isinstance(value, dict):
        return {_shown_text(str(name)): _shown(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float) else _shown_text(str(value))


def _shown_text(text: str) -> str:
    for secret in invocation.secrets:
        text = text.replace(secret, "***")
    return without_addresses(text)


def _showable(error: Exception) -> Exception:
    """The error, with a text that may be shown: Lambda itself logs the text of what a function raises."""
    text = str(error)
    if (shown := _shown_text(text)) == text:
        return error
    error.args = (shown,)
    told = str(error)  # some make their text of something else
    return error if _shown_text(told) == told else HatoError(f"{type(error).__name__}: {shown}")


def _function_name(event: Any) -> str:
    context = getattr(event, "context", None)
    path = context.get("resourcePath") if isinstance(context, dict) else None  # a request's context is a dict
    return str(path or getattr(context, "function_name", ""))


def _request_id(event: Any) -> str:
    context = getattr(event, "lambda_context", None) or getattr(event, "context", None)
    return str(getattr(context, "aws_request_id", ""))
