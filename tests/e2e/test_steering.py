"""Campaigns that are held, let go, and given up while they run, on the local cloud."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.campaign import execution_name
from hato.access import Access
from hato.local.cloud import LocalCloud
from hato.steering import Steering
from tests.e2e.plain_aws import PlainAws

pytestmark = pytest.mark.cloud

RATE = 14.0


@pytest.fixture
def slow(cloud: LocalCloud) -> Iterator[LocalCloud]:
    """The cloud with the limits of an account that has just left the sandbox."""
    before = cloud.ask("/_simulator/settings")
    cloud.tell("/_simulator/settings", {"rate": RATE})
    yield cloud
    cloud.tell("/_simulator/settings", {name: before[name] for name in ("rate", "daily_quota", "sandbox")})


@pytest.fixture
def steering(deployed: Access) -> Steering:
    return Steering(deployed.campaigns, deployed.executions)


def start(aws: PlainAws, name: str, people: int) -> str:
    """Upload a list of so many people for a mail of this name; the campaign's id once some were sent to."""
    aws.put_item("MailsTable", {"mail_id": {"S": name}, "subject": {"S": "Hello"}, "body": {"S": "Hello."}})
    rows = "".join(f"{name}{number}@example.com\n" for number in range(people))
    aws.upload(f"lists/{name}/{name}.csv", f"email\n{rows}".encode())
    aws.wait_for(lambda: aws.inbox(name) or None, f"the first mail of {name}")
    (campaign,) = aws.campaigns_of(f"lists/{name}/{name}.csv")
    return str(campaign["campaign_id"])


def summary(aws: PlainAws, campaign_id: str) -> dict[str, Any]:
    return aws.get_item("CampaignsTable", campaign_id=campaign_id, part="summary")


def ended(aws: PlainAws, campaign_id: str) -> dict[str, Any]:
    """The campaign's summary once its report is there."""

    def look() -> dict[str, Any] | None:
        found = summary(aws, campaign_id)
        return found if found.get("finished_at") else None

    return aws.wait_for(look, f"the end of {campaign_id}")


def ends(found: dict[str, Any]) -> dict[str, int]:
    names = ("rows", "invalid", "duplicate", "suppressed", "already_sent", "accepted", "failed", "unknown")
    numbers = {name: int(found[name]) for name in names}
    assert numbers["rows"] == sum(numbers[name] for name in names[1:])
    return {name: number for name, number in numbers.items() if number}


def reached(aws: PlainAws, name: str) -> list[str]:
    return sorted(message["to"][0] for message in aws.inbox(name))


def test_a_pause_takes_effect_within_five_seconds_and_a_resumed_campaign_reaches_everybody_once(
    slow: LocalCloud, aws: PlainAws, steering: Steering
) -> None:
    campaign_id = start(aws, "held", 150)
    assert "is paused" in steering.pause(campaign_id)
    paused_at = datetime.now(UTC)
    assert summary(aws, campaign_id)["status"] == "paused"
    aws.wait_for(lambda: True if datetime.now(UTC) > paused_at + timedelta(seconds=8) else None, "a while")
    last = max(datetime.fromisoformat(message["accepted_at"]) for message in aws.inbox("held"))
    assert last < paused_at + timedelta(seconds=5)
    assert len(aws.inbox("held")) < 150

    assert "goes on" in steering.resume(campaign_id)
    assert ends(ended(aws, campaign_id)) == {"rows": 150, "accepted": 150}
    assert reached(aws, "held") == sorted(f"held{number}@example.com" for number in range(150))
    # All paused batches come back at about the same time; a worker that the machine holds up may be a call too late.
    assert slow.ask("/_simulator/status")["throttled_calls"] <= 2


def test_a_cancelled_campaign_sends_nothing_more_and_its_report_says_of_every_row_how_far_it_came(
    slow: LocalCloud, aws: PlainAws, steering: Steering
) -> None:
    campaign_id = start(aws, "cancelled", 150)
    assert "is cancelled" in steering.cancel(campaign_id)
    found = ended(aws, campaign_id)
    assert found["status"] == "cancelled"
    sent = reached(aws, "cancelled")
    assert len(sent) == len(set(sent)) < 150
    assert ends(found) == {"rows": 150, "accepted": len(sent), "failed": 150 - len(sent)}
    report = aws.report(campaign_id)
    assert sorted(line["email"] for line in report if line["outcome"] == "accepted") == sent
    assert {line["reason"] for line in report if line["outcome"] == "failed"} == {"Not sent: Cancelled by its owner."}
    assert reached(aws, "cancelled") == sent


def test_a_campaign_whose_state_machine_was_stopped_goes_on_with_whoever_has_not_had_its_mail(
    slow: LocalCloud, aws: PlainAws, steering: Steering
) -> None:
    campaign_id = start(aws, "aborted", 150)
    arn = aws.outputs["StateMachine"].replace(":stateMachine:", ":execution:")
    aws.client("stepfunctions").stop_execution(executionArn=f"{arn}:{execution_name(campaign_id, 1)}")
    assert "round 2" in steering.resume(campaign_id)
    found = ended(aws, campaign_id)
    assert (found["status"], ends(found)) == ("finished", {"rows": 150, "accepted": 150})
    assert reached(aws, "aborted") == sorted(f"aborted{number}@example.com" for number in range(150))


def test_a_campaign_that_ses_stopped_says_why_and_can_be_resumed(
    cloud: LocalCloud, aws: PlainAws, deployed: Access, steering: Steering
) -> None:
    cloud.tell("/_simulator/settings", {"rate": RATE})
    campaign_id = start(aws, "stopped", 100)
    cloud.tell("/_simulator/settings", {"sending_enabled": False})
    try:
        found = ended(aws, campaign_id)
    finally:
        cloud.tell("/_simulator/settings", {"sending_enabled": True, "rate": 200})
    assert found["status"] == "stopped"
    assert "sending is disabled" in found["reason"]
    sent = len(aws.inbox("stopped"))
    assert ends(found) == {"rows": 100, "accepted": sent, "failed": 100 - sent}

    assert "round 2" in steering.resume(campaign_id)
    found = aws.wait_for(
        lambda: again if (again := summary(aws, campaign_id))["status"] == "finished" else None, "the second round"
    )
    assert ends(found) == {"rows": 100, "accepted": 100}
    assert len(reached(aws, "stopped")) == len(set(reached(aws, "stopped"))) == 100


def test_a_day_whose_mails_are_used_up_parks_the_campaign_and_it_goes_on_by_itself(
    slow: LocalCloud, aws: PlainAws
) -> None:
    sent_today = slow.ask("/_simulator/status")["accepted"]
    slow.tell("/_simulator/settings", {"daily_quota": float(int((sent_today + 40) / 0.9))})
    campaign_id = start(aws, "parked", 100)

    def has_stopped() -> int | None:
        now = len(aws.inbox("parked"))
        time.sleep(4)
        return now if len(aws.inbox("parked")) == now else None

    aws.wait_for(has_stopped, "the end of today's mails")
    assert 0 < len(aws.inbox("parked")) < 100
    assert summary(aws, campaign_id)["status"] == "sending"
    slow.tell("/_simulator/settings", {"daily_quota": 50_000.0})
    aws.client("lambda").invoke(FunctionName=f"{aws.outputs['ConfigurationSet']}-refresh_pace")  # as every minute
    assert ends(ended(aws, campaign_id)) == {"rows": 100, "accepted": 100}
    assert len(set(reached(aws, "parked"))) == 100
