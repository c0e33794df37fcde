"""The event of a Lambda as it came. Chalice's own event classes read the first record only, and raise where a key is
missing, before any code of ours could say what is wrong."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.errors import InputIncomplete


class Envelope:
    """Stands in for Chalice's event classes: any event is accepted, and its records are read one by one."""

    def __init__(self, event: Any, context: Any) -> None:
        self.context = context
        self._event = event

    def to_dict(self) -> Any:
        """The event itself."""
        return self._event

    def records(self) -> Iterator[Mapping[str, Any]]:
        """The event's records; none where it is no event with records."""
        records = self._event.get("Records") if isinstance(self._event, Mapping) else None
        yield from (record for record in records if isinstance(record, Mapping)) if isinstance(records, list) else ()


def as_object(value: object) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return dict(value) if isinstance(value, Mapping) else {}


def body_of(record: Mapping[str, Any]) -> str:
    """A queue message's text, never empty, and such as a queue takes: half a surrogate pair becomes `?`."""
    body = record.get("body")
    text = body if isinstance(body, str) and body else json.dumps(body, default=str)
    return text.encode("utf-8", "replace").decode()


def campaign_of(event: object) -> str:
    """The campaign that the state machine asks for. Raises InputIncomplete where it names none."""
    campaign_id = as_object(event).get("campaign_id")
    if not (isinstance(campaign_id, str) and campaign_id):
        raise InputIncomplete("The event has no campaign_id: this function is called by the state machine.")
    return campaign_id
