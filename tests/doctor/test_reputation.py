"""What is said of the shares of bounces and complaints."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from hato.doctor.asking.operation import ask_reputation
from hato.doctor.finding import Mark
from hato.doctor.judging.reputation import BOUNCES, COMPLAINTS, Limit, judge_rate
from tests.fakes.aws import FakeAws

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("limit", "share", "mark"),
    [
        (BOUNCES, 0.0, Mark.OK),
        (BOUNCES, 0.0499, Mark.OK),
        (BOUNCES, 0.05, Mark.WARNING),
        (BOUNCES, 0.0999, Mark.WARNING),
        (BOUNCES, 0.10, Mark.FAILED),
        (COMPLAINTS, 0.0009, Mark.OK),
        (COMPLAINTS, 0.001, Mark.WARNING),
        (COMPLAINTS, 0.0049, Mark.WARNING),
        (COMPLAINTS, 0.005, Mark.FAILED),
        (BOUNCES, None, Mark.UNKNOWN),
        (COMPLAINTS, None, Mark.UNKNOWN),
    ],
)
def test_a_share_is_marked_by_what_ses_would_do(limit: Limit, share: float | None, mark: Mark) -> None:
    finding = judge_rate(share, limit)
    assert finding.mark is mark
    assert bool(finding.mend) is (mark in {Mark.WARNING, Mark.FAILED})


def reputation(*points: tuple[int, float]) -> float | None:
    """The share that is read of points that are so many hours old."""
    data = [{"Timestamp": NOW - timedelta(hours=hours), "Average": share, "Unit": "None"} for hours, share in points]
    answer: dict[str, Any] = {"Label": "Reputation.BounceRate", "Datapoints": data}
    aws = FakeAws({("cloudwatch", "GetMetricStatistics"): answer})
    return ask_reputation(aws.client("cloudwatch"), "BounceRate", NOW)


def test_the_newest_share_counts_in_whatever_order_they_come() -> None:
    assert reputation((30, 0.09), (2, 0.03), (200, 0.01)) == 0.03


def test_without_any_share_there_is_none() -> None:
    assert reputation() is None
