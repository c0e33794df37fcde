"""How fast mailing lists are read, against Python's csv alone: `python -m bench.reading [ROWS]`, in one run, by turns.

Times are of the processor, so that other programs on the machine count for little.
"""

import csv
import json
import sys
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from rich.console import Console

from chalicelib.domain.mailing_list import read_rows
from chalicelib.domain.seen import Seen
from hato.project import BUILD, shown

ROWS = 1_000_000
ROUNDS = 7
LEAST_SPEED = 0.25  # of that of csv.reader
MOST_BYTES = 100  # a row
_RESULT = BUILD / "reading.json"
_CHUNK = 256 * 1024
_BLOCK = 1000  # rows whose memory is looked at together

_FAMILIES = (("sato", "佐藤"), ("suzuki", "鈴木"), ("takahashi", "高橋"), ("tanaka", "田中"), ("ito", "伊藤"))
_NAMES = (("taro", "太郎"), ("hanako", "花子"), ("kenichi", "健一"), ("misaki", "美咲"), ("sho", "翔"))
_DOMAINS = ("example.com", "example.co.jp", "mail.example.jp", "example.ne.jp", "example.org")
_PLANS = ("free", "basic", "premium")


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured: seconds of each round, in the order of the rounds, and bytes a row at most."""

    rows: int
    csv_seconds: Sequence[float]
    hato_seconds: Sequence[float]
    bytes_a_row: float

    @property
    def speed(self) -> float:
        """Hato's speed where that of csv.reader is 1: the ratio of the medians."""
        return median(self.csv_seconds) / median(self.hato_seconds)

    @property
    def speeds(self) -> list[float]:
        """The same of each round."""
        return [alone / ours for alone, ours in zip(self.csv_seconds, self.hato_seconds, strict=True)]

    @property
    def holds(self) -> bool:
        """Whether speed and memory are as promised."""
        return self.speed >= LEAST_SPEED and self.bytes_a_row <= MOST_BYTES


def main(rows: int = ROWS) -> int:
    """Measure, print and write it down; 0 where speed and memory are as promised, else 1."""
    console = Console()
    with console.status("Reading ..."):
        result = measure(rows)
    alone, ours = median(result.csv_seconds), median(result.hato_seconds)
    console.print(f"{rows:,} rows, {len(result.speeds)} rounds: csv.reader {alone:.2f} s, Hato {ours:.2f} s (medians)")
    console.print(
        f"Hato reads at {result.speed:.2f} of csv.reader's speed "
        f"({min(result.speeds):.2f} to {max(result.speeds):.2f}), {rows / ours:,.0f} rows a second"
    )
    console.print(f"The check for duplicates takes {result.bytes_a_row:.0f} bytes a row at most")
    _RESULT.parent.mkdir(exist_ok=True)
    figures = asdict(result) | {"speed": result.speed, "speeds": result.speeds}
    _RESULT.write_text(json.dumps(figures, indent=1) + "\n")
    console.print(f"Written to {shown(_RESULT)}.")
    return int(not result.holds)


def measure(rows: int, rounds: int = ROUNDS) -> Result:
    """Read the same list with both, by turns."""
    csv_seconds, hato_seconds = list[float](), list[float]()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.csv"
        write_list(path, rows)
        for _ in range(rounds):
            csv_seconds.append(_seconds(partial(_read_by_csv, path)))
            hato_seconds.append(_seconds(partial(_read_by_hato, path)))
    return Result(rows, csv_seconds, hato_seconds, memory_of_duplicate_check(rows))


def write_list(path: Path, rows: int) -> None:
    """Write a list as a spreadsheet would: email, username, plan; names are Japanese."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("email", "username", "plan"))
        writer.writerows(_people(rows))


def memory_of_duplicate_check(rows: int) -> float:
    """Return the bytes a row at the worst moment from the tenth part of the list on."""
    seen, worst = Seen(), 0.0
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    try:
        for done in range(_BLOCK, rows + 1, _BLOCK):
            addresses = [f"user{number}@example.com" for number in range(done - _BLOCK, done)]
            tracemalloc.reset_peak()
            seen.add(addresses)
            if done * 10 >= rows:
                worst = max(worst, (tracemalloc.get_traced_memory()[1] - before) / done)
    finally:
        tracemalloc.stop()
    return worst


def _people(rows: int) -> Iterator[tuple[str, str, str]]:
    chance = Random(27)  # noqa: S311 - no secret
    for number in range(rows):
        (family, kanji), (given, name) = chance.choice(_FAMILIES), chance.choice(_NAMES)
        yield f"{family}.{given}{number}@{chance.choice(_DOMAINS)}", f"{kanji} {name}", chance.choice(_PLANS)


def _read_by_csv(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        _exhaust(csv.reader(file))


def _read_by_hato(path: Path) -> None:
    with path.open("rb") as file:
        _exhaust(read_rows(iter(partial(file.read, _CHUNK), b"")))


def _exhaust(rows: Iterable[object]) -> None:
    for _ in rows:
        pass


def _seconds(run: Callable[[], None]) -> float:
    began = process_time()
    run()
    return process_time() - began


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:2])))
