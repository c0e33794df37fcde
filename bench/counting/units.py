"""What DynamoDB charges for a request, by the sizes of the items that it touches.

A write is charged by the larger of the item before and after it, in units of 1 KB, also where its condition fails, and
once more for each index that it changes. A read is charged by what is read, before any filter, in units of 4 KB, and
half of it where it need not be consistent.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_WRITE, _READ = 1024, 4096
Item = Mapping[str, Any]
Handler = Callable[[dict[str, Any]], Any]


def write_units(before: int, after: int) -> int:
    """Units of one write, for the item's bytes before and after it; 0 bytes are no item."""
    return max(1, -(-max(before, after) // _WRITE))


def read_units(size: int, consistent: bool) -> float:
    """Units of one read of so many bytes."""
    return max(1, -(-size // _READ)) * (1.0 if consistent else 0.5)


@dataclass(frozen=True, slots=True)
class Units:
    """Of one request."""

    reads: float = 0.0
    writes: float = 0.0
    items: int = 1


class Meter:
    """Answers DynamoDB's requests as the emulator does, and says what each is charged."""

    def __init__(self, service: Any, say: Callable[[str, str, Units], None]) -> None:
        self._service, self._say = service, say
        self._evaluated = 0

    def install(self) -> None:
        """From now on all requests are measured."""
        service = self._service
        service._paginate_evaluated_items = self._page(service._paginate_evaluated_items)
        for name in ("PutItem", "UpdateItem", "DeleteItem"):
            self._wrap(name, self._write)
        self._wrap("GetItem", self._get)
        self._wrap("BatchGetItem", self._batch_get)
        self._wrap("BatchExecuteStatement", self._statements)
        for name in ("Query", "Scan"):
            self._wrap(name, self._pages)
        for name in ("BatchWriteItem", "TransactWriteItems", "TransactGetItems", "ExecuteStatement"):
            self._wrap(name, self._unknown)

    def _wrap(self, name: str, measure: Callable[[str, Handler, dict[str, Any]], tuple[Any, str, Units]]) -> None:
        attribute = "_" + "".join(f"_{each.lower()}" if each.isupper() else each for each in name).lstrip("_")
        handler = getattr(self._service, attribute)

        def measured(data: dict[str, Any]) -> Any:
            answer, table, units = measure(name, handler, data)
            self._say(name, table, units)
            return answer

        setattr(self._service, attribute, measured)

    def _unknown(self, name: str, handler: Handler, data: dict[str, Any]) -> tuple[Any, str, Units]:
        if name != "ExecuteStatement":  # the emulator comes here for each statement of a batch
            raise NotImplementedError(f"Nothing that is counted is expected to call {name}.")
        return handler(data), "", Units(items=0)

    def _page(self, paginate: Callable[..., Any]) -> Callable[..., Any]:
        def paginated(items: Any, limit: Any, table: Any, index_name: Any = None) -> Any:
            page, more = paginate(items, limit, table, index_name)
            self._evaluated = sum(map(self._service._item_size_bytes, page))
            return page, more

        return paginated

    def _write(self, name: str, handler: Handler, data: dict[str, Any]) -> tuple[Any, str, Units]:
        table = self._service._tables[data["TableName"]]
        key = data.get("Key") or data["Item"]
        before = copy.deepcopy(self._service._get_item_by_key(table, key))
        answer = handler(data)
        after = self._service._get_item_by_key(table, key)
        return answer, data["TableName"], Units(writes=self._changed(table, before, after))

    def _changed(self, table: Any, before: Item | None, after: Item | None) -> float:
        own = write_units(self._size(before), self._size(after))
        indexes = table.get("GlobalSecondaryIndexes") or []
        return own + sum(float(self._service._index_write_units(table, index, before, after)) for index in indexes)

    def _get(self, name: str, handler: Handler, data: dict[str, Any]) -> tuple[Any, str, Units]:
        table, key = self._service._tables[data["TableName"]], data["Key"]
        return handler(data), data["TableName"], self._read(table, [key], bool(data.get("ConsistentRead")))

    def _batch_get(self, name: str, handler: Handler, data: dict[str, Any]) -> tuple[Any, str, Units]:
        ((table, asked),) = data["RequestItems"].items()
        units = self._read(self._service._tables[table], asked["Keys"], bool(asked.get("ConsistentRead")))
        return handler(data), table, units

    def _read(self, table: Any, keys: Sequence[Item], consistent: bool) -> Units:
        sizes = [self._size(self._service._get_item_by_key(table, key)) for key in keys]
        return Units(reads=sum(read_units(size, consistent) for size in sizes), items=len(keys))

    def _pages(self, name: str, handler: Handler, data: dict[str, Any]) -> tuple[Any, str, Units]:
        self._evaluated = 0
        answer = handler(data)
        units = Units(reads=read_units(self._evaluated, bool(data.get("ConsistentRead"))))
        return answer, data["TableName"], units

    def _statements(self, name: str, handler: Handler, data: dict[str, Any]) -> tuple[Any, str, Units]:
        parsed = [
            self._service._parse_partiql(each["Statement"], each.get("Parameters", [])) for each in data["Statements"]
        ]
        before = [self._size(self._named(each)) for each in parsed]
        answer = handler(data)
        after = [self._size(self._named(each)) for each in parsed]
        op, table = parsed[0]["op"], parsed[0]["table"]
        if op == "SELECT":
            consistent = [bool(each.get("ConsistentRead")) for each in data["Statements"]]
            reads = sum(map(read_units, before, consistent))
            return answer, f"{op} {table}", Units(reads=reads, items=len(parsed))
        return answer, f"{op} {table}", Units(writes=sum(map(write_units, before, after)), items=len(parsed))

    def _named(self, parsed: Mapping[str, Any]) -> Item | None:
        """The item that a statement is about, as it is at the moment."""
        table = self._service._tables[parsed["table"]]
        if parsed["op"] == "INSERT":
            item = parsed["item"].get("M", parsed["item"]) if set(parsed["item"]) == {"M"} else parsed["item"]
            inserted: Item | None = self._service._get_item_by_key(table, item)
            return inserted
        partition, sort, _, _ = self._service._partiql_key_target(table, parsed)
        named: Item | None = table["items"].get(partition, {}).get(sort)
        return named

    def _size(self, item: Item | None) -> int:
        return int(self._service._item_size_bytes(item)) if item else 0
