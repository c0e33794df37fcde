"""on_feedback, on_delivery and on_engagement, as SNS calls them."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from chalicelib.domain.recipient import shard_of, shard_tag
from tests.handlers.house import House
from tests.samples import SES, ses

FUNCTIONS = ("on_feedback", "on_delivery", "on_engagement")
EMAIL, MAIL, CAMPAIGN = "hanako@example.jp", "loft-news-march", "march-0f1e2d3c4b5a6978"
SHARD = shard_tag(shard_of(EMAIL))
BOUNCED = {"bounced_permanently": 1}
COUNTERS = {"campaign_id": f"{CAMPAIGN}#events#{SHARD}", "part": "2026-03-02T06"}


def told(house: House, message: str, **more: Any) -> dict[str, Any]:
    """SNS's event with this message."""
    return dict(house.events.generate_sns_event(message, **more))


def claim(house: House) -> None:
    """Hato has sent this mail."""
    house.put("deliveries", mail_shard=f"{MAIL}#{SHARD}", email=EMAIL, campaign_id=CAMPAIGN, batch=0, accepted_at="x")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_an_event_reaches_the_ledger_the_counters_and_the_contact(house: House, function: str) -> None:
    claim(house)
    answer = house.invoke(function, told(house, SES["bounce_permanent"], subject="Amazon SES Email Event")).answer
    assert answer == {"recorded": [{"events": BOUNCED, "campaign": CAMPAIGN, "new": BOUNCED}]}
    delivery = house.item("deliveries", mail_shard=f"{MAIL}#{SHARD}", email=EMAIL)
    assert delivery["bounced_at"] == "2026-03-02T09:15:02.345Z"
    assert house.item("campaigns", **COUNTERS)["b/General"] == "1"
    assert house.item("contacts", email=EMAIL)["haserror"] == "1"


def test_the_same_event_twice_is_counted_once(house: House) -> None:
    claim(house)
    event = told(house, SES["bounce_permanent"])
    event["Records"] *= 2
    assert len(house.invoke("on_feedback", event).answer["recorded"]) == 2
    house.invoke("on_feedback", event)
    assert house.item("campaigns", **COUNTERS)["b/General"] == "1"


@pytest.mark.parametrize("name", sorted(SES))
def test_every_notification_of_ses_is_taken_by_every_function(house: House, name: str) -> None:
    for function in FUNCTIONS:
        (recorded,) = house.invoke(function, told(house, SES[name])).answer["recorded"]
        assert recorded.keys() in ({"events", "campaign"}, {"unreadable"}, {"unreadable", "note"})


def test_a_bounce_that_passes_the_limit_pauses_its_campaign_by_the_settings_of_its_stage(
    house: House, environment: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("BREAKER_AFTER", "1")
    house = House(house.aws, capfd)
    claim(house)
    house.put("campaigns", campaign_id=CAMPAIGN, part="summary", status="sending", batches=2)
    answered = house.invoke("on_feedback", told(house, SES["bounce_permanent"]))
    assert answered.answer["recorded"][0]["paused"] == [CAMPAIGN]
    assert answered.metrics == {"Bounces": 1, "CampaignsPaused": 1}
    summary = house.summary(CAMPAIGN)
    assert (summary["status"], summary["paused_by"]) == ("paused", "breaker")


def without(event: dict[str, Any], *names: str) -> dict[str, Any]:
    for record in event["Records"]:
        for name in names:
            del record["Sns"][name]
    return event


def test_a_message_without_a_subject_or_attributes_is_read_all_the_same(house: House) -> None:
    event = without(told(house, SES["delivery"]), "Subject", "MessageAttributes")
    (recorded,) = house.invoke("on_delivery", event).answer["recorded"]
    assert recorded["events"] == {"delivered": 1}


# ── the log ─────────────────────────────────────────────────────────────────────────────────────────────────────────

COUNTED = {
    "delivery": "Deliveries",
    "bounce_permanent": "Bounces",
    "bounce_mailbox_full": "SoftBounces",
    "bounce_undetermined": "SoftBounces",
    "complaint": "Complaints",
    "reject": "Rejects",
    "rendering_failure": "RenderingFailures",
    "open_by_a_bot": "Opens",
    "click": "Clicks",
}


def to_our_delivery(name: str) -> str:
    """The event as one of the mail that `claim` says was sent."""
    event = ses(name)
    event["mail"]["destination"] = [EMAIL]
    event["mail"]["tags"] = {"mail": [MAIL], "campaign": [CAMPAIGN], "shard": [SHARD]}
    for body, recipients in (("delivery", "recipients"), ("bounce", "bouncedRecipients")):
        if body in event:
            event[body][recipients] = [EMAIL] if body == "delivery" else [{"emailAddress": EMAIL}]
    return json.dumps(event)


@pytest.mark.parametrize(("name", "metric"), COUNTED.items(), ids=COUNTED)
def test_an_event_is_counted_when_it_is_new_to_a_delivery_and_not_again(house: House, name: str, metric: str) -> None:
    claim(house)
    event = told(house, to_our_delivery(name))
    first, again = (house.invoke("on_feedback", event) for _ in range(2))
    assert first.metrics == {metric: 1}
    assert again.metrics == {}
    assert [each.line["campaign"] for each in (first, again)] == [CAMPAIGN] * 2


def test_the_events_of_all_records_are_counted_in_one_line(house: House) -> None:
    claim(house)
    event = told(house, to_our_delivery("delivery"))
    event["Records"] += told(house, to_our_delivery("click"))["Records"] + told(house, "no event")["Records"]
    answered = house.invoke("on_delivery", event)
    assert answered.metrics == {"Deliveries": 1, "Clicks": 1, "EventsNotUnderstood": 1}
    assert "campaign" not in answered.line, "the last record is of none"


@pytest.mark.parametrize("name", ["send", "delivery_delay"])
def test_other_events_are_not_counted(house: House, name: str) -> None:
    claim(house)
    assert house.invoke("on_feedback", told(house, to_our_delivery(name))).metrics == {}


def test_an_event_of_other_mail_of_the_account_is_not_counted(house: House) -> None:
    answered = house.invoke("on_feedback", told(house, SES["bounce_of_an_identity"]))
    assert answered.metrics == {}
    assert "campaign" not in answered.line


def test_an_event_of_a_kind_that_ses_did_not_have_before_is_counted_as_not_understood(house: House) -> None:
    event = ses("delivery") | {"eventType": "Teleported"}
    assert house.invoke("on_delivery", told(house, json.dumps(event))).metrics == {"EventsNotUnderstood": 1}


@pytest.mark.parametrize("name", ["subscription", "subscription_succeeded"])
def test_what_ses_is_known_to_send_besides_is_not_counted_as_not_understood(house: House, name: str) -> None:
    assert "EventsNotUnderstood" not in house.invoke("on_feedback", told(house, SES[name])).metrics


def test_where_an_event_cannot_be_recorded_its_campaign_is_in_the_error_line(
    house: House, environment: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("DELIVERIES_TABLE", "no-such-table")
    house = House(house.aws, capfd)
    line = house.refuses("on_feedback", told(house, SES["bounce_permanent"]), ClientError).line
    assert line["campaign"] == CAMPAIGN
    assert "add_fact" in line["stack"]
    assert "campaign" not in house.invoke("on_feedback", told(house, "no event")).line


JUNK = {
    "plain text": "Hello, is anybody there?",
    "JSON null": "null",
    "a number": "17",
    "a list": "[1, 2]",
    "an object of something else": '{"hello": "world"}',
    "SES's word that the topic works": "Successfully validated SNS topic for Amazon SES event publishing.",
    "256 KB of junk": "j" * 256 * 1024,
    "256 KB of brackets": "[" * 256 * 1024,
    "nothing": "",
    "half a character": "\ud83d",
    "an address": "taro.yamada@example.com said no",
    "a quoted address": '"taro.yamada@example.com" said no',
    "an address over two lines": "taro.yamada@example.com\nsaid no",
}


@pytest.mark.parametrize("message", JUNK.values(), ids=JUNK)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_is_no_event_is_told_in_the_log_and_left_alone(house: House, function: str, message: str) -> None:
    answered = house.invoke(function, told(house, message))
    (recorded,) = answered.line["result"]["recorded"]
    assert recorded["unreadable"]
    assert len(json.dumps(answered.line)) < 1000
    assert answered.metrics == {"EventsIgnored" if "validated" in message else "EventsNotUnderstood": 1}
    assert "campaign" not in answered.line


@pytest.mark.parametrize("message", [None, 5, ["a"], {"a": 1}], ids=str)
def test_a_message_that_is_no_text_is_left_alone(house: House, message: Any) -> None:
    event = told(house, "")
    event["Records"][0]["Sns"]["Message"] = message
    (recorded,) = house.invoke("on_feedback", event).answer["recorded"]
    assert "unreadable" in recorded


@pytest.mark.parametrize("record", [{}, {"Sns": None}, {"Sns": "text"}, {"Sns": []}, {"Sns": {}}], ids=str)
def test_a_record_without_a_message_is_left_alone(house: House, record: Any) -> None:
    (recorded,) = house.invoke("on_feedback", {"Records": [record]}).answer["recorded"]
    assert "unreadable" in recorded


@pytest.mark.parametrize("event", [{}, {"Records": []}, {"Records": 5}, [], None, "text"], ids=str)
def test_an_event_without_records_is_left_alone(house: House, event: Any) -> None:
    assert house.invoke("on_feedback", event).answer == {"recorded": []}


def test_a_broken_record_does_not_keep_the_next_from_being_read(house: House) -> None:
    event = told(house, SES["complaint"])
    event["Records"].insert(0, {"Sns": None})
    recorded = house.invoke("on_feedback", event).answer["recorded"]
    assert ["unreadable" in each for each in recorded] == [True, False]


def test_addresses_and_tags_that_nobody_could_store_are_left_alone(house: House) -> None:
    event = ses("bounce_permanent")
    event["bounce"]["bouncedRecipients"] = [{"emailAddress": "\ud83d@example.com"}, {"emailAddress": 5}, None, {}]
    event["mail"]["destination"] = ["\ud83d"]
    event["mail"]["tags"] = {"mail": ["\ud83d"], "campaign": [None], "\ud83d": 5}
    (recorded,) = house.invoke("on_feedback", told(house, json.dumps(event))).answer["recorded"]
    assert "events" in recorded
