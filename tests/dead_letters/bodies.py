"""The messages of the two queues as AWS writes them, made up for the tests."""

import json
from typing import Any

from hato.dead_letters.functions import Functions
from tests.samples import SES

ACCOUNT = "ap-northeast-1:111122223333"
STACK = "hato-dev"
TOPIC = f"arn:aws:sns:{ACCOUNT}:hato-dev-feedback"
FUNCTIONS = Functions.of_stack(
    STACK,
    {
        "FeedbackTopic": TOPIC,
        "DeliveryTopic": f"arn:aws:sns:{ACCOUNT}:hato-dev-delivery",
        "EngagementTopic": f"arn:aws:sns:{ACCOUNT}:hato-dev-engagement",
    },
)
BOUNCE = SES["bounce_permanent"]
BOUNCED = "event bounced_permanently of campaign march-0f1e2d3c4b5a6978 (h***@example.jp)"
UPLOAD = {
    "Records": [
        {
            "eventSource": "aws:s3",
            "eventName": "ObjectCreated:Put",
            "s3": {
                "bucket": {"name": "hato-dev-uploads-111122223333-ap-northeast-1"},
                "object": {"key": "lists/loft-news/spring+%E5%90%8D%E7%B0%BF.csv", "eTag": "e1", "versionId": "v1"},
            },
        }
    ]
}
TICK = {"version": "0", "source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}


def batch(campaign_id: str = "c1", number: int = 3, recipients: int = 2, mail_id: str = "m1") -> str:
    """The queue message of a batch."""
    people = [{"row": row, "email": f"taro{row}@example.com", "fields": {}} for row in range(2, 2 + recipients)]
    document = {"campaign_id": campaign_id, "mail_id": mail_id, "batch": number, "recipients": people}
    return json.dumps({"task_token": "a token that nobody waits for", "batch": document})


def arn(function: str) -> str:
    """A function's ARN with its version, as Lambda writes it into a record."""
    return f"arn:aws:lambda:{ACCOUNT}:function:{function}:$LATEST"


def called(message: str = BOUNCE, topic: str = TOPIC) -> dict[str, Any]:
    """The event with which SNS calls a function."""
    sns = {"Type": "Notification", "MessageId": "m-1", "TopicArn": topic, "Subject": "SES", "Message": message}
    source = {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": f"{topic}:1"}
    return {"Records": [{**source, "Sns": sns | {"Timestamp": "2026-03-02T09:15:03.000Z", "MessageAttributes": {}}}]}


def record(event: object, function: str = "hato-dev-on_feedback", **changed: Any) -> str:
    """Lambda's record of a call that failed every time."""
    document = {
        "version": "1.0",
        "timestamp": "2026-03-02T09:18:20.414Z",
        "requestContext": {
            "requestId": "8d1b4c8e-60c2-4dc5-9a3e-6f2b0a1c7e55",
            "functionArn": arn(function),
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3,
        },
        "requestPayload": event,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": {
            "errorMessage": "An error occurred (ThrottlingException) for hanako@example.jp",
            "errorType": "ClientError",
            "requestId": "8d1b4c8e-60c2-4dc5-9a3e-6f2b0a1c7e55",
            "stackTrace": ['  File "/var/task/app.py", line 80, in on_feedback\n'],
        },
    }
    return json.dumps(document | changed)


def notification(message: str = BOUNCE, topic: str = TOPIC) -> str:
    """SNS's own notification, as it gives it to a subscription's dead-letter queue."""
    return json.dumps(
        {
            "Type": "Notification",
            "MessageId": "5d1b6a0e-3c52-5f0b-8e4a-0a7cf2f4b9d1",
            "TopicArn": topic,
            "Subject": "Amazon SES Email Event Notification",
            "Message": message,
            "Timestamp": "2026-03-02T09:15:03.010Z",
            "SignatureVersion": "1",
            "Signature": "c2lnbmF0dXJl",
            "SigningCertURL": "https://sns.ap-northeast-1.amazonaws.com/cert.pem",
            "UnsubscribeURL": "https://sns.ap-northeast-1.amazonaws.com/?Action=Unsubscribe",
        }
    )
