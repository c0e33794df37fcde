"""Times as people say them."""

import pytest

from chalicelib.domain.duration import between, duration


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        *((0, "1 second"), (1, "1 second"), (40, "40 seconds"), (60, "1 minute"), (90, "1.5 minutes")),
        *((61, "1 minute"), (3600, "1 hour"), (5400, "1.5 hours"), (86_400, "1 day"), (300_000, "3.5 days")),
    ],
)
def test_a_time_is_said_in_the_largest_unit_that_it_fills(seconds, said):
    assert duration(seconds) == said


def test_the_time_between_two_moments_of_a_table_is_said():
    assert between("2026-01-31T08:00:00.000Z", "2026-01-31T20:00:00.000Z") == "12 hours"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        *(("", "2026-01-31T08:00:00Z"), ("x", "y"), ("2026-01-31T09:00:00Z", "2026-01-31T08:00:00Z")),
        ("2026-01-31T08:00:00", "2026-01-31T09:00:00Z"),
    ],
)
def test_of_what_are_no_moments_in_this_order_nothing_is_said(start, end):
    assert between(start, end) == ""
