"""What is said of dead letters, alarms and campaigns."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hato.doctor.asking.operation import ask_message_count, ask_raised_alarms
from hato.doctor.finding import Mark
from hato.doctor.judging.operation import judge_alarms, judge_campaigns, judge_dead_letters
from tests.fakes.aws import FakeAws

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
YESTERDAY, LAST_YEAR = "2026-01-30T09:30:00.000Z", "2025-12-24T09:30:00.000Z"


@pytest.mark.parametrize(("count", "said"), [(1, "About 1 batch could"), (1200, "About 1,200 batches could")])
def test_dead_letters_are_a_warning_with_the_command_that_shows_them(count: int, said: str) -> None:
    finding = judge_dead_letters("hato-dev", "send dead letters", "batch", count)
    assert finding.mark is Mark.WARNING
    assert said in finding.text
    assert "`hato dead-letters list --stage dev`" in finding.mend


def test_an_empty_dead_letter_queue_is_good() -> None:
    assert judge_dead_letters("hato-dev", "event dead letters", "event", 0).mark is Mark.OK


def test_messages_are_counted_as_sqs_has_them() -> None:
    aws = FakeAws({("sqs", "GetQueueAttributes"): {"Attributes": {"ApproximateNumberOfMessages": "17"}}})
    assert ask_message_count(aws.client("sqs"), "https://queue") == 17


def test_raised_alarms_of_both_kinds_are_named() -> None:
    answer = {
        "MetricAlarms": [{"AlarmName": "hato-dev-throttles"}],
        "CompositeAlarms": [{"AlarmName": "hato-dev-all"}],
    }
    raised = ask_raised_alarms(FakeAws({("cloudwatch", "DescribeAlarms"): answer}).client("cloudwatch"), "hato-dev")
    finding = judge_alarms("hato-dev", raised)
    assert (finding.mark, finding.text) == (Mark.WARNING, "hato-dev-all, hato-dev-throttles are raised.")


def test_no_raised_alarm_is_good() -> None:
    assert judge_alarms("hato-dev", []).mark is Mark.OK


def campaign(name: str, status: str, finished: str = YESTERDAY, **more: str) -> dict[str, Any]:
    return {"campaign_id": name, "status": status, "created_at": LAST_YEAR, "finished_at": finished, **more}


@pytest.mark.parametrize(
    "summary",
    [
        campaign("a", "failed"),
        campaign("a", "stopped"),
        {"campaign_id": "a", "status": "paused", "created_at": YESTERDAY, "paused_by": "breaker"},
    ],
)
def test_a_campaign_that_hato_did_not_bring_to_its_end_is_a_warning(summary: dict[str, Any]) -> None:
    finding = judge_campaigns([summary], NOW)
    assert finding.mark is Mark.WARNING
    assert finding.text == f"A campaign of the last 7 days did not come to an end: a ({summary['status']})."
    assert "`hato resume CAMPAIGN`" in finding.mend


@pytest.mark.parametrize(
    "summary",
    [
        campaign("a", "finished"),
        campaign("a", "cancelled"),
        campaign("a", "failed", LAST_YEAR),
        {"campaign_id": "a", "status": "paused", "created_at": YESTERDAY, "paused_by": "owner"},
        {"campaign_id": "a", "status": "sending", "created_at": YESTERDAY},
        {"campaign_id": "a", "status": "failed"},
        {"campaign_id": "a"},
    ],
)
def test_what_ended_well_or_long_ago_or_by_its_owner_is_no_warning(summary: dict[str, Any]) -> None:
    assert judge_campaigns([summary], NOW).mark is Mark.OK


def test_of_many_campaigns_the_latest_are_named() -> None:
    many = [campaign(f"c{day}", "failed", f"2026-01-{day}T09:30:00.000Z") for day in range(25, 30)]
    assert judge_campaigns(many, NOW).text == (
        "5 campaigns of the last 7 days did not come to an end: c29 (failed), c28 (failed), c27 (failed) and 2 more."
    )
