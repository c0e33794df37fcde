"""on_upload, as S3 calls it."""

from typing import Any
from urllib.parse import quote_plus

import pytest
from botocore.exceptions import ClientError

from tests.handlers.house import House

TEXT = "鳩便りの秋号\n\n{{ username }} さん、こんにちは。\n".encode()


def created(house: House, *keys: str) -> dict[str, Any]:
    """S3's notice of these keys, URL-encoded as S3 encodes them."""
    notices = [house.events.generate_s3_event(house.bucket, quote_plus(key, safe="/")) for key in keys]
    return {"Records": [record for notice in notices for record in notice["Records"]]}


def test_an_uploaded_list_starts_its_campaign(house: House) -> None:
    told = house.invoke("on_upload", created(house, "lists/autumn/people.csv"))
    (started,) = told.answer["started"]
    assert started["mail"] == "autumn"
    assert house.executions() == {started["campaign"]: {"file_name": "lists/autumn/people.csv", "mail_id": "autumn"}}
    summary = house.summary(started["campaign"])
    assert (summary["status"], summary["mail_id"]) == ("preparing", "autumn")
    assert summary["source"] == f"s3://{house.bucket}/lists/autumn/people.csv"
    assert told.line["result"] == told.answer
    assert told.line["campaign"] == started["campaign"]
    assert told.metrics == {}


def test_the_same_notice_twice_is_one_campaign(house: House) -> None:
    notice = created(house, "lists/autumn/people.csv")
    first, second = (house.invoke("on_upload", notice).answer for _ in range(2))
    assert first == second
    assert len(house.executions()) == 1


@pytest.mark.parametrize(
    "key", ["lists/お知らせ/名簿 一覧.csv", "lists/a+b/100% + 1&2.csv", "lists/autumn/深い/場所/x.csv"]
)
def test_a_key_is_read_as_its_owner_wrote_it(house: House, key: str) -> None:
    (started,) = house.invoke("on_upload", created(house, key)).answer["started"]
    assert house.executions()[started["campaign"]] == {"file_name": key, "mail_id": key.split("/")[1]}


def test_an_uploaded_text_is_stored_as_a_mail_and_starts_its_campaign(house: House) -> None:
    house.aws("s3").put_object(Bucket=house.bucket, Key="broadcasts/秋号.txt", Body=TEXT)
    (started,) = house.invoke("on_upload", created(house, "broadcasts/秋号.txt")).answer["started"]
    assert house.item("mails", mail_id=started["mail"])["subject"] == "鳩便りの秋号"
    assert house.executions()[started["campaign"]]["file_name"] == "broadcasts/秋号.txt"


def test_each_record_of_an_event_is_looked_at(house: House) -> None:
    keys = ("lists/autumn/a.csv", "campaigns/c1/outcomes/0.jsonl", "elsewhere.csv", "lists/autumn/b.csv")
    first, own, wrong, last = house.invoke("on_upload", created(house, *keys)).answer["started"]
    assert own == {"ignored": "campaigns/c1/outcomes/0.jsonl"}
    assert wrong["failed"] == "KeyUnexpected"
    assert set(house.executions()) == {first["campaign"], last["campaign"]}


@pytest.mark.parametrize(
    "key", ["people.csv", "lists/people.csv", "lists//x.csv", "broadcasts/people.csv", "Lists/a/b"]
)
def test_a_key_in_no_place_of_hatos_is_a_failed_campaign_that_says_where_to_put_it(house: House, key: str) -> None:
    answered = house.invoke("on_upload", created(house, key))
    (told,) = answered.answer["started"]
    assert told["failed"] == "KeyUnexpected"
    assert answered.metrics == {"CampaignsFailed": 1}
    summary = house.summary(told["campaign"])
    assert summary["status"] == "failed"
    assert "put a list at lists/<mail_id>/<name>.csv" in summary["reason"]
    assert house.executions() == {}


def test_a_folder_that_the_console_makes_is_no_upload(house: House) -> None:
    assert house.invoke("on_upload", created(house, "lists/autumn/")).answer == {
        "started": [{"ignored": "lists/autumn/"}]
    }


def test_a_text_that_is_gone_is_a_failed_campaign(house: House) -> None:
    (told,) = house.invoke("on_upload", created(house, "broadcasts/gone.txt")).answer["started"]
    assert told["failed"] == "ListNotFound"
    assert house.summary(told["campaign"])["reason"] == f"There is no file s3://{house.bucket}/broadcasts/gone.txt."


def test_a_text_that_is_no_mail_is_a_failed_campaign(house: House) -> None:
    house.aws("s3").put_object(Bucket=house.bucket, Key="broadcasts/empty.txt", Body=b"")
    (told,) = house.invoke("on_upload", created(house, "broadcasts/empty.txt")).answer["started"]
    assert told["failed"] == "MailInvalid"


NOTHING = [
    {"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "hato-dev-uploads", "RequestId": "5582815E1AEA5ADF"},
    {"Records": []},
    {"Records": None},
    {"Records": 5},
    {"Records": "lists/a/b.csv"},
    {"Records": [None, "text", {}]},
    {},
    [],
    None,
    "text",
]


@pytest.mark.parametrize("event", NOTHING, ids=str)
def test_an_event_without_an_upload_starts_nothing(house: House, event: Any) -> None:
    assert house.invoke("on_upload", event).answer == {"started": []}
    assert house.executions() == {}


def test_an_address_in_a_key_is_not_logged(house: House) -> None:
    told = house.invoke("on_upload", created(house, "campaigns/taro.yamada@example.com/report.csv"))
    assert told.line["result"]["started"] == [{"ignored": "c***@example.com"}]


def test_where_a_campaign_cannot_be_started_it_is_in_the_error_line_and_not_in_the_next(
    house: House, environment: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("STATE_MACHINE", house.app.settings.state_machine + "-that-is-not-there")
    house = House(house.aws, capfd)
    line = house.refuses("on_upload", created(house, "lists/autumn/people.csv"), ClientError).line
    assert line["campaign"].startswith("people-")
    assert house.summary(line["campaign"])["status"] == "preparing"
    assert "campaign" not in house.invoke("on_upload", created(house, "lists/autumn/")).line
