"""send_batch, as SQS calls it."""

import copy
import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.domain.recipient import shard_of, shard_tag
from tests.handlers.house import House, WaitingTask

RECIPIENT = {"row": 1, "email": "taro@example.com", "fields": {"name": "太郎"}}
BATCH = {"campaign_id": "c1", "mail_id": "autumn", "batch": 0, "recipients": [RECIPIENT]}
NOBODY = "a token that nobody waits for"


def queued(house: House, *bodies: str) -> dict[str, Any]:
    """SQS's event with these messages."""
    return dict(house.events.generate_sqs_event(list(bodies)))


def message(token: str = NOBODY, **changes: Any) -> str:
    """A message with this token, its batch changed so."""
    return json.dumps({"task_token": token, "batch": {**copy.deepcopy(BATCH), **changes}})


def recipients(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**RECIPIENT, **each} for each in changes]


# What is wrong with the batch, in the words of the reason.
MALFORMED: dict[str, dict[str, Any]] = {
    "The batch has no campaign_id.": {"campaign_id": 17},
    "The batch has no mail_id.": {"mail_id": ""},
    "The batch has no number.": {"batch": "0"},
    "The batch has no recipients.": {"recipients": []},
    "A recipient is no JSON object.": {"recipients": ["taro@example.com"]},
    "A recipient lacks its row or its email.": {"recipients": recipients({"email": None})},
    "The fields of row 1 are no JSON object.": {"recipients": recipients({"fields": ["a"]})},
    "The batch names a recipient twice.": {"recipients": recipients({}, {"row": 2, "email": "TARO@example.com"})},
    "The address in row 1 cannot be used": {"recipients": recipients({"email": "taro@@example.com"})},
    "The message holds half a character": {"recipients": recipients({"email": "\ud83d@example.com"})},
}


@pytest.mark.cloud
@pytest.mark.parametrize(("reason", "changes"), MALFORMED.items(), ids=MALFORMED)
def test_a_malformed_batch_goes_to_the_dead_letters_and_its_task_is_told(
    cloud_house: House, reason: str, changes: dict[str, Any]
) -> None:
    task = cloud_house.waiting_task()
    body = message(task.token, **changes)
    answer = cloud_house.invoke("send_batch", queued(cloud_house, body)).answer
    assert answer["malformed"].startswith(reason)
    assert cloud_house.dead_letters() == [(body, answer["malformed"])]
    ended = task.end()
    assert (ended["status"], ended["error"], ended["cause"]) == ("FAILED", "BatchMalformed", answer["malformed"])


@pytest.mark.cloud
@pytest.mark.parametrize(
    "changes",
    [{"campaign_id": "c\ud83d"}, {"mail_id": "\udc26"}, {"recipients": recipients({"fields": {"name": "\ud83d"}})}],
    ids=["campaign", "mail", "field"],
)
def test_half_a_character_anywhere_is_malformed(cloud_house: House, changes: dict[str, Any]) -> None:
    task = cloud_house.waiting_task()
    answer = cloud_house.invoke("send_batch", queued(cloud_house, message(task.token, **changes))).answer
    assert answer == {"malformed": "The message holds half a character, which no service takes."}
    assert len(cloud_house.dead_letters()) == 1
    assert task.end()["error"] == "BatchMalformed"


@pytest.mark.cloud
def test_whole_characters_may_be_written_as_escapes(cloud_house: House) -> None:
    bird = recipients({"email": "bird@example.com", "fields": {"name": "\U0001f426"}})
    assert send(cloud_house, cloud_house.waiting_task(), "c-bird", 90, recipients=bird).answer["accepted"] == 1


UNREADABLE = {
    "no JSON": ("{", "The message is no JSON."),
    "cut short": (message()[:-3], "The message is no JSON."),
    "nested without end": ("[" * 100_000, "The message is no JSON."),
    "null": ("null", "The message is no JSON object."),
    "a list": ("[]", "The message is no JSON object."),
    "no token": (json.dumps({"batch": BATCH}), "The message has no task_token."),
    "a token that is a number": (json.dumps({"task_token": 5, "batch": BATCH}), "The message has no task_token."),
    "an empty token": (message(""), "The message has no task_token."),
    "no batch": (json.dumps({"task_token": NOBODY}), "The batch is no JSON object."),
    "a batch that is a list": (json.dumps({"task_token": NOBODY, "batch": []}), "The batch is no JSON object."),
}


@pytest.mark.parametrize(("body", "reason"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_message_goes_to_the_dead_letters(house: House, body: str, reason: str) -> None:
    assert house.invoke("send_batch", queued(house, body)).answer == {"malformed": reason}
    assert house.dead_letters() == [(body, reason)]


@pytest.mark.parametrize("body", ['{"task_token": "t", "batch": "\ud83d"}', "\ud83d"], ids=["inside", "all of it"])
def test_a_body_that_no_queue_would_take_is_kept_as_far_as_one_can(house: House, body: str) -> None:
    house.invoke("send_batch", queued(house, body))
    ((kept, reason),) = house.dead_letters()
    assert kept == body.replace("\ud83d", "?")
    assert reason.startswith("The ")


@pytest.mark.parametrize("record", [{}, {"body": ""}, {"body": None}, {"body": {"a": 1}}], ids=str)
def test_a_record_without_a_text_is_a_dead_letter_too(house: House, record: dict[str, Any]) -> None:
    house.invoke("send_batch", {"Records": [record]})
    ((kept, _),) = house.dead_letters()
    assert kept


@pytest.mark.parametrize("event", [{}, {"Records": []}, {"Records": 5}, [], None, "text"], ids=str)
def test_an_event_without_messages_sends_nothing(house: House, event: Any) -> None:
    assert house.invoke("send_batch", event).answer == {}
    assert house.dead_letters() == []


def test_a_malformed_message_does_not_swallow_the_next(house: House) -> None:
    house.invoke("send_batch", queued(house, "{", "["))
    assert [body for body, _ in house.dead_letters()] == ["{", "["]


@pytest.mark.cloud
def test_a_task_is_told_even_where_the_dead_letters_cannot_be_reached(
    cloud_house: House, environment: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("SEND_DEAD_LETTER_QUEUE", "no-such-queue")
    house, task = House(cloud_house.aws, capfd), cloud_house.waiting_task()
    house.refuses("send_batch", queued(house, message(task.token, batch=-1)), ClientError)
    assert task.end()["error"] == "BatchMalformed"


@pytest.mark.cloud
def test_a_token_that_nobody_waits_for_is_no_error(cloud_house: House) -> None:
    answer = cloud_house.invoke("send_batch", queued(cloud_house, message(batch=-1))).answer
    assert answer == {"malformed": "The batch has no number."}
    assert len(cloud_house.dead_letters()) == 1


# ── batches ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def send(house: House, task: WaitingTask, campaign_id: str, seconds: float | None = None, **changes: Any) -> Any:
    house.put("mails", mail_id="autumn", subject="秋号", body="{{ name }} さん")
    body = message(task.token, campaign_id=campaign_id, mail_id="autumn", **changes)
    return house.invoke("send_batch", queued(house, body), seconds)


def test_where_to_look_for_a_delivery() -> None:
    assert shard_tag(shard_of("taro@example.com")) == "06"  # the ledger outlives every release


@pytest.mark.cloud
def test_a_batch_is_sent_and_its_task_told(cloud_house: House) -> None:
    task = cloud_house.waiting_task()
    told = send(cloud_house, task, "c-sent", 90)
    assert told.answer == {"accepted": 1}
    assert (told.line["level"], told.line["campaign"], told.line["batch"]) == ("info", "c-sent", 0)
    assert told.metrics == {"MailsAccepted": 1}
    assert send(cloud_house, task, "c-sent", 90).metrics == {}, "the same message once more"
    assert json.loads(task.end()["output"])["accepted"] == 1


@pytest.mark.cloud
def test_a_batch_whose_lambda_has_no_time_left_goes_back_and_leaves_no_claim(cloud_house: House) -> None:
    task, late = cloud_house.waiting_task(), recipients({"email": "late@example.com"})
    told = send(cloud_house, task, "c-late", recipients=late)
    assert told.answer["returned"] == "SendingThrottled"
    assert (told.line["campaign"], told.metrics) == ("c-late", {})
    assert task.end()["error"] == "SendingThrottled"
    shard = shard_tag(shard_of("late@example.com"))
    assert cloud_house.item("deliveries", mail_shard=f"autumn#{shard}", email="late@example.com") == {}


@pytest.mark.cloud
@pytest.mark.parametrize(("status", "error"), [("paused", "CampaignPaused"), ("cancelled", "CampaignStopped")])
def test_a_batch_of_a_campaign_that_does_not_send_goes_back(cloud_house: House, status: str, error: str) -> None:
    cloud_house.put("campaigns", campaign_id=f"c-{status}", part="summary", status=status)
    task = cloud_house.waiting_task()
    answer = send(cloud_house, task, f"c-{status}", 90).answer
    assert answer["returned"] == task.end()["error"] == error


@pytest.mark.cloud
def test_a_failure_that_nobody_foresaw_is_told_to_the_state_machine_and_logged_as_an_error(cloud_house: House) -> None:
    cloud_house.put("campaigns", campaign_id="c-odd", part="summary", status="on holiday")
    task = cloud_house.waiting_task()
    told = send(cloud_house, task, "c-odd", 90)
    assert (told.line["level"], told.line["error"]) == ("error", "ValueError")
    assert (told.line["campaign"], told.line["batch"]) == ("c-odd", 0)
    assert "on holiday" in told.line["stack"]
    assert task.end()["error"] == "BatchFailed"


@pytest.mark.cloud
def test_a_batch_whose_task_cannot_be_told_is_in_the_error_line_without_its_token_and_not_in_the_next(
    cloud_house: House, environment: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    house, task = House(cloud_house.aws, capfd), cloud_house.waiting_task()
    house.app.wiring.tasks = Deaf()
    house.put("mails", mail_id="autumn", subject="秋号", body="{{ name }} さん")
    told = house.refuses("send_batch", queued(house, message(task.token, campaign_id="c-deaf", batch=7)), ValueError)
    assert (told.line["campaign"], told.line["batch"]) == ("c-deaf", 7)
    malformed = house.refuses("send_batch", queued(house, message(task.token, batch=-1)), ValueError)
    assert not {"campaign", "batch"} & malformed.line.keys()
    for each in (told, malformed):
        assert each.line["message"] == "*** for t***@example.com"
        assert task.token not in json.dumps(each.line) + str(each.answer)


class Deaf:
    """A state machine that cannot be told, and says of whom."""

    def succeed(self, token: str, result: object) -> None:
        self.fail(token, "", "")

    def fail(self, token: str, error: str, cause: str) -> None:
        raise ValueError(f"{token} for taro@example.com")
