"""Hours become bins without gaps, round numbers beside them, and bars that are where they should be."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from chalicelib.domain.event_counts import Hour
from chalicelib.web.chart import HEIGHT, WIDTH, Chart, chart, ticks

START = datetime(2026, 5, 1, 8, tzinfo=UTC)


def hour(number: int, delivered: int = 1, opened: int = 0, human: int = 0, clicked: int = 0, people: int = 0) -> Hour:
    at = START + timedelta(hours=number)
    return Hour(f"{at:%Y-%m-%dT%H:%MZ}", delivered, opened, human, clicked, people)


def drawn(*hours: Hour) -> Chart:
    found = chart(hours)
    assert found is not None
    return found


def test_without_any_hour_there_is_nothing_to_draw() -> None:
    assert chart([]) is None


def test_the_hours_between_are_there_with_nothing_in_them() -> None:
    found = drawn(hour(0, 5), hour(3, 7))
    assert [each.delivered for each in found.bins] == [5, 0, 0, 7]
    assert [each.starts_at for each in found.bins] == [START + timedelta(hours=number) for number in range(4)]
    assert [bar.mails for bar in found.panels[0].bars] == [5, 7]
    assert found.ends_at == START + timedelta(hours=4)


@pytest.mark.parametrize(
    ("last", "hours", "bins"),
    [(0, 1, 1), (71, 1, 72), (72, 24, 4), (91 * 24, 24, 92), (10_000, 7 * 24, 60), (200_000, 12 * 7 * 24, 100)],
)
def test_the_longer_it_took_the_more_hours_stand_together(last: int, hours: int, bins: int) -> None:
    found = drawn(hour(0), hour(last))
    assert (found.hours, len(found.bins)) == (hours, bins)


@pytest.mark.parametrize("last", [0, 5, 71, 72, 500, 10_000])
def test_every_number_is_in_one_bin_and_no_two_bins_share_an_hour(last: int) -> None:
    hours = [hour(number, number + 1, 2, 1) for number in range(last + 1)]
    found = drawn(*hours)
    assert [panel.total for panel in found.panels] == [sum(h.delivered for h in hours), len(hours), 0]
    step = timedelta(hours=found.hours)
    assert {b.starts_at - a.starts_at for a, b in pairwise(found.bins)} <= {step}
    assert found.bins[0].starts_at <= START < found.bins[0].starts_at + step


def test_days_begin_at_midnight_in_utc() -> None:
    assert drawn(hour(0), hour(100)).bins[0].starts_at == datetime(2026, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("highest", "numbers"),
    [
        (1, [0, 1]),
        (2, [0, 1, 2]),
        (4, [0, 2, 4]),
        (12, [0, 5, 10, 15]),
        (100, [0, 50, 100]),
        (4_312, [0, 2_000, 4_000, 6_000]),
        (9_999_999, [0, 5_000_000, 10_000_000]),
    ],
)
def test_the_numbers_beside_it_are_round(highest: int, numbers: list[int]) -> None:
    assert ticks(highest) == numbers


@pytest.mark.parametrize("highest", [*range(1, 500), 10**9 - 1, 10**9, 10**9 + 1])
def test_the_highest_is_never_cut_off_and_fills_half_at_least(highest: int) -> None:
    numbers = ticks(highest)
    assert highest <= numbers[-1] <= max(2 * highest, 1)
    assert 2 <= len(numbers) <= 4
    assert len({b - a for a, b in pairwise(numbers)}) == 1


@pytest.mark.parametrize("last", [0, 5, 71, 500, 10_000])
def test_bars_stand_side_by_side_within_the_drawing(last: int) -> None:
    for panel in drawn(*(hour(number, number % 7 + 1, 3, 1, 2, 1) for number in range(last + 1))).panels:
        right = 0.0
        for bar in panel.bars:
            assert right <= bar.x
            assert bar.y >= 0
            assert bar.y + bar.height == pytest.approx(HEIGHT, abs=0.02)
            right = bar.x + bar.width
        assert right <= WIDTH


def test_a_bar_is_as_high_as_its_number_and_one_that_is_there_is_seen() -> None:
    whole, half, little = drawn(hour(0, 20_000), hour(1, 10_000), hour(2, 1)).panels[0].bars
    assert (whole.height, half.height) == (100, 50)
    assert 1 <= little.height < 2


def test_one_hour_does_not_fill_the_width() -> None:
    assert drawn(hour(0, 100)).panels[0].bars[0].width < WIDTH / 8


def test_programs_are_a_line_beside_the_people_and_both_fit() -> None:
    opens = drawn(hour(0, 0, opened=8, human=4), hour(1, 0, opened=2, human=2)).panels[1]
    assert opens.name == "human_opened"
    assert opens.ticks[-1] >= 8
    assert [bar.mails for bar in opens.bars] == [4, 2]
    assert re.fullmatch(r"M0 100(V[\d.]+H[\d.]+){2}V100", opens.line)


def test_without_programs_there_is_no_line() -> None:
    assert [panel.line for panel in drawn(hour(0, 5, 3, 3, 1, 1)).panels] == ["", "", ""]


def test_the_peak_is_the_first_of_the_highest() -> None:
    panel = drawn(hour(0, 1), hour(1, 9), hour(2, 9)).panels[0]
    assert (panel.highest, panel.peak.starts_at) == (9, START + timedelta(hours=1))


@pytest.mark.parametrize("last", [0, 8, 23, 71, 100, 500, 10_000])
def test_labels_are_few_in_their_order_and_fewer_on_a_phone(last: int) -> None:
    labels = drawn(hour(0), hour(last)).labels
    assert 3 <= len(labels) <= 9
    assert 1 <= sum(each.is_main for each in labels) <= 5
    assert [each.x for each in labels] == sorted(each.x for each in labels)
    assert all(0 < each.x < 100 for each in labels)


def test_hours_are_labelled_at_round_ones_and_midnight_is_on_a_phone_too() -> None:
    labels = drawn(hour(0), hour(40)).labels
    assert {each.at.hour % 6 for each in labels} == {0}
    assert all(each.is_main for each in labels if each.at.hour == 0)
