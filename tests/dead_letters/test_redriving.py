"""What redrive does about a dead letter, and what it says that it will do."""

import io
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.domain.campaign import Status
from hato.dead_letters.letter import DeadLetter, Message
from hato.dead_letters.reading import read_batch, read_call
from hato.dead_letters.redriving import Action, Redriving
from tests.dead_letters.bodies import FUNCTIONS, TICK, UPLOAD, batch, called, notification, record
from tests.fakes.campaigns import FakeCampaigns

GOES_ON = [Status.PREPARING, Status.SENDING]


class FakeSqs:
    """Queues that take messages, or refuse them."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.error: Exception | None = None

    def send_message(self, **asked: str) -> None:
        if self.error:
            raise self.error
        self.sent.append((asked["QueueUrl"], asked["MessageBody"]))


class FakeLambda:
    """Functions that answer, fail, or cannot be called."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, Any]] = []
        self.failure: bytes | None = None
        self.error: Exception | None = None

    def invoke(self, **asked: Any) -> dict[str, Any]:
        if self.error:
            raise self.error
        self.calls.append((asked["FunctionName"], asked["InvocationType"], json.loads(asked["Payload"])))
        if self.failure is None:
            return {"StatusCode": 200, "Payload": io.BytesIO(b'{"recorded": []}')}
        return {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": io.BytesIO(self.failure)}


class House:
    def __init__(self) -> None:
        self.campaigns, self.sqs, self.functions = FakeCampaigns(), FakeSqs(), FakeLambda()
        self.redriving = Redriving(self.campaigns, FUNCTIONS, self.sqs, "the send queue", self.functions)

    def stand(self, status: Status) -> None:
        """The campaign c1 stands there."""
        self.campaigns.create("c1", "s", "m1", "t")
        self.campaigns.items["c1"]["status"] = status.value


@pytest.fixture
def house() -> House:
    return House()


def of_batch(body: str) -> DeadLetter:
    return read_batch(Message("id", body), most_tries=5)


def of_call(body: str) -> DeadLetter:
    return read_call(Message("id", body), FUNCTIONS)


# --- batches


@pytest.mark.parametrize("status", GOES_ON)
def test_a_batch_of_a_campaign_that_goes_on_is_put_back_into_the_send_queue_as_it_was(house, status):
    house.stand(status)
    assert house.redriving.plan(of_batch(batch())).action is Action.REQUEUE
    assert house.redriving.redrive(of_batch(batch())) == ""
    assert house.sqs.sent == [("the send queue", batch())]


def test_a_batch_that_was_put_into_the_queue_by_hand_is_put_back_for_it_has_no_campaign(house):
    assert house.redriving.redrive(of_batch(batch("queued-by-hand"))) == ""
    assert len(house.sqs.sent) == 1


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.PAUSED, "its campaign is paused: `hato resume c1` first"),
        (Status.STOPPED, "its campaign is stopped: `hato resume c1` sends what is left of it"),
        (Status.FAILED, "its campaign is failed: `hato resume c1` sends what is left of it"),
        (Status.FINISHED, "its campaign is finished: its report says how these rows ended"),
        (Status.CANCELLED, "its campaign is cancelled: its report says how these rows ended"),
    ],
)
def test_a_batch_of_a_campaign_that_does_not_send_stays_and_it_is_said_what_sends_it(house, status, said):
    house.stand(status)
    plan = house.redriving.plan(of_batch(batch()))
    assert plan.action is Action.STAY
    assert said in plan.sentence
    assert house.redriving.redrive(of_batch(batch())) == plan.sentence
    assert house.sqs.sent == []


def test_a_malformed_message_stays(house):
    letter = of_batch("no JSON")
    assert house.redriving.plan(letter).action is Action.STAY
    assert "nobody can work on it" in house.redriving.redrive(letter)
    assert house.sqs.sent == house.functions.calls == []


def test_a_batch_that_the_queue_refuses_stays_with_the_reason(house):
    house.sqs.error = ClientError({"Error": {"Code": "AccessDenied", "Message": "not you"}}, "SendMessage")
    assert house.redriving.redrive(of_batch(batch())) == "AWS refused SendMessage: AccessDenied: not you"


# --- calls


@pytest.mark.parametrize(
    ("body", "function", "event"),
    [
        (record(called()), "on_feedback", called()),
        (record(UPLOAD, "hato-dev-on_upload"), "on_upload", UPLOAD),
        (record(TICK, "hato-dev-refresh_pace"), "refresh_pace", TICK),
        (json.dumps(called()), "on_feedback", called()),
        (json.dumps(UPLOAD), "on_upload", UPLOAD),
    ],
    ids=["record", "upload", "minute", "event alone", "upload alone"],
)
def test_a_failed_call_is_made_again_with_the_same_event_and_waited_for(house, body, function, event):
    letter = of_call(body)
    assert house.redriving.plan(letter).action is Action.REPLAY
    assert house.redriving.redrive(letter) == ""
    assert house.functions.calls == [(f"hato-dev-{function}", "RequestResponse", event)]


def test_what_sns_could_not_hand_over_is_handed_over_as_sns_does(house):
    assert house.redriving.redrive(of_call(notification())) == ""
    ((name, _, event),) = house.functions.calls
    assert name == "hato-dev-on_feedback"
    assert event["Records"][0]["EventSource"] == "aws:sns"
    assert event["Records"][0]["Sns"]["Message"] == json.loads(notification())["Message"]


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        (b'{"errorType": "KeyError", "errorMessage": "no taro@example.com"}', "KeyError: no t***@example.com"),
        (b'{"errorMessage": "2026-03-02 Task timed out"}', "2026-03-02 Task timed out"),
        (b"", "Unhandled"),
        (b"[]", "Unhandled"),
    ],
)
def test_a_call_that_fails_again_stays_with_its_new_reason(house, payload, why):
    house.functions.failure = payload
    assert house.redriving.redrive(of_call(record(called()))) == f"on_feedback failed again: {why}"


def test_a_function_that_cannot_be_called_leaves_the_letter_with_the_reason(house):
    said = {"Error": {"Code": "ResourceNotFoundException", "Message": "Function not found"}}
    house.functions.error = ClientError(said, "Invoke")
    assert "Function not found" in house.redriving.redrive(of_call(record(called())))


def test_a_line_that_is_dead_is_no_matter_of_this_letter_alone(house):
    house.functions.error = EndpointConnectionError(endpoint_url="http://127.0.0.1:9")
    with pytest.raises(EndpointConnectionError):
        house.redriving.redrive(of_call(record(called())))


@pytest.mark.parametrize("body", ["hello", record(called(), "hato-dev-send_batch"), notification(topic="arn:cats")])
def test_what_is_no_call_of_ours_stays_and_nothing_is_called(house, body):
    assert "nobody can work on it" in house.redriving.redrive(of_call(body))
    assert house.functions.calls == []


# --- what is lost


def test_what_dropping_loses_is_said_of_every_kind(house):
    house.stand(Status.STOPPED)
    kinds = [
        *(of_batch(body) for body in (batch(), batch("other"), "no JSON")),
        *(of_call(body) for body in (record(called()), record(UPLOAD, "hato-dev-on_upload"), json.dumps(TICK), "?")),
    ]
    assert [house.redriving.plan(letter).loss for letter in kinds] == [
        "nothing that `hato resume c1` does not send",
        "one try of it; rows for which the state machine makes no other end as failed in the report",
        "the message",
        "what it tells of",
        "the start of its campaign",
        "nothing, for the next minute looks again",
        "the message",
    ]
