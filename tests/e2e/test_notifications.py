"""Who subscribed to the stage's notifications is told of each campaign's end or pause, with a link that works."""

import json
import re
import urllib.request
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest

from tests.e2e.plain_aws import PlainAws

pytestmark = pytest.mark.cloud

MAIL = {"subject": {"S": "Hello"}, "body": {"S": "Hello."}}


class Subscriber:
    """Somebody's queue, subscribed to the notification topic."""

    def __init__(self, aws: PlainAws) -> None:
        self._aws, self._sqs = aws, aws.client("sqs")
        self._queue = self._sqs.create_queue(QueueName="watching-notifications")["QueueUrl"]
        asked = self._sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=["QueueArn"])
        topic, queue = aws.outputs["NotificationTopic"], asked["Attributes"]["QueueArn"]
        policy = {"Version": "2012-10-17", "Statement": [let_in(topic, queue)]}
        self._sqs.set_queue_attributes(QueueUrl=self._queue, Attributes={"Policy": json.dumps(policy)})
        self._subscription = aws.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)
        self._told: list[tuple[str, str]] = []

    def told(self, campaign_id: str) -> tuple[str, str]:
        """Subject and text of the notice of this campaign, once there is one; there must be no second."""

        def look() -> tuple[str, str] | None:
            found = self.all_told(campaign_id)
            return found[0] if found else None

        return self._aws.wait_for(look, f"the notice of {campaign_id}")

    def all_told(self, campaign_id: str) -> list[tuple[str, str]]:
        """All that was told of this campaign so far."""
        while messages := self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages"):
            for message in messages:
                body: dict[str, Any] = json.loads(message["Body"])
                self._told.append((body["Subject"], body["Message"]))
                self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
        return [each for each in self._told if campaign_id in each[0]]

    def leave(self) -> None:
        self._aws.client("sns").unsubscribe(SubscriptionArn=self._subscription["SubscriptionArn"])
        self._sqs.delete_queue(QueueUrl=self._queue)


def let_in(topic: str, queue: str) -> dict[str, Any]:
    """What a queue says to take a topic's messages."""
    return {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }


@pytest.fixture(scope="module")
def subscriber(aws: PlainAws) -> Iterator[Subscriber]:
    subscriber = Subscriber(aws)
    yield subscriber
    subscriber.leave()


def page(text: str) -> str:
    """What the notice's link leads to."""
    link = text.strip().split("\n")[-1]
    assert re.fullmatch(r"https?://\S+/campaigns/\S+\?token=\S+", link)
    with urllib.request.urlopen(link, timeout=60) as answer:
        assert answer.status == 200
        return str(answer.read().decode())


def ended(aws: PlainAws, key: str) -> dict[str, Any]:
    (campaign,) = aws.ended_campaigns(key)
    return campaign


def test_a_campaign_that_has_finished_is_told_of_once_with_its_numbers_and_a_working_link(
    aws: PlainAws, subscriber: Subscriber
) -> None:
    aws.put_item("MailsTable", {"mail_id": {"S": "told"}, **MAIL})
    rows = "".join(f"success+{number}@simulator.amazonses.com\n" for number in range(3))
    aws.upload("lists/told/told.csv", f"email\n{rows}no address\n".encode())
    campaign_id = ended(aws, "lists/told/told.csv")["campaign_id"]
    subject, text = subscriber.told(campaign_id)
    assert subject == f"Hato {stage(aws)}: campaign finished: {campaign_id}"
    assert text.startswith(f"Campaign {campaign_id}, the mail told to told.csv, has finished. ")
    assert "Of its 4 rows SES accepted 3;" in text
    assert "There is no @ in the address (1)" in text
    assert "simulator.amazonses.com" not in text
    assert campaign_id in page(text)
    summary = aws.get_item("CampaignsTable", campaign_id=campaign_id, part="summary")
    assert summary["notified"] == ["finished#1"]
    assert len(subscriber.all_told(campaign_id)) == 1


def test_a_campaign_whose_list_has_no_addresses_is_told_to_have_failed_and_why(
    aws: PlainAws, subscriber: Subscriber
) -> None:
    aws.put_item("MailsTable", {"mail_id": {"S": "untold"}, **MAIL})
    aws.upload("lists/untold/untold.csv", b"name,age\nTaro,5\nHana,6\n")
    campaign = ended(aws, "lists/untold/untold.csv")
    subject, text = subscriber.told(campaign["campaign_id"])
    assert subject == f"Hato {stage(aws)}: campaign failed: {campaign['campaign_id']}"
    assert campaign["reason"] in text
    assert "Nothing was sent." in text
    assert campaign["campaign_id"] in page(text)


def test_an_upload_that_fails_before_it_began_is_told_of_too(aws: PlainAws, subscriber: Subscriber) -> None:
    aws.upload("nowhere-to-be-told.csv", b"email\n")
    campaign_id = ended(aws, "nowhere-to-be-told.csv")["campaign_id"]
    subject, text = subscriber.told(campaign_id)
    assert subject == f"Hato {stage(aws)}: campaign failed: {campaign_id}"
    assert "is not a place where Hato looks for uploads" in text
    assert campaign_id in page(text)


def test_a_campaign_that_paused_itself_is_told_with_what_to_do(aws: PlainAws, subscriber: Subscriber) -> None:
    campaign_id, email = "paused-by-itself", "bounced@example.com"
    aws.put_item("CampaignsTable", of(campaign_id, "summary", status="sending", mail_id="harm", rows=3000, batches=6))
    aws.put_item("CampaignsTable", of(campaign_id, "counts#00", accepted=2000))
    aws.put_item("CampaignsTable", of(f"{campaign_id}#events#00", "2026-01-31T06", bounced=200, delivered=1700))
    shard = f"harm#{crc32(email.encode()) % 32:02d}"
    delivery = {"mail_shard": shard, "email": email, "campaign_id": campaign_id, "accepted_at": "2026-01-31T08:00:00Z"}
    aws.put_item("DeliveriesTable", {name: {"S": value} for name, value in delivery.items()})
    aws.client("sns").publish(
        TopicArn=aws.outputs["FeedbackTopic"], Subject="Bounce", Message=bounce(campaign_id, email), **ATTRIBUTES
    )
    subject, text = subscriber.told(campaign_id)
    assert subject == f"Hato {stage(aws)}: campaign paused itself: {campaign_id}"
    assert "201 of 2,000 mails bounced" in text
    assert f"`hato resume {campaign_id} --stage {stage(aws)}`" in text
    assert campaign_id in page(text)


ATTRIBUTES: dict[str, Any] = {"MessageAttributes": {"a": {"DataType": "String", "StringValue": "b"}}}


def stage(aws: PlainAws) -> str:
    return aws.outputs["NotificationTopic"].rsplit(":", 1)[-1].removeprefix("hato-").removesuffix("-notifications")


def of(campaign_id: str, part: str, **values: str | int) -> dict[str, Any]:
    """An item of the Campaigns table."""
    item = {"campaign_id": campaign_id, "part": part, **values}
    return {name: {"N": str(each)} if isinstance(each, int) else {"S": each} for name, each in item.items()}


def bounce(campaign_id: str, email: str) -> str:
    """SES's notification of a bounce."""
    at = "2026-01-31T09:00:00.000Z"
    tags = {"campaign": [campaign_id], "mail": ["harm"], "shard": ["00"]}
    people = [{"emailAddress": email, "diagnosticCode": "550 no such mailbox"}]
    told = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": people, "timestamp": at}
    mail = {"timestamp": at, "messageId": "m-1", "destination": [email], "tags": tags}
    return json.dumps({"eventType": "Bounce", "mail": mail, "bounce": told})
