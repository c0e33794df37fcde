"""Somebody who was forgotten is not written to, and nothing that happens brings the address back."""

import json
from datetime import UTC, datetime

import pytest

from hato.access import Access
from hato.person.forgetting import Forgetting
from tests.e2e.plain_aws import PlainAws
from tests.e2e.test_messages import notification, put_mail

pytestmark = pytest.mark.cloud

GONE, STAYS = "success+gone@simulator.amazonses.com", "success+stays@simulator.amazonses.com"


def send(aws: PlainAws, mail_id: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    put_mail(aws, mail_id)
    aws.upload(f"lists/{mail_id}/two.csv", f"email,username\n{GONE},G\n{STAYS},S\n".encode())
    (campaign,) = aws.ended_campaigns(f"lists/{mail_id}/two.csv")
    return campaign, aws.report(campaign["campaign_id"])


def table(aws: PlainAws, name: str) -> str:
    """All that stands in a table."""
    pages = aws.client("dynamodb").get_paginator("scan").paginate(TableName=aws.outputs[name])
    return json.dumps([item for page in pages for item in page["Items"]])


def test_a_forgotten_person_is_nowhere_and_is_not_written_to_again(aws: PlainAws, deployed: Access) -> None:
    first, rows = send(aws, "before-forgetting")
    assert [row["outcome"] for row in rows] == ["accepted", "accepted"]
    aws.wait_for(lambda: "delivered_at" in aws.delivery("before-forgetting", GONE) or None, "its delivery")
    Forgetting(deployed, GONE).forget(datetime.now(UTC))
    assert [row["email"] for row in aws.report(first["campaign_id"])] == ["forgotten", STAYS]
    assert GONE not in table(aws, "ContactsTable") + table(aws, "DeliveriesTable")

    bounced = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": [{"emailAddress": GONE}]}
    for topic, kind, more in (("FeedbackTopic", "Bounce", {"bounce": bounced}), ("EngagementTopic", "Open", {})):
        told = json.loads(notification(kind, GONE, **more))
        told["mail"]["tags"] = {"mail": ["before-forgetting"], "campaign": [first["campaign_id"]]}
        aws.client("sns").publish(TopicArn=aws.outputs[topic], Message=json.dumps(told), Subject="SES")
    assert len(aws.inbox("before-forgetting")) == 2

    second, rows = send(aws, "after-forgetting")
    assert [row["outcome"] for row in rows] == ["suppressed", "accepted"]
    assert second["suppressed"] == "1"
    assert [message["to"] for message in aws.inbox("after-forgetting")] == [[STAYS]]
    assert GONE not in table(aws, "ContactsTable") + table(aws, "DeliveriesTable")
