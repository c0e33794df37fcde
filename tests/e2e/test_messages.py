"""Queue messages and SES's notifications, good and bad, put where they arrive."""

import json
import re
from typing import Any

import pytest

from tests.e2e.plain_aws import PlainAws

pytestmark = pytest.mark.cloud


def batch_message(mail_id: str, *emails: str) -> str:
    recipients = [
        {"row": row, "email": email, "fields": {"email": email, "username": "Q"}} for row, email in enumerate(emails, 2)
    ]
    batch = {"campaign_id": "queued-by-hand", "mail_id": mail_id, "batch": 0, "recipients": recipients}
    return json.dumps({"task_token": "a token that nobody waits for", "batch": batch})


def put_mail(aws: PlainAws, mail_id: str) -> None:
    mail = {"mail_id": mail_id, "subject": "For {{ username }}", "body": "Hello."}
    aws.put_item("MailsTable", {name: {"S": text} for name, text in mail.items()})


def notification(kind: str, email: str, **more: Any) -> str:
    mail = {"timestamp": "2026-05-01T10:00:00.000Z", "messageId": f"other-{kind}", "destination": [email], "tags": {}}
    return json.dumps({"eventType": kind, "mail": mail, **more})


def test_a_queue_message_delivered_twice_is_sent_once(aws: PlainAws) -> None:
    put_mail(aws, "queued")
    for _ in range(2):
        aws.client("sqs").send_message(
            QueueUrl=aws.outputs["SendQueue"], MessageBody=batch_message("queued", "q1@example.com", "q2@example.com")
        )

    def both() -> list[str] | None:
        reached = sorted(message["to"][0] for message in aws.inbox("queued"))
        left = aws.client("sqs").get_queue_attributes(
            QueueUrl=aws.outputs["SendQueue"],
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )["Attributes"]
        return reached if len(reached) >= 2 and set(left.values()) == {"0"} else None

    assert aws.wait_for(both, "both messages handled") == ["q1@example.com", "q2@example.com"]


@pytest.mark.parametrize("body", ["no JSON at all", '{"task_token": "t", "batch": {"campaign_id": "c"}}', "[]"])
def test_a_malformed_queue_message_lands_in_the_dead_letter_queue_with_its_reason(aws: PlainAws, body: str) -> None:
    aws.client("sqs").send_message(QueueUrl=aws.outputs["SendQueue"], MessageBody=body)

    def dead() -> dict[str, Any] | None:
        messages = aws.client("sqs").receive_message(
            QueueUrl=aws.outputs["SendDeadLetterQueue"], MessageAttributeNames=["All"], VisibilityTimeout=1
        )
        found = [each for each in messages.get("Messages", ()) if each["Body"] == body]
        return found[0] if found else None

    message = aws.wait_for(dead, "the dead letter")
    assert message["MessageAttributes"]["reason"]["StringValue"]


def test_a_bounce_of_other_mail_marks_the_contact_and_touches_no_campaign(aws: PlainAws) -> None:
    before = {each["campaign_id"] for each in aws.campaigns_of("")}
    bounce = {"bounceType": "Permanent", "bounceSubType": "General", "timestamp": "2026-05-01T10:00:01.000Z"}
    bounce |= {"bouncedRecipients": [{"emailAddress": "Stranger@Example.com"}]}
    aws.client("sns").publish(
        TopicArn=aws.outputs["FeedbackTopic"], Message=notification("Bounce", "stranger@example.com", bounce=bounce)
    )

    def marked() -> dict[str, Any] | None:
        contact = aws.get_item("ContactsTable", email="stranger@example.com")
        return contact if contact.get("haserror") else None

    contact = aws.wait_for(marked, "the mark on the contact")
    assert (contact["haserror"], contact["bounced_at"]) == ("1", "2026-05-01T10:00:01.000Z")
    assert {each["campaign_id"] for each in aws.campaigns_of("")} == before


@pytest.mark.parametrize(
    ("topic", "kind", "function"),
    [
        ("FeedbackTopic", "Complaint", "on_feedback"),
        ("DeliveryTopic", "Delivery", "on_delivery"),
        ("EngagementTopic", "Open", "on_engagement"),
    ],
)
def test_a_message_that_is_no_event_does_no_harm_to_those_that_follow(
    aws: PlainAws, topic: str, kind: str, function: str
) -> None:
    for junk in (
        "hello",
        "null",
        '{"eventType": 7}',
        "Successfully validated SNS topic for Amazon SES event publishing.",
    ):
        aws.client("sns").publish(TopicArn=aws.outputs[topic], Message=junk)
    email, campaign = "after-junk@example.com", f"after-junk-{function}"
    event = {"timestamp": "2026-05-02T10:00:00.000Z", "complainedRecipients": [{"emailAddress": email}]}
    told = json.loads(notification(kind, email, **{kind.lower(): event | {"recipients": [email]}}))
    told["mail"]["tags"] = {"mail": ["after-junk"], "campaign": [campaign]}
    aws.client("sns").publish(TopicArn=aws.outputs[topic], Message=json.dumps(told), Subject="SES")

    def line() -> dict[str, Any] | None:
        group = f"/aws/lambda/{aws.outputs['APIHandlerName']}-{function}"
        pages = aws.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
        texts = [event["message"] for page in pages for event in page["events"] if campaign in event["message"]]
        return json.loads(texts[0]) if texts else None

    assert aws.wait_for(line, "the event's log line")["level"] == "info"


def test_whoever_bounced_is_not_written_to_again(aws: PlainAws) -> None:
    put_mail(aws, "bouncing")
    put_mail(aws, "after-bouncing")
    gone = "bounce+e2e@simulator.amazonses.com"
    aws.upload("lists/bouncing/list.csv", f"email,username\n{gone},Gone\n".encode())
    (campaign,) = aws.ended_campaigns("lists/bouncing/list.csv")
    assert campaign["accepted"] == "1"
    aws.wait_for(lambda: aws.get_item("ContactsTable", email=gone).get("haserror"), "the bounce")
    aws.upload("lists/after-bouncing/list.csv", f"email,username\n{gone},Gone\n".encode())

    (later,) = aws.ended_campaigns("lists/after-bouncing/list.csv")
    assert (later["suppressed"], later["accepted"]) == ("1", "0")
    assert aws.inbox("after-bouncing") == []


def test_no_log_line_holds_an_address(aws: PlainAws) -> None:
    logs = aws.client("logs")
    ours = f"/aws/lambda/{aws.outputs['APIHandlerName']}"  # other tests put functions of their own beside it
    lines = [
        event["message"]
        for group in logs.describe_log_groups(logGroupNamePrefix=ours)["logGroups"]
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
        for event in page["events"]
    ]
    assert lines
    address = re.compile(r"[A-Za-z0-9._+-]+@(example\.(com|org|net)|simulator\.amazonses\.com)")
    assert [line for line in lines if address.search(line)] == []
