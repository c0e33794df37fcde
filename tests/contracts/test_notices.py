"""Notices reach who subscribed, and what was told of a campaign is remembered: the fakes and AWS promise the same."""

import json
import uuid
from typing import Any

import pytest

from chalicelib.aws.notices import NotificationTopic
from chalicelib.domain.notice import Notice
from tests.fakes.notify import FakeTopic

AT = "2026-01-31T08:00:00.000Z"


class SnsTopic(NotificationTopic):
    """The real one, and a subscriber's queue."""

    def __init__(self, sns: Any, sqs: Any) -> None:
        name = f"told-{uuid.uuid4().hex[:8]}"
        super().__init__(sns, sns.create_topic(Name=name)["TopicArn"])
        self._sqs, self._queue = sqs, sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=self._topic, Protocol="sqs", Endpoint=arn)

    def received(self) -> list[tuple[str, str]]:
        messages = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages", ())
        bodies = [json.loads(each["Body"]) for each in messages]
        return [(each["Subject"], each["Message"]) for each in bodies]


class TestTopic:
    @pytest.fixture(params=["fake", "sns"])
    def topic(self, request: pytest.FixtureRequest) -> Any:
        if request.param == "fake":
            return FakeTopic()
        moto = request.getfixturevalue("moto")
        return SnsTopic(moto["sns"], moto["sqs"])

    def test_a_notice_comes_as_it_was_published(self, topic):
        topic.publish(
            Notice("Hato dev: campaign finished: c1", "春のお知らせ 1 of 2.\n\nhttps://example.com/?a=b&c=d\n")
        )
        assert topic.received() == [
            ("Hato dev: campaign finished: c1", "春のお知らせ 1 of 2.\n\nhttps://example.com/?a=b&c=d\n")
        ]

    def test_a_subject_may_be_as_long_as_a_notices(self, topic):
        topic.publish(Notice("H" * 100, "text"))
        assert [subject for subject, _ in topic.received()] == ["H" * 100]


def test_what_was_told_of_a_campaign_is_remembered_besides_what_was_told_before(campaigns):
    campaigns.create("c1", "s3://b/k", "m1", AT)
    assert "notified" not in campaigns.summary("c1")
    for what in ("paused#1", "finished#1", "finished#1"):
        campaigns.mark_notified("c1", what)
    assert campaigns.summary("c1")["notified"] == {"paused#1", "finished#1"}
    assert campaigns.summary("c1")["mail_id"] == "m1"


def test_what_was_told_makes_no_campaign_where_there_is_none(campaigns):
    campaigns.mark_notified("c1", "finished#1")
    assert campaigns.summary("c1") == {}


class Listening:
    """SNS, as far as it is told to publish."""

    def publish(self, **told: Any) -> None:
        self.message = json.loads(told.pop("Message"))
        self.told = told


def test_a_chat_gets_a_notice_in_the_one_form_that_it_shows():
    sns = Listening()
    NotificationTopic(sns, "arn:topic").publish(Notice("Hato dev: campaign finished: c1", "1 of 2.\n"))
    assert sns.told == {
        "TopicArn": "arn:topic",
        "Subject": "Hato dev: campaign finished: c1",
        "MessageStructure": "json",
    }
    assert sns.message["default"] == "1 of 2.\n"
    chat = json.loads(sns.message["https"])
    assert (chat["version"], chat["source"]) == ("1.0", "custom")
    assert chat["content"]["title"] == "Hato dev: campaign finished: c1"
    assert chat["content"]["description"] == "1 of 2.\n"
