"""Article A: a Distributed Map over a CSV file, one Lambda call and a second of waiting for each of its rows.

The article shows its state machine (`article_a.asl.json`), its Configuration Set and its three topics, and says in
words what its functions do: look up whether the address bounced and whether this mail was sent to it, send, keep a list
of what was sent, and keep it up to date with what SES reports. Where it leaves the choice this takes the cheaper one:
keys that are found by one read, one write an event, no log lines of its own, and the mail as it lies in the table.
"""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

import boto3

from bench.side_by_side.letter import MAIL_ID, SENDER, Letter, Person

ADDRESSES, SENT, MAILS = "article-a-addresses", "article-a-sent", "article-a-mails"
CONFIGURATION_SET = "MarketingMailsConfigurationSet"
Document = Mapping[str, Any]


class Sender:
    """What the function that sends keeps from call to call: its clients."""

    def __init__(self) -> None:
        dynamodb = boto3.resource("dynamodb")
        self._addresses, self._sent = dynamodb.Table(ADDRESSES), dynamodb.Table(SENT)
        self._ses = boto3.client("ses")

    def send(self, row: Document, mail: Document) -> str:
        """Send this mail to the address of this row, unless it bounced or has it already; what became of it."""
        email, mail_id = row["email"], mail["mail_id"]["S"]
        if self._addresses.get_item(Key={"email": email}).get("Item", {}).get("bounced"):
            return "bounced"
        if "Item" in self._sent.get_item(Key={"mail_id": mail_id, "email": email}):
            return "sent before"
        answer = self._ses.send_email(
            Source=os.environ.get("SENDER", SENDER),
            Destination={"ToAddresses": [email]},
            Message=_message(mail),
            ConfigurationSetName=CONFIGURATION_SET,
            Tags=[{"Name": "mail", "Value": mail_id}],
        )
        self._sent.put_item(
            Item={"mail_id": mail_id, "email": email, "message_id": answer["MessageId"], "sent_at": _now()}
        )
        return "sent"


def process_row(event: Document, context: object) -> dict[str, str]:
    """The Lambda of the Distributed Map: one row."""
    return {"email": event["row_item"]["email"], "status": _sender().send(event["row_item"], event["mail_data"])}


def on_bounce_or_complaint(event: Document, context: object) -> None:
    """The Lambda of the first topic: the address gets no more mail."""
    for notice in _notices(event):
        kind = notice["eventType"].lower()
        for email in notice["mail"]["destination"]:
            _note(ADDRESSES, {"email": email}, "bounced", {"kind": kind, "at": notice["mail"]["timestamp"]})


def on_delivery(event: Document, context: object) -> None:
    """The Lambda of the second topic: the mail has arrived."""
    for notice in _notices(event):
        _note_sent(notice, "delivered_at", notice["delivery"]["timestamp"])


def on_action(event: Document, context: object) -> None:
    """The Lambda of the third topic: the mail was opened, or a link in it clicked."""
    for notice in _notices(event):
        kind = notice["eventType"].lower()
        _note_sent(notice, {"open": "opened_at", "click": "clicked_at"}[kind], notice[kind]["timestamp"])


class ArticleA:
    """Sends as the Distributed Map has it sent: a row a call."""

    people_at_once = 1

    def __init__(self, letter: Letter) -> None:
        self._mail = {"mail_id": {"S": MAIL_ID}, "subject": {"S": letter.subject}, "body": {"S": letter.html}}
        _sender()

    def send(self, people: Sequence[Person]) -> None:
        """One call of the function for each."""
        for person in people:
            row = {"email": person.email, "username": person.name}
            process_row({"row_item": row, "mail_data": self._mail}, None)


def contender(letter: Letter) -> ArticleA:
    """Make it; the mail is what the Map hands to each row."""
    return ArticleA(letter)


@cache
def _sender() -> Sender:
    """Made once in a process, as what stands at the top of a Lambda's module is."""
    return Sender()


@cache
def _tables() -> Any:
    return boto3.resource("dynamodb")


def _message(mail: Document) -> dict[str, Any]:
    return {
        "Subject": {"Data": mail["subject"]["S"], "Charset": "UTF-8"},
        "Body": {"Html": {"Data": mail["body"]["S"], "Charset": "UTF-8"}},
    }


def _notices(event: Document) -> list[Document]:
    """What SES says; the plain sentence that it publishes when a topic is set up says nothing."""
    messages = [record["Sns"]["Message"] for record in event["Records"]]
    return [json.loads(message) for message in messages if message.startswith("{")]


def _note_sent(notice: Document, name: str, value: str) -> None:
    for email in notice["mail"]["destination"]:
        _note(SENT, {"mail_id": notice["mail"]["tags"]["mail"][0], "email": email}, name, value)


def _note(table: str, key: Mapping[str, str], name: str, value: object) -> None:
    _tables().Table(table).update_item(
        Key=key,
        UpdateExpression="SET #name = :value",
        ExpressionAttributeNames={"#name": name},
        ExpressionAttributeValues={":value": value},
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
