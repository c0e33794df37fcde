"""Lists are read in the memory and at about the speed that the bench promises; the bench itself runs."""

from bench.reading import MOST_BYTES, measure, memory_of_duplicate_check

ROWS = 60_000
LEAST_SPEED = 0.15  # of csv.reader's, on a busy machine; reading row by row had 0.11 to 0.13


def test_reading_is_not_much_slower_than_csv_alone() -> None:
    best = max((measure(ROWS, rounds=5) for _ in range(3)), key=lambda each: max(each.speeds))
    assert max(best.speeds) > LEAST_SPEED


def test_the_check_for_duplicates_takes_at_most_100_bytes_a_row() -> None:
    assert memory_of_duplicate_check(200_000) <= MOST_BYTES
