"""Dead letters on the local cloud: sent on their way again, the deployed functions do with them what they should."""

import json
from contextlib import closing
from typing import Any

import pytest

from chalicelib.aws.event_counters import SHORT
from chalicelib.domain.recipient import shard_of, shard_tag
from hato.access import Access
from hato.dead_letters.boxes import Box, boxes, look_through, redriving
from hato.dead_letters.letter import Message, Queue
from hato.dead_letters.queue import DeadLetterQueue
from hato.local.cloud import LocalCloud
from tests.dead_letters.bodies import batch, called, notification, record
from tests.e2e.plain_aws import PlainAws

pytestmark = pytest.mark.cloud


class House:
    """A queue of dead letters of the test's own, in place of the stack's, before the deployed Hato."""

    def __init__(self, access: Access, aws: PlainAws, sqs: Any, url: str) -> None:
        self.access, self.aws = access, aws
        self._sqs, self._url = sqs, url
        self._readers = {name: box.read for name, box in zip(Queue, boxes(access, list(Queue)), strict=True)}

    def redrive(self, queue: Queue, *bodies: str) -> list[str]:
        """Why each of these dead letters stays, empty where one does not; they are left in no queue."""
        for body in bodies:
            self._sqs.send_message(QueueUrl=self._url, MessageBody=body)
        box, again, said = Box(DeadLetterQueue(self._sqs, self._url), self._readers[queue]), redriving(self.access), []
        with closing(look_through([box])) as letters:
            for opened, letter in letters:
                said.append(again.redrive(letter))
                opened.delete(letter.message)
        return said

    def known_of(self, email: str, mail_id: str, campaign_id: str) -> list[dict[str, Any]]:
        """The delivery, the counters and the contact."""
        shard = shard_tag(shard_of(email))
        return [
            self.aws.get_item("DeliveriesTable", mail_shard=f"{mail_id}#{shard}", email=email),
            self.aws.get_item("CampaignsTable", campaign_id=f"{campaign_id}#events#{shard}", part="2026-05-01T06"),
            self.aws.get_item("ContactsTable", email=email),
        ]


@pytest.fixture
def house(cloud: LocalCloud, deployed: Access, cloud_sqs: Any) -> House:
    url = cloud_sqs.create_queue(QueueName="letters-to-replay")["QueueUrl"]
    aws = PlainAws(cloud.endpoint_url, cloud.region, deployed.stack, cloud.inbox_url)
    return House(deployed, aws, cloud_sqs, url)


def bounce(email: str, mail_id: str, campaign_id: str, kind: str = "Permanent") -> str:
    mail = {"timestamp": "2026-05-01T10:00:00.000Z", "messageId": "a-bounced-one", "destination": [email]}
    mail |= {"tags": {"campaign": [campaign_id], "mail": [mail_id], "shard": ["0"]}}
    body = {"bounceType": kind, "bounceSubType": "General", "timestamp": "2026-05-01T10:00:05.000Z"}
    return json.dumps(
        {"eventType": "Bounce", "mail": mail, "bounce": body | {"bouncedRecipients": [{"emailAddress": email}]}}
    )


@pytest.mark.parametrize("kind", ["Permanent", "Transient"])
def test_a_bounce_that_is_replayed_in_every_form_again_and_again_counts_once(house: House, kind: str) -> None:
    email, mail_id, campaign_id = f"replayed-{kind.lower()}@example.com", "replayed", f"replayed-{kind.lower()}"
    item = {"mail_shard": f"{mail_id}#{shard_tag(shard_of(email))}", "email": email, "campaign_id": campaign_id}
    house.aws.put_item("DeliveriesTable", {name: {"S": text} for name, text in (item | {"accepted_at": "t"}).items()})
    message, topic = bounce(email, mail_id, campaign_id, kind), house.access.outputs["FeedbackTopic"]
    once = record(called(message, topic), f"{house.access.stack}-on_feedback")

    assert house.redrive(Queue.EVENTS, once) == [""]
    after_one = house.known_of(email, mail_id, campaign_id)
    delivery, counters, contact = after_one
    attribute = {"Permanent": "bounced", "Transient": "soft_bounced"}[kind]
    assert delivery[f"{attribute}_at"] == "2026-05-01T10:00:05.000Z"
    assert counters[f"{SHORT[attribute]}/General"] == "1"
    assert contact

    forms = (once, once, notification(message, topic), json.dumps(called(message, topic)))
    assert house.redrive(Queue.EVENTS, *forms) == ["", "", "", ""]
    assert house.known_of(email, mail_id, campaign_id) == after_one


def test_an_upload_that_is_replayed_stays_one_campaign(house: House) -> None:
    house.aws.put_item("MailsTable", {"mail_id": {"S": "re-up"}, "subject": {"S": "S"}, "body": {"S": "B"}})
    bucket, key = house.access.bucket, "lists/re-up/list.csv"
    answer = house.aws.client("s3").put_object(Bucket=bucket, Key=key, Body=b"email\nre-up@example.com\n")
    thing = {"key": key, "versionId": answer["VersionId"], "eTag": answer["ETag"].strip('"')}
    house.aws.ended_campaigns(key)
    event = {"Records": [{"s3": {"bucket": {"name": bucket}, "object": thing}}]}
    replayed = house.redrive(Queue.EVENTS, *[record(event, f"{house.access.stack}-on_upload")] * 2)
    assert replayed == ["", ""]
    assert len(house.aws.campaigns_of(key)) == 1
    assert [mail["to"] for mail in house.aws.inbox("re-up")] == [["re-up@example.com"]]


def test_a_call_that_failed_every_time_is_found_in_the_stacks_own_queue_and_stays_while_it_fails(house: House) -> None:
    lost = {"s3": {"bucket": {"name": "a-bucket-of-nobody"}, "object": {"key": "broadcasts/lost.txt", "eTag": "e"}}}
    house.aws.client("lambda").invoke(
        FunctionName=f"{house.access.stack}-on_upload", InvocationType="Event", Payload=json.dumps({"Records": [lost]})
    )
    box = boxes(house.access, [Queue.EVENTS])

    def found() -> str | None:
        with closing(look_through(box)) as letters:
            return next((letter.message.id for _, letter in letters if "broadcasts/lost.txt" in letter.what), None)

    ids = {house.aws.wait_for(found, "the dead letter")}
    for _ in range(2):  # it is there for the second time, too
        with closing(look_through(box, ids)) as letters:
            ((_, letter),) = letters
            why = redriving(house.access).redrive(letter)
        assert letter.tries == 3
        assert "on_upload failed again: " in why
        assert letter.why in why
    with closing(look_through(box, ids)) as letters:
        for opened, letter in letters:
            opened.delete(letter.message)
    assert found() is None


def test_a_batch_that_the_send_queue_gave_up_was_tried_as_often_as_that_queue_allows(deployed: Access) -> None:
    (box,) = boxes(deployed, [Queue.SEND])
    assert box.read(Message("id", batch(), moved_from="arn:aws:sqs:us-east-1:000000000000:hato-local-send")).tries == 5


def test_a_batch_that_is_put_back_twice_is_sent_once(house: House) -> None:
    house.aws.put_item("MailsTable", {"mail_id": {"S": "stranded"}, "subject": {"S": "S"}, "body": {"S": "B"}})
    body = batch("stranded-by-hand", recipients=3, mail_id="stranded")
    assert house.redrive(Queue.SEND, body) == [""]
    house.aws.wait_for(lambda: len(house.aws.inbox("stranded")) >= 3 or None, "the mails of the batch")
    assert house.redrive(Queue.SEND, body, body) == ["", ""]
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    ask = house.aws.client("sqs").get_queue_attributes

    def all_handled() -> bool | None:
        left = ask(QueueUrl=house.access.outputs["SendQueue"], AttributeNames=names)["Attributes"]
        return True if set(left.values()) == {"0"} else None

    house.aws.wait_for(all_handled, "the end of both")
    assert sorted(mail["to"] for mail in house.aws.inbox("stranded")) == [[f"taro{n}@example.com"] for n in (2, 3, 4)]
