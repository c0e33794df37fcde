"""Lists are read in the memory and at about the speed that the bench promises; the bench itself runs."""

import subprocess
import sys

from bench.reading import MOST_BYTES, measure
from hato.project import ROOT

ROWS = 60_000
LEAST_SPEED = 0.15  # of csv.reader's, on a busy machine; reading row by row had 0.11 to 0.13


def test_reading_is_not_much_slower_than_csv_alone() -> None:
    best = max((measure(ROWS, rounds=5) for _ in range(3)), key=lambda each: max(each.speeds))
    assert max(best.speeds) > LEAST_SPEED


def test_the_check_for_duplicates_takes_at_most_100_bytes_a_row() -> None:
    # In a process of its own: what other threads of this one allocate would count, too.
    program = "from bench.reading import memory_of_duplicate_check; print(memory_of_duplicate_check(200_000))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert 0 < float(done.stdout) <= MOST_BYTES
