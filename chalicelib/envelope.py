"""The event of a Lambda as it came. Chalice's own event classes read the first record only, and raise where a key is
missing, before any code of ours could say what is wrong."""

from collections.abc import Iterator, Mapping
from typing import Any


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
