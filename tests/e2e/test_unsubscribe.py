"""The way out, as people and mail programs take it: by the links in the mails, against the deployed pages."""

import http.client
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.aws.event_counters import SHORT, event_key
from chalicelib.domain.recipient import SHARDS
from tests.e2e.plain_aws import PlainAws

pytestmark = pytest.mark.cloud

PEOPLE = ("stays", "leaves", "returns", "untracked")


def address(name: str) -> str:
    return f"success+{name}@simulator.amazonses.com"  # it neither bounces nor complains


def send(aws: PlainAws, mail_id: str) -> dict[str, dict[str, Any]]:
    """Send a mail to all of them; the messages that came, by who got them."""
    text = {"mail_id": mail_id, "subject": "Hello", "body": "Out: {{ unsubscribe_url }}\n"}
    html = {"html": '<p>Hello</p><a ses:no-track href="{{ unsubscribe_url }}">out</a>'}
    aws.put_item("MailsTable", {name: {"S": value} for name, value in (text | html).items()})
    rows = "".join(f"{address(name)},{'no' if name == 'untracked' else ''}\n" for name in PEOPLE)
    aws.upload(f"lists/{mail_id}/people.csv", f"email,tracking\n{rows}".encode())
    (campaign,) = aws.ended_campaigns(f"lists/{mail_id}/people.csv")
    assert campaign["status"] == "finished"
    return {message["to"][0]: message for message in aws.inbox(mail_id)}


def link_in(message: dict[str, Any]) -> str:
    return str(message["headers"]["List-Unsubscribe"]).strip("<>")


def ask(method: str, url: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
    """Ask as a program does that sends nothing but what it is told to."""
    parts = urlsplit(url)
    with closing(http.client.HTTPConnection(parts.netloc, timeout=30)) as connection:
        connection.putrequest(method, parts.path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def unsubscribed_at(aws: PlainAws, name: str) -> Any:
    return aws.get_item("ContactsTable", email=address(name)).get("unsubscribed_at")


def counted(aws: PlainAws, campaign_id: str, name: str) -> int:
    found, counter = 0, SHORT[name]
    for shard in range(SHARDS):
        items = aws.client("dynamodb").query(
            TableName=aws.outputs["CampaignsTable"],
            KeyConditionExpression="campaign_id = :id",
            ExpressionAttributeValues={":id": {"S": event_key(campaign_id, shard)}},
        )["Items"]
        found += sum(int(item[counter]["N"]) for item in items if counter in item)
    return found


def test_every_mail_has_a_way_out_that_works_with_one_click_and_not_by_looking(aws: PlainAws) -> None:
    messages = send(aws, "way-out")
    assert set(messages) == {address(name) for name in PEOPLE}
    for message in messages.values():
        assert message["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert link_in(message) in message["text"]
        assert link_in(message) in message["html"]
    leaves = link_in(messages[address("leaves")])

    for scanner in ({}, {"User_Agent": "LinkScanner/1.0"}, {"Accept_Language": "ja"}):
        status, page = ask("GET", leaves, **scanner)
        assert status == 200
        assert "<form" in page
        assert address("leaves") not in page
    assert unsubscribed_at(aws, "leaves") is None

    form = {"Content_Type": "application/x-www-form-urlencoded"}
    assert ask("POST", leaves, b"List-Unsubscribe=One-Click", **form)[0] == 200
    first = unsubscribed_at(aws, "leaves")
    assert first
    assert ask("POST", leaves, b"List-Unsubscribe=One-Click")[0] == 200, "of no type"
    assert ask("POST", leaves, b"")[0] == 200, "of nothing at all"
    assert unsubscribed_at(aws, "leaves") == first

    returns = link_in(messages[address("returns")])
    assert ask("POST", returns, b"action=unsubscribe", **form)[0] == 200
    assert ask("POST", returns, b"action=resubscribe", **form)[0] == 200
    assert unsubscribed_at(aws, "returns") is None

    for wrong in (leaves[:-1], f"{leaves}x", leaves.replace("unsubscribe/", "unsubscribe/A")):
        assert ask("POST", wrong, b"")[0] == 400
        status, page = ask("GET", wrong)
        assert (status, "<form" in page) == (400, False)

    (campaign,) = aws.campaigns_of("lists/way-out/people.csv")
    assert counted(aws, campaign["campaign_id"], "unsubscribed") == 2
    assert set(send(aws, "way-out-again")) == {address(name) for name in PEOPLE if name != "leaves"}


def test_what_a_recipient_said_no_to_is_not_tracked(aws: PlainAws) -> None:
    messages = send(aws, "way-out-tracking")
    yes, no = {"opens": True, "clicks": True}, {"opens": False, "clicks": False}
    assert [messages[address(name)]["tracking"] for name in ("stays", "returns", "untracked")] == [yes, yes, no]
