"""Lists in, reports out, counters anew: nobody lost, in so many calls a row and flat memory; the bench itself runs."""

import io
import json
import sys
import threading
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from botocore.response import StreamingBody
from rich.console import Console

from bench.intake.bucket import Bucket
from bench.intake.measuring import measure
from bench.intake.result import LAMBDA_MB, LAMBDA_SECONDS, Measured, largest
from bench.intake.runs import RUNS, finishing, preparing, recounting
from bench.intake.table import sentences, table
from bench.intake.tables import Deliveries
from bench.intake.wire import Request, Wire
from bench.reading import write_list
from chalicelib.aws.files import Files
from chalicelib.domain.outcome import Outcome
from chalicelib.domain.recipient import SHARDS
from chalicelib.domain.report_file import csv_chunks

# Calls of functions, Python's own among them, a row: what was counted, and some more, for threads that wait call, too.
MOST_CALLS = {"read": 6.0, "prepare": 30.0, "finish": 36.0, "recount": 200.0}
LESS, MORE = 3_200, 9_600


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def calls(run: Callable[[], Any]) -> int:
    """How many functions are called, in all threads that are begun meanwhile."""
    counted = Counter[int]()

    def count(frame: Any, event: str, argument: Any) -> None:
        counted[threading.get_ident()] += event in ("call", "c_call")

    threading.setprofile(count)
    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return sum(counted.values())


@pytest.mark.parametrize("name", RUNS)
@pytest.mark.parametrize("rows", [1, 2, 1234])
def test_no_row_is_lost(name: str, rows: int, path: Path) -> None:
    write_list(path, rows)
    assert RUNS[name](rows, path)() == rows


@pytest.mark.parametrize("name", MOST_CALLS)
def test_a_row_takes_so_many_calls_and_no_more(name: str, path: Path) -> None:
    counted = []
    for rows in (LESS, MORE):
        write_list(path, rows)
        counted.append(calls(RUNS[name](rows, path)))
    assert 0 < (counted[1] - counted[0]) / (MORE - LESS) <= MOST_CALLS[name]


def s3(bucket: Bucket) -> tuple[Wire, Files]:
    wire = Wire(bucket.answer)
    return wire, Files(wire.client("s3"), "uploads")


@pytest.mark.parametrize("rows", [10, 20_000])
def test_a_list_is_prepared_in_as_many_calls_however_long_it_is(rows: int, path: Path) -> None:
    write_list(path, rows)
    wire, files = s3(Bucket(rows, path))
    preparing(files)()
    assert wire.calls == 5  # what was said of it, the list; batches.jsonl, rejected.csv, mail.json


@pytest.mark.parametrize("rows", [1_000, 20_000])
def test_a_campaign_is_finished_in_a_call_for_each_batch_and_three_more(rows: int) -> None:
    bucket = Bucket(rows)
    wire, files = s3(bucket)
    finishing(files, rows, bucket.batches)()
    assert wire.calls == bucket.batches + 3  # which batches there are, rejected.csv, report.csv


def test_a_large_report_goes_up_in_parts() -> None:
    bucket = Bucket(100_001)
    wire, files = s3(bucket)
    finishing(files, 100_001, bucket.batches)()
    assert wire.calls == bucket.batches + 2 + 4  # begun, two parts, completed
    assert bucket.taken > 100_000 * 90


class Dropping(Files):
    """The bucket's files, but nobody lists them, and the report is made and dropped, not gathered for an upload."""

    def batches_with_outcomes(self, campaign_id: str) -> set[int]:
        return set(range(10_000))

    def write_report(self, campaign_id: str, outcomes: Iterable[Outcome]) -> None:
        for _ in csv_chunks(outcomes):
            pass


class PlainS3:
    """Hands out a bucket's objects and does nothing else, so that only our own memory counts."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def get_object(self, **where: str) -> dict[str, Any]:
        content = self._bucket.answer(Request("GET", f"https://s3/{where['Key']}", b"", 0)).body
        return {"Body": StreamingBody(io.BytesIO(content), len(content))}


def memory_of_finishing(rows: int) -> int:
    """The bytes at most."""
    bucket = Bucket(rows, per_batch=10)
    run = finishing(Dropping(PlainS3(bucket), "uploads"), rows, bucket.batches)
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_report_takes_as_much_memory_of_1000_rows_as_of_20000() -> None:
    memory_of_finishing(100)  # what is made once
    assert memory_of_finishing(20_000) < 1.6 * memory_of_finishing(1_000)


def test_a_recount_reads_every_page_once() -> None:
    rows = SHARDS * 41
    ledger = Deliveries(rows, per_page=20)
    assert all(ledger.pages(shard) == [20, 20, 1] for shard in range(SHARDS))
    wire = Wire(ledger.answer)
    assert recounting(wire.client("dynamodb"), rows, ledger)() == rows
    assert wire.calls == 3 * SHARDS


def measured(rows: int, seconds: float, mb: float) -> Measured:
    return Measured("prepare", rows, [seconds, seconds, seconds * 9], 50.0, 50.0 + mb)


@pytest.mark.parametrize(("bytes_a_row", "counted"), [(80, 100), (100, 100), (200, 200)])
def test_the_largest_list_is_reckoned_from_what_a_row_costs_at_the_worst_moment(bytes_a_row: int, counted: int) -> None:
    seconds_and_mb = [(rows, rows / 100_000, rows * bytes_a_row / 2**20) for rows in (1_000_000, 10_000_000)]
    found = largest("prepare", [measured(*each) for each in seconds_and_mb])
    assert found.rows_by_time == LAMBDA_SECONDS * 100_000
    assert found.rows_by_memory == pytest.approx((LAMBDA_MB["prepare"] - 50) * 2**20 / counted, rel=1e-6)
    assert found.rows == found.rows_by_memory


def test_where_memory_does_not_grow_only_time_is_a_limit() -> None:
    found = largest("prepare", [measured(1_000_000, 10.0, 30.0), measured(10_000_000, 100.0, 31.0)])
    assert (found.rows_by_memory, found.rows) == (0, LAMBDA_SECONDS * 100_000)


def test_what_is_measured_is_shown_and_kept(capsys: pytest.CaptureFixture[str]) -> None:
    result = measure({1_000: 1}, ["csv.reader", "prepare"])
    assert [(each.name, each.rows, len(each.seconds)) for each in result.measured] == [
        ("csv.reader", 1_000, 1),
        ("prepare", 1_000, 1),
    ]
    assert all(each.idle_mb > 5 for each in result.measured)
    assert json.loads(json.dumps(asdict(result)))["measured"][1]["name"] == "prepare"
    Console(width=120).print(table(result), *sentences(result))
    shown = capsys.readouterr().out
    assert "prepare" in shown
    assert "1,000" in shown
