"""Article B: a text file in S3 is queued once for each contact, and a second function sends what is queued.

As the article has it: its resources are made in the first function's handler and at the top of the second one's module;
the file is read again for each mail, split at its line ends, and the contact's `issend` is the guard against a second
mail. It asks for one page of contacts, which holds 1 MB. It sends plain text and hears nothing of what becomes of it.
"""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import boto3
from boto3.dynamodb.conditions import Key

from bench.side_by_side.letter import SENDER, Letter, Person

CONTACTS, QUEUE, INDEX = "article-b-mailaddress", "article-b-mailsendqueue", "haserror-index"
BUCKET, FILE = "article-b-mailbody", "example.txt"
BATCH = 10  # messages that Lambda reads from a queue at once, where nobody says otherwise
Document = Mapping[str, Any]


class Sender:
    """What stands at the top of the second function's module."""

    def __init__(self) -> None:
        self._s3 = boto3.resource("s3")
        self._contacts = boto3.resource("dynamodb").Table(CONTACTS)
        self._ses = boto3.client("ses")

    def send(self, record: Document) -> None:
        """Send what this message asks for, unless the contact has it already."""
        email, attributes = record["body"], record["messageAttributes"]
        file = self._s3.Object(attributes["bucketname"]["stringValue"], attributes["filename"]["stringValue"])
        lines = file.get()["Body"].read().decode("utf-8").split("\n", 3)
        before = self._contacts.update_item(**_issend(email, 1), ReturnValues="UPDATED_OLD")
        if before["Attributes"]["issend"] != 0:
            _say("sent before")
            return
        sender = os.environ.get("SENDER", SENDER)
        self._ses.send_email(
            Source=sender,
            ReplyToAddresses=[sender],
            Destination={"ToAddresses": [email]},
            Message={
                "Subject": {"Data": lines[0], "Charset": "UTF-8"},
                "Body": {"Text": {"Data": lines[2], "Charset": "UTF-8"}},
            },
        )


def on_upload(event: Document, context: object) -> None:
    """The first Lambda: queue one message for each contact without an error."""
    contacts, queue = first_step()
    for record in event["Records"]:
        bucket, file = record["s3"]["bucket"]["name"], record["s3"]["object"]["key"]
        page = contacts.query(IndexName=INDEX, KeyConditionExpression=Key("haserror").eq(0))
        put_in_queue(contacts, queue, page["Items"], (bucket, file))


def on_message(event: Document, context: object) -> None:
    """The second Lambda: send what is in the messages."""
    _say(str(event))
    for record in event["Records"]:
        _sender().send(record)


def first_step() -> tuple[Any, Any]:
    """The table and the queue that the first function makes for itself on each call."""
    contacts = boto3.resource("dynamodb").Table(CONTACTS)
    return contacts, boto3.resource("sqs").get_queue_by_name(QueueName=QUEUE)


def put_in_queue(contacts: Any, queue: Any, people: Iterable[Document], where: tuple[str, str]) -> None:
    """Each contact is marked as not sent to, and a message about it put into the queue."""
    for contact in people:
        contacts.update_item(**_issend(contact["email"], 0))
        answer = queue.send_message(
            MessageBody=contact["email"], MessageAttributes=_attributes(contact["username"], *where)
        )
        _say(json.dumps(answer))


class ArticleB:
    """Sends in both steps: the first one runs once over all, the second one for ten messages a call."""

    people_at_once = BATCH

    def __init__(self, letter: Letter) -> None:
        self._contacts, self._queue = first_step()
        _sender()

    def send(self, people: Sequence[Person]) -> None:
        """Queue them, then send what a call of the second function gets."""
        contacts = [{"email": person.email, "username": person.name} for person in people]
        put_in_queue(self._contacts, self._queue, contacts, (BUCKET, FILE))
        for first in range(0, len(people), BATCH):
            on_message({"Records": [_record(person) for person in people[first : first + BATCH]]}, None)


def contender(letter: Letter) -> ArticleB:
    """Make it; the letter is the file in S3."""
    return ArticleB(letter)


@cache
def _sender() -> Sender:
    """Made once in a process, as what stands at the top of a Lambda's module is."""
    return Sender()


def _issend(email: str, value: int) -> dict[str, Any]:
    return {
        "Key": {"email": email},
        "UpdateExpression": "set issend=:val",
        "ExpressionAttributeValues": {":val": value},
    }


def _attributes(username: str, bucket: str, file: str) -> dict[str, dict[str, str]]:
    values = {"username": username, "bucketname": bucket, "filename": file}
    return {name: {"DataType": "String", "StringValue": value} for name, value in values.items()}


def _record(person: Person) -> dict[str, Any]:
    """A message as Lambda gets it."""
    attributes = _attributes(person.name, BUCKET, FILE)
    return {
        "messageId": "00000000-0000-4000-8000-000000000000",
        "eventSource": "aws:sqs",
        "body": person.email,
        "messageAttributes": {
            name: {"dataType": value["DataType"], "stringValue": value["StringValue"]}
            for name, value in attributes.items()
        },
    }


def _say(text: str) -> None:
    """What the article prints goes into its log."""
    sys.stdout.write(text + "\n")
