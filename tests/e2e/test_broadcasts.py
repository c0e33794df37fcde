"""The second article's way: contacts put by hand, and a text dropped into S3 that goes to all of them."""

import pytest

from tests.e2e.plain_aws import PlainAws

pytestmark = pytest.mark.cloud

TEXT = "メール配信テスト\n\nこのメールはテストです。\n"


def test_a_text_reaches_every_contact_in_good_standing_once(aws: PlainAws) -> None:
    for email, name in (("yamada", "山田太郎"), ("tanaka", "田中一郎"), ("sato", "佐藤二郎")):
        aws.put_item(
            "ContactsTable",
            {
                "email": {"S": f"{email}@example.com"},
                "username": {"S": name},
                "haserror": {"N": "0"},
                "issend": {"N": "0"},
            },
        )
    aws.put_item(
        "ContactsTable",
        {"email": {"S": "bad@example.com"}, "username": {"S": "誤"}, "haserror": {"N": "1"}, "issend": {"N": "0"}},
    )
    aws.upload("broadcasts/example.txt", TEXT.encode())

    (campaign,) = aws.ended_campaigns("broadcasts/example.txt")
    assert campaign["status"] == "finished"
    inbox = aws.inbox(campaign["mail_id"])
    reached = sorted(message["to"][0] for message in inbox)
    assert {"yamada@example.com", "tanaka@example.com", "sato@example.com"} <= set(reached)
    assert "bad@example.com" not in reached
    assert len(set(reached)) == len(reached)
    assert {message["subject"] for message in inbox} == {"メール配信テスト"}
    assert {message["text"].rstrip("\n") for message in inbox} == {"このメールはテストです。"}

    aws.upload("broadcasts/example.txt", TEXT.encode())  # the same text again is the same mail
    _, again = aws.ended_campaigns("broadcasts/example.txt", count=2)
    assert int(again["accepted"]) == 0
    assert len(aws.inbox(campaign["mail_id"])) == len(inbox)


def test_merge_fields_of_a_broadcast_are_the_contacts_attributes(aws: PlainAws) -> None:
    aws.put_item(
        "ContactsTable",
        {"email": {"S": "field@example.com"}, "username": {"S": "花子"}, "town": {"S": "京都"}, "haserror": {"N": "0"}},
    )
    aws.upload("broadcasts/fields.txt", "{{ username }} さん\r\n\r\n{{ town }} からこんにちは。\r\n".encode("cp932"))

    (campaign,) = aws.ended_campaigns("broadcasts/fields.txt")
    (message,) = [each for each in aws.inbox(campaign["mail_id"]) if each["to"] == ["field@example.com"]]
    assert message["subject"] == "花子 さん"
    assert message["text"].rstrip() == "京都 からこんにちは。"
    assert int(campaign["invalid"]) > 0  # the contacts who have no town, each with its reason
    assert {line["reason"] for line in aws.report(campaign["campaign_id"]) if line["outcome"] == "invalid"} == {
        "The contact has no town."
    }
