"""Events, field by field as SES writes them."""

import json
from typing import Any

import pytest

from hato.local.ses.address import read_mailbox
from hato.local.ses.draft import Content, Draft
from hato.local.ses.message import Message, accept
from hato.local.ses.notification import notification
from hato.local.ses.step import HARD_BOUNCE, OUT_OF_OFFICE, SOFT_BOUNCE, SUPPRESSED, Kind, Step

NOW = 1_790_000_000.0
KEYS = {
    Kind.SEND: "send",
    Kind.REJECT: "reject",
    Kind.RENDERING_FAILURE: "failure",
    Kind.DELIVERY: "delivery",
    Kind.DELIVERY_DELAY: "deliveryDelay",
    Kind.BOUNCE: "bounce",
    Kind.COMPLAINT: "complaint",
    Kind.OPEN: "open",
    Kind.CLICK: "click",
}


def message() -> Message:
    draft = Draft(
        sender=read_mailbox("Hato <news@example.com>"),
        to=[read_mailbox("ann@example.com")],
        content=Content("Hello", "text", "<a href='https://example.com/x'>x</a>"),
        operation="SendBulkEmail",
        headers=(("List-Unsubscribe", "<https://example.com/u>"),),
        tags={"campaign": "c1"},
        configuration_set="hato-dev",
    )
    return accept(draft, "0100-id-000000", NOW, "email.amazonses.com")


def written(step: Step, at: float = NOW + 1) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(notification(message(), "ann@example.com", step, at, "us-east-1"))
    return event


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_its_own_object_beside_the_mail(kind: Kind) -> None:
    event = written(Step(kind, detail=HARD_BOUNCE if kind is Kind.BOUNCE else "why"))
    assert set(event) == {"eventType", "mail", KEYS[kind]}
    assert event["eventType"] == kind.value


def test_a_notification_ends_with_a_newline_as_those_of_ses_do() -> None:
    assert notification(message(), "ann@example.com", Step(Kind.SEND), NOW, "us-east-1").endswith("}\n")


def test_the_mail_object_is_complete() -> None:
    mail = written(Step(Kind.SEND))["mail"]
    assert mail["timestamp"] == "2026-09-21T14:13:20.000Z"
    assert mail["source"] == "Hato <news@example.com>"
    assert mail["sourceArn"] == "arn:aws:ses:us-east-1:000000000000:identity/news@example.com"
    assert mail["messageId"] == "0100-id-000000"
    assert mail["destination"] == ["ann@example.com"]
    assert mail["headersTruncated"] is False
    assert {"name": "List-Unsubscribe", "value": "<https://example.com/u>"} in mail["headers"]
    assert mail["commonHeaders"]["subject"] == "Hello"
    assert mail["commonHeaders"]["messageId"] == "0100-id-000000"


def test_tags_are_lists_and_those_of_ses_stand_beside_the_callers() -> None:
    tags = written(Step(Kind.SEND))["mail"]["tags"]
    assert tags["campaign"] == ["c1"]
    assert tags["ses:configuration-set"] == ["hato-dev"]
    assert tags["ses:from-domain"] == ["example.com"]
    assert {"ses:source-ip", "ses:caller-identity", "ses:operation"} <= set(tags)


@pytest.mark.parametrize("detail", [HARD_BOUNCE, SOFT_BOUNCE, OUT_OF_OFFICE, SUPPRESSED])
def test_a_bounce_says_its_type_and_recipient(detail: str) -> None:
    bounce = written(Step(Kind.BOUNCE, detail=detail))["bounce"]
    assert f"{bounce['bounceType']}/{bounce['bounceSubType']}" == detail
    assert bounce["bouncedRecipients"][0]["emailAddress"] == "ann@example.com"
    assert bounce["timestamp"] == "2026-09-21T14:13:21.000Z"


def test_a_click_names_the_link_and_who_followed_it() -> None:
    click = written(Step(Kind.CLICK, link="https://example.com/y"))["click"]
    assert (click["link"], click["linkTags"], click["isBotEvent"]) == ("https://example.com/y", None, "Unlikely")
    opened = written(Step(Kind.OPEN, bot=True, agent="Barracuda Sentinel (EE)"))["open"]
    assert (opened["userAgent"], opened["isBotEvent"]) == ("Barracuda Sentinel (EE)", "Likely")


@pytest.mark.parametrize("kind", [Kind.OPEN, Kind.CLICK])
def test_where_ses_gives_no_verdict_the_key_is_missing(kind: Kind) -> None:
    body = written(Step(kind, verdict=False))[KEYS[kind]]
    assert {"timestamp", "ipAddress", "userAgent"} <= set(body)
    assert "isBotEvent" not in body


def test_a_rendering_failure_lies_under_failure() -> None:
    failure = written(Step(Kind.RENDERING_FAILURE, detail="Attribute 'x' is not present in the rendering data."))
    assert failure["failure"]["errorMessage"] == "Attribute 'x' is not present in the rendering data."
