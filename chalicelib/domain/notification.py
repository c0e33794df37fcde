"""An SES notification as it comes in: taken out of its wrapping, and read without trusting any of it."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_ENVELOPES = ("Message", "detail")  # of SNS over HTTP, of EventBridge
_WRAPPED_AT_MOST = 6  # an envelope and its JSON count one each
_LONGEST_ADDRESS = 320
_SPACE_BEFORE_OFFSET = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")

# Plain text, no JSON, that comes to the same topics.
NOTES: Mapping[str, str] = {
    "Successfully validated SNS topic": "SES's note that it can publish to this topic",
    "You have chosen to subscribe": "SNS's request to confirm a subscription",
}


def unwrap(message: object) -> Mapping[str, Any] | str:
    """SES's own object, out of any JSON text and envelope around it, or the reason why there is none."""
    for _ in range(_WRAPPED_AT_MOST):
        if isinstance(message, str):
            text = message  # event publishing ends it with a newline, an identity's feedback does not
            try:
                message = json.loads(text)
            except (ValueError, RecursionError):  # the latter where arrays are nested thousands deep
                return _no_json(text)
        elif not isinstance(message, Mapping):
            return f"no object but {type(message).__name__}"
        elif type_of(message):
            return message
        else:
            envelope = next((name for name in _ENVELOPES if name in message), None)
            if envelope is None:
                return "an object without eventType or notificationType"
            message = message[envelope]  # text as a rule, an object from some emulators and test tools
    return "wrapped too deep"


def type_of(notice: Mapping[str, Any]) -> str:
    """The type of event as SES wrote it."""
    # eventType comes from a configuration set, notificationType from an identity's feedback settings.
    return read_text(notice.get("eventType"), 100) or read_text(notice.get("notificationType"), 100)


def read_object(value: object) -> Mapping[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def read_text(value: object, limit: int = 500) -> str:
    """The value if it is a text, cut at the limit and fit to be stored, else an empty one."""
    # JSON can hold half a surrogate pair, which UTF-8 cannot.
    return value[:limit].encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def read_addresses(listed: object) -> dict[str, str]:
    """Each address once and in order, canonical, with its diagnostic code."""
    found: dict[str, str] = {}
    for entry in listed if isinstance(listed, list | tuple) else (listed,):
        # bouncedRecipients and the like hold objects, delivery.recipients and mail.destination texts.
        address = _canonical(read_object(entry).get("emailAddress", entry))
        if address:
            found.setdefault(address, read_text(read_object(entry).get("diagnosticCode")))
    return found


def read_tags(tags: object) -> dict[str, str]:
    """The first value of each tag."""
    # A tag has a list of values even where it can have one only; an identity's notifications carry no tags.
    first = {
        read_text(name, 256): read_text(next(iter(values), "") if isinstance(values, list) else values, 256)
        for name, values in read_object(tags).items()
    }
    return {name: value for name, value in first.items() if name and value}


def read_time(timestamp: object) -> str:
    """The time as ISO 8601 in UTC with milliseconds, or an empty text."""
    # Mostly "…T14:05:45.123Z", but milliseconds may lack, offsets occur, and moto writes "…T14:05:45 +0000".
    text = _SPACE_BEFORE_OFFSET.sub("", read_text(timestamp, 100).strip())
    try:
        time = datetime.fromisoformat(text)
        time = time.replace(tzinfo=time.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return ""
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _canonical(address: object) -> str:
    text = read_text(address, _LONGEST_ADDRESS * 4).strip()
    if text.endswith(">"):  # mail.destination keeps the display name that the sender wrote
        text = text[:-1].rpartition("<")[2].strip()
    return text.lower() if len(text) <= _LONGEST_ADDRESS else ""


def _no_json(text: str) -> str:
    found = (meaning for start, meaning in NOTES.items() if text.lstrip().startswith(start))
    return next(found, f"no JSON: {read_text(text, 80)!r}")
