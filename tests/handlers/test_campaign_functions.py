"""prepare_batches and finish_campaign, as the state machine calls them."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.errors import InputIncomplete
from tests.handlers.house import House

INPUT = {"file_name": "lists/autumn/people.csv", "mail_id": "autumn"}
LIST = "email,name\ntaro@example.com,太郎\nno address,x\nTARO@example.com,y\n".encode()


def asked(campaign_id: str = "c1", document: Any = None) -> dict[str, Any]:
    """What the state machine hands to PrepareBatches."""
    document = INPUT if document is None else document
    return {"campaign_id": campaign_id, "execution": f"arn:aws:states:::execution:x:{campaign_id}", "input": document}


# ── prepare_batches ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.cloud
def test_a_list_becomes_batches(cloud_house: House) -> None:
    cloud_house.put("mails", mail_id="autumn", subject="秋号", body="{{ name }} さん")
    cloud_house.aws("s3").put_object(Bucket=cloud_house.bucket, Key="lists/autumn/people.csv", Body=LIST)
    answered = cloud_house.invoke("prepare_batches", asked("c-made"))
    answer = answered.answer
    assert answered.line["campaign"] == "c-made"
    wanted = {"rows": 3, "invalid": 1, "duplicate": 1, "batches": 1}
    assert {name: answer[name] for name in wanted} == wanted
    body = cloud_house.aws("s3").get_object(Bucket=cloud_house.bucket, Key=answer["batches_key"])["Body"].read()
    assert [person["email"] for person in json.loads(body)["recipients"]] == ["taro@example.com"]
    assert cloud_house.summary("c-made")["status"] == "sending"


@pytest.mark.cloud
@pytest.mark.parametrize(
    ("error", "body", "text"),
    [
        ("ListNotFound", None, "x"),
        ("ListEmpty", b"email,name\n", "x"),
        ("ListEmpty", b"", "x"),
        ("ListUnreadable", b"PK\x03\x04" + bytes(100), "x"),
        ("ListUnreadable", b"name,age\nx,1\n", "x"),
        ("MergeFieldMissing", LIST, "{{ birthday }}"),
        ("MailInvalid", LIST, "{{ broken"),
    ],
)
def test_a_list_that_cannot_be_sent_is_answered_by_name(
    cloud_house: House, error: str, body: bytes | None, text: str
) -> None:
    key, campaign_id = f"lists/odd/{error}.csv", f"c-{error}-{len(body or b'')}"
    cloud_house.put("mails", mail_id="odd", subject="秋号", body=text)
    if body is not None:
        cloud_house.aws("s3").put_object(Bucket=cloud_house.bucket, Key=key, Body=body)
    document = {"file_name": key, "mail_id": "odd"}
    answer = cloud_house.invoke("prepare_batches", asked(campaign_id, document)).answer
    assert answer["Error"] == error
    assert answer["Cause"]


@pytest.mark.cloud
def test_a_mail_that_is_not_there_is_answered_by_name(cloud_house: House) -> None:
    document = {"file_name": "lists/nothing/people.csv", "mail_id": "nothing"}
    assert cloud_house.invoke("prepare_batches", asked("c-no-mail", document)).answer["Error"] == "MailNotFound"
    assert cloud_house.summary("c-no-mail")["status"] == "preparing"


INCOMPLETE = [
    {},
    {"file_name": "lists/a/b.csv"},
    {"mail_id": "a"},
    {"file_name": "", "mail_id": "a"},
    {"file_name": ["lists/a/b.csv"], "mail_id": "a"},
    {"file_name": "lists/a/b.csv", "mail_id": 5},
    {"file_name": None, "mail_id": None},
    [],
    ["lists/a/b.csv"],
    "lists/a/b.csv",
    5,
    False,
]


@pytest.mark.parametrize("document", INCOMPLETE, ids=json.dumps)
def test_an_input_that_names_no_list_and_mail_is_answered_by_name(house: House, document: Any) -> None:
    answer = house.invoke("prepare_batches", {**asked(), "input": document}).answer
    assert answer["Error"] == "InputIncomplete"
    assert "file_name" in answer["Cause"]


def test_an_input_of_null_is_answered_by_name(house: House) -> None:
    answer = house.invoke("prepare_batches", {**asked(), "input": None}).answer
    assert answer["Error"] == "InputIncomplete"


@pytest.mark.parametrize("function", ["prepare_batches", "finish_campaign"])
@pytest.mark.parametrize("event", [{}, {"campaign_id": ""}, {"campaign_id": 5}, {"execution": "x"}, [], "c1"], ids=str)
def test_a_call_that_names_no_campaign_is_refused_by_name(house: House, function: str, event: Any) -> None:
    told = house.refuses(function, event, InputIncomplete)
    assert "campaign_id" in told.line["message"]


# ── finish_campaign ─────────────────────────────────────────────────────────────────────────────────────────────────


LAMBDA_SAID = json.dumps({"errorMessage": "No rows here.", "errorType": "ListEmpty", "stackTrace": ["…"]})
ERRORS: dict[str, tuple[dict[str, Any], str, str]] = {
    "an answer of PrepareBatches": ({"Error": "ListEmpty", "Cause": "No rows here."}, "failed", "No rows here."),
    "a Lambda's exception": ({"Error": "ListEmpty", "Cause": LAMBDA_SAID}, "failed", "No rows here."),
    "a Lambda that ran out of time": (
        {"Error": "Sandbox.Timedout", "Cause": '{"errorMessage":"RequestId: 1 Error: Task timed out after 900 s"}'},
        "failed",
        "RequestId: 1 Error: Task timed out after 900 s",
    ),
    "AWS's own words": (
        {"Error": "States.ExceedToleratedFailureThreshold", "Cause": "The specified tolerated failure was exceeded"},
        "failed",
        "The specified tolerated failure was exceeded",
    ),
    "a cause of JSON that is no Lambda's": ({"Error": "X", "Cause": '["a"]'}, "failed", '["a"]'),
    "an error without a cause": ({"Error": "States.Timeout"}, "failed", "States.Timeout"),
    "a cause of nothing": ({"Error": "States.Timeout", "Cause": ""}, "failed", "States.Timeout"),
    "nothing at all": ({"Error": "", "Cause": ""}, "failed", "The state machine gave up."),
    "a stopped campaign": ({"Error": "CampaignStopped", "Cause": "SES paused it."}, "stopped", "SES paused it."),
}


@pytest.mark.parametrize(("error", "status", "reason"), ERRORS.values(), ids=ERRORS)
def test_each_shape_of_error_becomes_a_status_and_a_reason(
    house: House, error: dict[str, Any], status: str, reason: str
) -> None:
    told = house.invoke("finish_campaign", {"campaign_id": "c1", "input": INPUT, "error": error})
    assert told.answer == {"status": status, "reason": reason}
    assert (told.line["campaign"], told.metrics) == ("c1", {"CampaignsFailed": 1})
    summary = house.summary("c1")
    assert (summary["status"], summary["reason"]) == (status, reason)
    assert (summary["source"], summary["mail_id"]) == ("lists/autumn/people.csv", "autumn")
    assert summary["finished_at"]


@pytest.mark.parametrize("document", INCOMPLETE, ids=json.dumps)
def test_a_campaign_of_any_input_can_be_recorded_as_failed(house: House, document: Any) -> None:
    error = {"Error": "InputIncomplete", "Cause": "The input lacks mail_id."}
    house.invoke("finish_campaign", {"campaign_id": "c1", "input": document, "error": error})
    assert house.summary("c1")["reason"] == "The input lacks mail_id."


def test_a_campaign_that_comes_to_its_end_is_counted(house: House) -> None:
    told = house.invoke("finish_campaign", {"campaign_id": "c1"})
    assert (told.answer["status"], told.metrics) == ("finished", {"CampaignsFinished": 1})


@pytest.mark.parametrize("function", ["prepare_batches", "finish_campaign"])
def test_the_campaign_is_in_the_line_of_an_invocation_that_fails_and_not_in_the_next(
    house: House, environment: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], function: str
) -> None:
    environment.setenv("CAMPAIGNS_TABLE", "no-such-table")
    house = House(house.aws, capfd)
    line = house.refuses(function, asked("c-lost"), ClientError).line
    assert line["campaign"] == "c-lost"
    assert "Traceback" in line["stack"]
    assert "campaign" not in house.refuses(function, {}, InputIncomplete).line


def test_a_reason_with_an_address_in_it_is_kept_in_the_table_and_shortened_in_the_log(house: House) -> None:
    said = 'The row {"email": "taro.yamada@example.com"} cannot be read.'
    error = {"Error": "States.TaskFailed", "Cause": said}
    told = house.invoke("finish_campaign", {"campaign_id": "c1", "input": INPUT, "error": error})
    assert house.summary("c1")["reason"] == said
    assert told.line["result"]["reason"] == 'The row {"email": "t***@example.com"} cannot be read.'


def test_what_its_owner_cancelled_stays_cancelled(house: House) -> None:
    house.put("campaigns", campaign_id="c1", part="summary", status="cancelled", reason="Wrong list.")
    error = {"Error": "CampaignStopped", "Cause": "Campaign c1 is cancelled."}
    told = house.invoke("finish_campaign", {"campaign_id": "c1", "input": INPUT, "error": error})
    assert (told.answer["status"], told.metrics) == ("cancelled", {})
    assert house.summary("c1")["reason"] == "Wrong list."


@pytest.mark.cloud
def test_a_campaign_that_was_given_up_accounts_for_every_row(cloud_house: House) -> None:
    cloud_house.put("mails", mail_id="given-up", subject="秋号", body="{{ name }} さん")
    cloud_house.aws("s3").put_object(Bucket=cloud_house.bucket, Key="lists/given-up/people.csv", Body=LIST)
    document = {"file_name": "lists/given-up/people.csv", "mail_id": "given-up"}
    cloud_house.invoke("prepare_batches", asked("c-given-up", document))
    error = {"Error": "CampaignStopped", "Cause": "SES paused it."}
    event = {"campaign_id": "c-given-up", "input": document, "error": error}
    told = cloud_house.invoke("finish_campaign", event)
    answer = told.answer
    assert (answer["status"], told.metrics) == ("stopped", {"CampaignsFailed": 1})
    wanted = {"invalid": 1, "duplicate": 1, "failed": 1, "accepted": 0}
    assert {name: answer[name] for name in wanted} == wanted
