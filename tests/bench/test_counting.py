"""What DynamoDB charges, and how calls that were written down are summed up."""

import json
from pathlib import Path
from typing import Any

import pytest
from ministack.services import dynamodb

from bench.counting.counters import play
from bench.counting.record import Kind, Reader, minus
from bench.counting.units import Meter, Units, read_units, write_units

KB = 1024


@pytest.mark.parametrize(
    ("before", "after", "units"),
    [(0, 0, 1), (0, 100, 1), (0, KB, 1), (0, KB + 1, 2), (3 * KB, 10, 3), (10, 3 * KB, 3)],
)
def test_a_write_is_charged_by_the_larger_of_the_item_before_and_after_it(before: int, after: int, units: int) -> None:
    assert write_units(before, after) == units


@pytest.mark.parametrize(
    ("size", "consistent", "units"),
    [(0, True, 1), (4 * KB, True, 1), (4 * KB + 1, True, 2), (0, False, 0.5), (9 * KB, False, 1.5)],
)
def test_a_read_is_charged_by_what_is_read_and_half_where_it_may_be_old(
    size: int, consistent: bool, units: float
) -> None:
    assert read_units(size, consistent) == units


class Emulator:
    """The emulator's DynamoDB with one table, of whose handlers a meter may replace its own copies."""

    def __init__(self) -> None:
        self._names = vars(dynamodb)
        self._tables = {"people": {"TableName": "people", "pk_name": "email", "sk_name": None, "items": {}}}

    def __getattr__(self, name: str) -> Any:
        return self._names[name]

    def keep(self, email: str, **more: str) -> None:
        item = {name: {"S": value} for name, value in {"email": email, **more}.items()}
        self._tables["people"]["items"][email] = {"__no_sort__": item}


@pytest.fixture
def said() -> list[tuple[str, str, Units]]:
    return []


def test_a_write_whose_condition_fails_is_charged_too(said: list[tuple[str, str, Units]]) -> None:
    emulator = Emulator()
    emulator.keep("a@example.com", note="x" * 1500)
    emulator._put_item = lambda data: (400, {}, b"ConditionalCheckFailed")
    Meter(emulator, lambda *call: said.append(call)).install()
    assert emulator._put_item({"TableName": "people", "Item": {"email": {"S": "a@example.com"}}})[0] == 400
    assert said == [("PutItem", "people", Units(writes=2))]


def test_each_statement_of_a_batch_is_charged_by_its_own_item(said: list[tuple[str, str, Units]]) -> None:
    emulator = Emulator()
    emulator.keep("a@example.com", note="x" * 2500)
    emulator._batch_execute_statement = lambda data: (200, {}, b"{}")
    Meter(emulator, lambda *call: said.append(call)).install()
    statement = "UPDATE people SET note = ? WHERE email = ?"
    emails = ("a@example.com", "b@example.com")
    emulator._batch_execute_statement(
        {"Statements": [{"Statement": statement, "Parameters": [{"S": "y"}, {"S": email}]} for email in emails]}
    )
    assert said == [("BatchExecuteStatement", "UPDATE people", Units(writes=3 + 1, items=2))]


def test_keys_are_read_consistently_where_that_is_asked_for(said: list[tuple[str, str, Units]]) -> None:
    emulator = Emulator()
    emulator._batch_get_item = lambda data: (200, {}, b"{}")
    Meter(emulator, lambda *call: said.append(call)).install()
    keys = [{"email": {"S": f"{number}@example.com"}} for number in range(3)]
    for consistent in (True, False):
        emulator._batch_get_item({"RequestItems": {"people": {"Keys": keys, "ConsistentRead": consistent}}})
    assert [units.reads for _, _, units in said] == [3, 1.5]


def write(path: Path, *calls: dict[str, Any]) -> None:
    with path.open("a") as file:
        file.writelines(json.dumps({"who": "f", "what": "lambda:Invoke", "on": "f", **call}) + "\n" for call in calls)


def test_calls_are_summed_up_from_where_reading_stopped(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    write(path, {"bytes": 7})
    reader = Reader(path)
    reader.skip()
    write(path, {"bytes": 1}, {"bytes": 2, "reads": 0.5})
    sums = reader.tally()[Kind("f", "lambda:Invoke", "f")]
    assert (sums["calls"], sums["bytes"], sums["reads"]) == (2, 3, 0.5)
    assert reader.tally() == {}


def test_the_processor_is_counted_as_if_all_calls_were_warm(tmp_path: Path) -> None:
    path = tmp_path / "calls.jsonl"
    write(path, {"cpu": 0.9, "warm": 0}, {"cpu": 0.01, "warm": 1}, {"cpu": 0.03, "warm": 1})
    assert Reader(path).tally()[Kind("f", "lambda:Invoke", "f")]["cpu"] == pytest.approx(0.06)


def test_what_one_run_has_beyond_another_is_never_below_nothing() -> None:
    kind = Kind("f", "s3:GET object", "")
    few = dict.fromkeys(("calls", "reads", "writes", "chunks", "cpu", "bytes"), 0.0)
    assert minus({kind: few | {"calls": 3.0}}, {kind: few | {"calls": 1.0, "cpu": 5.0}})[kind] == few | {"calls": 2.0}


def test_counters_of_a_larger_campaign_are_larger_and_an_event_takes_two_writes_at_most() -> None:
    few, many = play(mails=3_200), play(mails=160_000)
    assert few.largest < many.largest
    assert 1 <= few.delivery <= many.delivery <= 2
    assert 1 <= many.engagement <= 2
