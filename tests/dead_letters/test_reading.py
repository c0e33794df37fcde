"""A message becomes a dead letter: what it is, of whom, and why it was given up."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hato.dead_letters.letter import DeadLetter, FailedCall, Message, NotReadable, Queue, StrandedBatch, shown
from hato.dead_letters.reading import read_batch, read_call
from tests.dead_letters.bodies import (
    BOUNCE,
    BOUNCED,
    FUNCTIONS,
    TICK,
    TOPIC,
    UPLOAD,
    arn,
    batch,
    called,
    notification,
    record,
)
from tests.samples import SES

SEND_QUEUE = "arn:aws:sqs:ap-northeast-1:111122223333:hato-dev-send"


def of_send(body: str, moved_from: str = SEND_QUEUE, **attributes: str) -> DeadLetter:
    return read_batch(Message("id", body, attributes=attributes, moved_from=moved_from), most_tries=5)


def of_events(body: str, **attributes: str) -> DeadLetter:
    return read_call(Message("id", body, attributes=attributes), FUNCTIONS)


# --- the send queue's


def test_a_batch_that_the_send_queue_gave_up_says_whose_it_is_and_how_often_it_was_tried():
    letter = of_send(batch("march-0f1e", 3, 100))
    assert letter.queue is Queue.SEND
    assert letter.content == StrandedBatch("march-0f1e", 3, 100)
    assert letter.what == "batch 3 of campaign march-0f1e (100 recipients)"
    assert letter.campaign_id == "march-0f1e"
    assert letter.tries == 5
    assert "log" in letter.why


def test_a_batch_of_one_has_one_recipient():
    assert of_send(batch(recipients=1)).what == "batch 3 of campaign c1 (1 recipient)"


def test_a_batch_that_somebody_put_there_by_hand_was_tried_nobody_knows_how_often():
    letter = of_send(batch(), moved_from="")
    assert (letter.tries, letter.why) == (None, "it is not told why")


@pytest.mark.parametrize("body", ["", "no JSON", "[]", "null", '{"task_token": "t", "batch": {"campaign_id": "c"}}'])
def test_a_malformed_message_says_so_with_the_reason_that_was_kept(body):
    letter = of_send(body, moved_from="", reason="The message is no JSON.")
    assert letter.content == NotReadable()
    assert letter.what == f"not readable as a batch, {len(body)} characters"
    assert letter.why == "The message is no JSON."


def test_a_malformed_message_without_a_reason_is_told_what_is_wrong_with_it():
    assert of_send('{"task_token": "t", "batch": {"campaign_id": "c"}}').why == "The batch has no mail_id."


def test_an_event_among_the_batches_is_not_readable_as_a_batch():
    assert of_send(record(called())).content == NotReadable()


# --- the events': Lambda's record


def test_a_record_of_lambda_says_which_event_of_which_campaign_failed_how_often_and_why():
    letter = of_events(record(called()))
    assert letter.queue is Queue.EVENTS
    assert letter.content == FailedCall("on_feedback", called())
    assert letter.what == f"{BOUNCED}, for on_feedback"
    assert letter.campaign_id == "march-0f1e2d3c4b5a6978"
    assert letter.why == "ClientError: An error occurred (ThrottlingException) for h***@example.jp"
    assert letter.tries == 3


def test_an_upload_is_told_by_its_key_and_the_campaign_that_it_was_to_start():
    letter = of_events(record(UPLOAD, "hato-dev-on_upload"))
    assert letter.content == FailedCall("on_upload", UPLOAD)
    assert letter.campaign_id.startswith("spring-")
    assert letter.what == f"upload of lists/loft-news/spring 名簿.csv, campaign {letter.campaign_id}, for on_upload"


def test_an_upload_that_starts_nothing_says_so():
    event = json.loads(json.dumps(UPLOAD).replace("lists/loft-news/", "campaigns/c1/"))
    letter = of_events(record(event, "hato-dev-on_upload"))
    assert letter.what == "upload of campaigns/c1/spring 名簿.csv, which starts no campaign, for on_upload"
    assert letter.campaign_id == ""


def test_a_minutes_look_at_the_pace_is_told():
    letter = of_events(record(TICK, "hato-dev-refresh_pace"))
    assert letter.content == FailedCall("refresh_pace", TICK)
    assert letter.what == "the minute's look at the pace, for refresh_pace"


def test_a_call_that_grew_too_old_says_so_for_it_has_no_answer():
    context = {"functionArn": "arn:aws:lambda:r:1:function:hato-dev-on_feedback", "condition": "EventAgeExceeded"}
    letter = of_events(record(called(), requestContext=context, responsePayload=None, responseContext=None))
    assert letter.why == "Lambda found no time for it before it was too old"
    assert letter.tries is None
    assert letter.content == FailedCall("on_feedback", called())


def test_the_name_that_a_function_had_in_an_earlier_deployment_is_known():
    assert of_events(record(called(), "hato-dev-on-feedback")).content == FailedCall("on_feedback", called())


@pytest.mark.parametrize(
    "function", ["hato-prod-on_feedback", "hato-dev-send_batch", "hato-dev", "on_feedback", "hato-dev-"]
)
def test_a_record_of_a_function_that_is_not_called_by_events_is_named_and_not_called(function):
    letter = of_events(record(called(), function))
    assert letter.content == NotReadable()
    assert function in letter.what
    assert letter.why.startswith("ClientError")


@pytest.mark.parametrize("name", [None, 5, "", "hato-dev-on_feedback", ["hato-dev-on_feedback"]])
def test_a_record_that_names_no_function_is_not_called(name):
    assert of_events(record(called(), requestContext={"functionArn": name})).content == NotReadable()


@pytest.mark.parametrize("event", [None, "text", [], {}])
def test_a_record_without_its_event_is_not_called(event):
    assert of_events(record(event)).content == NotReadable()


# --- the events': SNS's notification, and the event alone


def test_a_notification_that_sns_could_not_hand_over_becomes_the_event_of_its_topics_function():
    letter = of_events(notification(), ERROR_CODE="ThrottlingException", ERROR_MESSAGE="Rate exceeded")
    content = letter.content
    assert isinstance(content, FailedCall)
    assert content.function == "on_feedback"
    (event_record,) = content.event["Records"]
    assert event_record["EventSource"] == "aws:sns"
    assert event_record["Sns"] == json.loads(notification())
    assert letter.what == f"{BOUNCED}, for on_feedback"
    assert letter.why == "SNS could not call the function: Rate exceeded"


@pytest.mark.parametrize("name", ["delivery", "engagement"])
def test_a_notification_belongs_to_the_function_of_its_topic(name):
    content = of_events(notification(topic=TOPIC.replace("feedback", name))).content
    assert isinstance(content, FailedCall)
    assert content.function == f"on_{name}"


def test_a_notification_of_a_strange_topic_is_named_and_not_called():
    letter = of_events(notification(topic="arn:aws:sns:r:1:cats"))
    assert letter.content == NotReadable()
    assert letter.what == "a notification of arn:aws:sns:r:1:cats, which is no topic of hato-dev"


@pytest.mark.parametrize(
    ("event", "function"),
    [(called(), "on_feedback"), (UPLOAD, "on_upload"), (TICK, "refresh_pace")],
    ids=["notification", "upload", "minute"],
)
def test_an_event_alone_belongs_to_the_function_that_such_events_call(event, function):
    letter = of_events(json.dumps(event), ErrorCode="200", ErrorMessage="Task timed out after 30.03 seconds")
    assert letter.content == FailedCall(function, event)
    assert letter.why == "Task timed out after 30.03 seconds"
    assert letter.tries is None


@pytest.mark.parametrize(
    "body",
    [
        *("", "hello", "[1]", "null", "17", '{"a": 1}', '{"Records": []}', '{"Records": [5]}', '{"Records": [{}]}'),
        *('{"Type": "SubscriptionConfirmation", "TopicArn": "t"}', '{"Records": [{"Sns": {"TopicArn": 5}}]}'),
        *(BOUNCE, batch(), "[" * 100_000, '{"requestContext": {}, "requestPayload": {}}'),
    ],
    ids=lambda body: body[:30] or "nothing",
)
def test_what_is_no_failed_call_is_listed_as_that(body):
    letter = of_events(body)
    assert letter.content == NotReadable()
    assert letter.what
    assert letter.why


def test_an_object_that_is_no_event_is_told_by_what_it_holds():
    assert of_events('{"a": 1, "b": {}}').what == "a JSON object of a, b, but no event, 17 characters"
    assert of_events("hello").what == "no JSON object, 5 characters"


def test_several_events_in_one_notification_and_several_records_are_counted():
    bounce = json.loads(BOUNCE)
    bounce["bounce"]["bouncedRecipients"] = [{"emailAddress": f"{name}@example.jp"} for name in ("ao", "beni")]
    bounce["mail"]["destination"] = ["ao@example.jp", "beni@example.jp"]
    assert "(a***@example.jp and 1 more)" in of_events(record(called(json.dumps(bounce)))).what
    twice = called()
    twice["Records"] *= 2
    assert of_events(record(twice)).what == f"{BOUNCED}, and 1 more, for on_feedback"


def test_an_event_of_other_mail_is_told_as_that():
    bounce = json.loads(BOUNCE)
    bounce["mail"]["tags"] = {}
    assert "bounced_permanently of other mail" in of_events(record(called(json.dumps(bounce)))).what


def test_a_notification_that_is_no_event_can_be_called_again():
    letter = of_events(record(called("hello")))
    assert isinstance(letter.content, FailedCall)
    assert "notification that is no event" in letter.what


# --- what is shown


@pytest.mark.parametrize("message", SES.values(), ids=SES)
def test_no_address_is_shown_whole_of_any_notification(message):
    for letter in (of_events(record(called(message))), of_events(notification(message))):
        assert "hanako" not in letter.what + letter.why


def test_no_address_is_shown_whole_that_hides_behind_its_quotes():
    bounce = BOUNCE.replace("hanako@example.jp", '\\"hanako(san)\\"@example.jp')
    assert of_events(record(called(bounce))).what == BOUNCED.replace("h***", "***") + ", for on_feedback"


def test_no_address_is_shown_whole_of_a_key_or_a_reason():
    event = json.loads(json.dumps(UPLOAD).replace("spring", "hanako%40example.jp"))
    assert "hanako@" not in of_events(record(event, "hato-dev-on_upload")).what
    assert of_send(batch(), reason="no hanako@example.jp here").why == "no h***@example.jp here"


def test_what_is_shown_is_one_line_that_moves_no_terminal_and_is_not_too_long():
    assert shown("a\r\n\x1b[2Jb\tc") == "a [2Jb c"
    assert len(shown("x" * 5_000)) == 300


keys = st.sampled_from(
    [
        *("requestContext", "requestPayload", "responsePayload", "functionArn", "condition", "errorMessage", "Records"),
        *("Sns", "s3", "bucket", "object", "key", "name", "Message", "Type", "TopicArn", "detail-type", "batch"),
    ]
)
values = st.sampled_from(
    [arn("hato-dev-on_upload"), TOPIC, "Notification", called(), UPLOAD, {"functionArn": arn("x")}]
)
anything: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | values,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=6),
    max_leaves=12,
)
records = st.builds(
    lambda context, event, error: record(event, requestContext=context, responsePayload=error), *[anything] * 3
)


@given(anything.map(json.dumps) | records | st.text(max_size=40))
def test_any_message_is_read_as_something(body):
    for letter in (of_send(body), of_events(body)):
        assert letter.what
        assert letter.why
