"""Hours in even steps, and numbers as columns."""

import pytest

from chalicelib.domain.event_counts import Hour
from hato.cli.glyphs import ASCII, UNICODE
from hato.cli.report.binning import bins
from hato.cli.report.chart import axis, column_width, columns


def hour(day: int, at: int = 0, delivered: int = 1) -> Hour:
    return Hour(f"2026-05-{day:02d}T{at:02d}:00Z", delivered, 0, 0, 0, 0)


def test_hours_without_anything_are_there_too() -> None:
    found = bins([hour(1, 8, 5), hour(1, 11, 2)], 50)
    assert (found.unit, found.sums("delivered")) == ("hour", [5, 0, 0, 2])
    assert f"{found.starts_at(3):%m-%d %H:%M}" == "05-01 11:00"


def test_within_three_days_it_is_by_the_hour_and_beyond_by_the_day() -> None:
    assert bins([hour(1, 8), hour(4, 7)], 100).unit == "hour"
    found = bins([hour(1, 8, 1), hour(1, 9, 2), hour(4, 8, 4)], 100)
    assert (found.unit, found.sums("delivered")) == ("day", [3, 0, 0, 4])
    assert found.starts_at(0).hour == 0


@pytest.mark.parametrize(("most", "unit", "count"), [(72, "hour", 72), (71, "2 hours", 36), (12, "6 hours", 12)])
def test_steps_are_as_long_as_the_room_wants(most: int, unit: str, count: int) -> None:
    found = bins([hour(1, 0), hour(3, 23)], most)
    assert (found.unit, len(found.hours)) == (unit, count)


@pytest.mark.parametrize("most", [1, 2, 7, 40])
def test_no_hour_is_lost_and_there_are_never_too_many_steps(most: int) -> None:
    hours = [hour(day, at, day + at) for day in range(1, 29) for at in (0, 7, 23)]
    found = bins(hours, most)
    assert sum(found.sums("delivered")) == sum(each.delivered for each in hours)
    assert len(found.hours) <= most


def test_the_highest_number_is_the_highest_column_and_what_is_not_0_can_be_seen() -> None:
    assert columns([0, 1, 8, 16], 1, UNICODE) == ["   █", " ▁██"]
    assert columns([1000, 1], 2, UNICODE) == ["██  ", "██▁▁"]
    assert columns([0, 0], 1, UNICODE) == ["  ", "  "]
    assert columns([6, 2, 1], 1, ASCII) == ["#  ", "#:."]


def test_columns_share_the_room() -> None:
    assert [column_width(count, 40) for count in (1, 10, 20, 40, 80)] == [6, 4, 2, 1, 1]


def test_a_label_without_room_is_left_out() -> None:
    assert axis(["08:00", "09:00", "10:00"], 4, 20) == "08:00   10:00"
    assert axis(["08:00", "09:00"], 7, 11) == "08:00"
