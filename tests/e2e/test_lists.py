"""Lists that become campaigns, driven by AWS calls alone, with IAM enforced."""

from collections import Counter
from typing import Any

import pytest

from tests.e2e.plain_aws import PlainAws

pytestmark = pytest.mark.cloud


def put_mail(aws: PlainAws, mail_id: str, **more: str) -> None:
    mail = {"mail_id": mail_id, "subject": "Hello {{ username }}", "body": "Dear {{ username }},\nwelcome.\n"} | more
    aws.put_item("MailsTable", {name: {"S": text} for name, text in mail.items()})


def good_rows(prefix: str, count: int) -> str:
    return "".join(f"{prefix}{number}@example.com,Person {number}\n" for number in range(count))


def numbers(summary: dict[str, Any]) -> dict[str, int]:
    ends = ("rows", "invalid", "duplicate", "suppressed", "already_sent", "accepted", "failed", "unknown")
    return {name: int(summary[name]) for name in ends if int(summary[name])}


def test_a_list_reaches_each_address_once_and_its_report_accounts_for_every_row(aws: PlainAws) -> None:
    put_mail(aws, "first", html="<p>Dear {{ username }}</p>")
    aws.put_item("ContactsTable", {"email": {"S": "gone@example.com"}, "haserror": {"N": "1"}})
    content = (
        "email,username\n"
        + good_rows("first", 130)
        + "FIRST1@Example.com,Again\nno address here,Nobody\ngone@example.com,Gone\ntoo,many,cells\n"
        + '"last@example.com","<b>O\'Neil & Söhne</b> 鳩"\n'
    )
    aws.upload("lists/first/people.csv", content.encode())

    (campaign,) = aws.ended_campaigns("lists/first/people.csv")
    assert campaign["status"] == "finished"
    assert numbers(campaign) == {"rows": 135, "invalid": 2, "duplicate": 1, "suppressed": 1, "accepted": 131}
    report = aws.report(campaign["campaign_id"])
    assert [int(line["row"]) for line in report] == list(range(2, 137))
    assert Counter(line["outcome"] for line in report) == {
        "accepted": 131,
        "invalid": 2,
        "duplicate": 1,
        "suppressed": 1,
    }
    assert all(line["reason"] for line in report if line["outcome"] != "accepted")
    inbox = aws.inbox("first")
    assert Counter(message["to"][0] for message in inbox) == Counter(
        line["email"] for line in report if line["outcome"] == "accepted"
    )
    assert {message["message_id"] for message in inbox} == {line["message_id"] for line in report} - {""}
    (last,) = [message for message in inbox if message["to"] == ["last@example.com"]]
    assert last["subject"] == "Hello <b>O'Neil & Söhne</b> 鳩"
    assert "Dear <b>O'Neil & Söhne</b> 鳩," in last["text"]
    assert "<p>Dear &lt;b&gt;O&#39;Neil &amp; Söhne&lt;/b&gt; 鳩</p>" in last["html"]
    assert set(last["tags"]) >= {"campaign", "mail", "shard"}
    assert last["tags"]["campaign"] == campaign["campaign_id"]


def test_the_same_mail_to_a_corrected_list_goes_only_to_who_has_not_had_it(aws: PlainAws) -> None:
    put_mail(aws, "second")
    aws.upload("lists/second/people.csv", ("email,username\n" + good_rows("second", 20)).encode())
    aws.ended_campaigns("lists/second/people.csv")
    aws.upload("lists/second/people.csv", ("email,username\n" + good_rows("second", 25)).encode())

    _, corrected = aws.ended_campaigns("lists/second/people.csv", count=2)
    assert numbers(corrected) == {"rows": 25, "already_sent": 20, "accepted": 5}
    assert len(aws.inbox("second")) == 25


def test_two_lists_under_one_name_are_each_sent_however_soon_the_second_follows(aws: PlainAws) -> None:
    put_mail(aws, "overtaken")
    aws.upload("lists/overtaken/list.csv", ("email,username\n" + good_rows("early", 3)).encode())
    aws.upload("lists/overtaken/list.csv", ("email,username\n" + good_rows("late", 2)).encode())

    ended = aws.ended_campaigns("lists/overtaken/list.csv", count=2)
    assert sorted(int(each["rows"]) for each in ended) == [2, 3]
    assert len(aws.inbox("overtaken")) == 5


def test_the_state_machine_takes_the_input_of_the_first_article_by_hand(aws: PlainAws) -> None:
    put_mail(aws, "by-hand")
    aws.upload("lists/by-hand-elsewhere", b"")  # a key that starts nothing but an error of its own
    bucket = aws.outputs["UploadBucket"]
    aws.client("s3").put_object(
        Bucket=bucket, Key="campaigns/hand-made.csv", Body=b"email,username\nhand@example.com,H\n"
    )
    execution = aws.client("stepfunctions").start_execution(
        stateMachineArn=aws.outputs["StateMachine"],
        input='{"file_name": "campaigns/hand-made.csv", "mail_id": "by-hand"}',
    )["executionArn"]

    def ended() -> str | None:
        status = aws.client("stepfunctions").describe_execution(executionArn=execution)["status"]
        return status if status != "RUNNING" else None

    assert aws.wait_for(ended, "the execution") == "SUCCEEDED"
    assert [message["to"] for message in aws.inbox("by-hand")] == [["hand@example.com"]]
    summary = aws.get_item("CampaignsTable", campaign_id=execution.rsplit(":", 1)[-1], part="summary")
    assert (summary["status"], summary["accepted"]) == ("finished", "1")


@pytest.mark.parametrize(
    ("key", "content", "reason"),
    [
        ("lists/no-such-mail/list.csv", b"email\na@example.com\n", "There is no mail no-such-mail"),
        ("lists/third/no-email-column.csv", b"name,town\nTaro,Kyoto\n", "name, town"),
        ("lists/third/empty.csv", b"", "empty"),
        ("lists/third/only-a-header.csv", b"email,username\n", "no rows"),
        ("lists/third/binary.csv", bytes(range(256)) * 40, "not CSV text"),
        ("lists/third/no-username.csv", b"email,town\na@example.com,Kyoto\n", "{{ username }}"),
        ("lists/third/workbook.csv", b"PK\x03\x04 [Content_Types].xml xl/workbook", "Excel"),
        ("third.csv", b"email\na@example.com\n", "lists/<mail_id>/<name>.csv"),
        ("lists/third.csv", b"email\na@example.com\n", "lists/<mail_id>/<name>.csv"),
        ("broadcasts/no-body.txt", "件名だけ\n".encode(), "line 1"),
    ],
)
def test_what_cannot_be_sent_fails_with_a_sentence_and_sends_nothing(
    aws: PlainAws, key: str, content: bytes, reason: str
) -> None:
    put_mail(aws, "third")
    aws.upload(key, content)

    (campaign,) = aws.ended_campaigns(key)
    assert campaign["status"] == "failed"
    assert reason in campaign["reason"]
    assert aws.inbox("third") == []


def test_an_input_that_lacks_its_words_fails_with_a_sentence(aws: PlainAws) -> None:
    execution = aws.client("stepfunctions").start_execution(
        stateMachineArn=aws.outputs["StateMachine"], name="without-mail", input='{"file_name": "lists/x/y.csv"}'
    )["executionArn"]

    def ended() -> dict[str, Any] | None:
        found = aws.client("stepfunctions").describe_execution(executionArn=execution)
        return found if found["status"] != "RUNNING" else None

    found = aws.wait_for(ended, "the execution")
    assert (found["status"], found["error"]) == ("FAILED", "InputIncomplete")
    summary = aws.get_item("CampaignsTable", campaign_id="without-mail", part="summary")
    assert summary["status"] == "failed"
    assert "lacks mail_id" in summary["reason"]


def test_a_list_without_one_good_row_finishes_with_a_report_of_all_bad_ones(aws: PlainAws) -> None:
    put_mail(aws, "fourth")
    aws.upload("lists/fourth/all-bad.csv", b"email,username\nnobody,A\nnobody@,B\n")

    (campaign,) = aws.ended_campaigns("lists/fourth/all-bad.csv")
    assert campaign["status"] == "finished"
    assert numbers(campaign) == {"rows": 2, "invalid": 2}
    assert [line["outcome"] for line in aws.report(campaign["campaign_id"])] == ["invalid", "invalid"]
