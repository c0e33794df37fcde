"""Whole lists into the Contacts table: a hundred rows are looked up at once, and only what is new is written.

It is written by PartiQL, 25 contacts a call: on the local cloud five times as fast as one by one. DynamoDB refuses the
statement for a contact that somebody else has made, or taken away, meanwhile; such a one, and whatever else was
refused, is then changed by itself. Either way attribute by attribute, so that nothing of ours is overwritten.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

from chalicelib.aws.contacts import Contacts
from chalicelib.aws.items import to_attribute, to_item
from hato.contacts.importing import Change, Done, Person, plan

AT_ONCE = 16
_PERSONS_PER_LOOK = 100
_AT_A_TIME = 25  # statements a call
_LONGEST_STATEMENT = 8000  # characters; DynamoDB takes 8,192


T = TypeVar("T")


class Writer:
    """Stores people as contacts, side by side."""

    def __init__(self, dynamodb: Any, table: str, contacts: Contacts) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._contacts = contacts

    def store(self, people: Iterable[Person], progress: Callable[[int], None]) -> Counter[str]:
        """Store all of them; how many came to what, and how many of them are `suppressed`."""
        totals: Counter[str] = Counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            groups = _groups(people, _PERSONS_PER_LOOK)
            while some := list(islice(groups, 4 * AT_ONCE)):
                for group, counted in zip(some, pool.map(self._store, some), strict=True):
                    totals.update(counted)
                    progress(len(group))
        return totals

    def _store(self, people: Sequence[Person]) -> Counter[str]:
        known = self._contacts.get([spelling for person in people for spelling in person.spellings])
        forgotten = self._contacts.forgotten([person.email for person in people])
        changes = [plan(person, known, forgotten) for person in people]
        for group in _groups((each for each in changes if each.done in (Done.IMPORTED, Done.CHANGED)), _AT_A_TIME):
            self._write(group)
        counted = Counter(change.done.value for change in changes)
        counted["suppressed"] = sum(change.is_suppressed for change in changes)
        return counted

    def _write(self, changes: Sequence[Change]) -> None:
        statements = [_statement(self._table, change) for change in changes]
        refused = list(changes)
        if all(len(each["Statement"]) <= _LONGEST_STATEMENT for each in statements):
            answers = self._dynamodb.batch_execute_statement(Statements=statements)["Responses"]
            refused = [each for each, answer in zip(changes, answers, strict=True) if "Error" in answer]
        for change in refused:
            self._change(change)

    def _change(self, change: Change) -> None:
        names = {f"#n{number}": name for number, name in enumerate(change.attributes)}
        values = {f":v{number}": value for number, value in enumerate(change.attributes.values())}
        sets = ", ".join(f"{name} = {value}" for name, value in zip(names, values, strict=True))
        self._dynamodb.update_item(
            TableName=self._table,
            Key=to_item({"email": change.email}),
            UpdateExpression=f"{f'SET {sets} ' if sets else ''}REMOVE noted_at",
            **({"ExpressionAttributeNames": names, "ExpressionAttributeValues": to_item(values)} if names else {}),
        )


def _statement(table: str, change: Change) -> dict[str, Any]:
    values = change.attributes.values()
    if change.is_new:
        columns = ", ".join(_quoted(name, "'") + ": ?" for name in ("email", *change.attributes))
        text, parameters = f'INSERT INTO "{table}" VALUE {{{columns}}}', [change.email, *values]
    else:
        sets = "".join(" SET " + _quoted(name, '"') + " = ?" for name in change.attributes)
        noted = " REMOVE noted_at" if change.was_noted else ""
        text, parameters = f'UPDATE "{table}"{sets}{noted} WHERE email = ?', [*values, change.email]
    return {"Statement": text, "Parameters": [to_attribute(value) for value in parameters]}


def _quoted(name: str, mark: str) -> str:
    return mark + name.replace(mark, mark * 2) + mark


def _groups(things: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some
