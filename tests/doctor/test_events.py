"""What is said of the way of SES's events."""

from dataclasses import replace
from typing import Any

import pytest

from hato.doctor.asking.ses import ask_destinations
from hato.doctor.asking.stack import ask_subscriptions
from hato.doctor.finding import Mark
from hato.doctor.judging.events import (
    CHANNELS,
    Destination,
    Subscription,
    judge_destination,
    judge_notifications,
    judge_subscriptions,
)
from hato.template import read_template
from tests.fakes.aws import FakeAws, refusal

ARN = "arn:aws:sns:eu-west-1:123456789012:hato-dev-"
FEEDBACK, DELIVERY, ENGAGEMENT = CHANNELS
GOOD = Destination("feedback", True, FEEDBACK.events, f"{ARN}feedback")
FUNCTION = Subscription("lambda", "arn:aws:lambda:eu-west-1:123456789012:function:hato-dev-on_feedback", True)


def test_the_channels_are_those_that_the_template_makes() -> None:
    resources = read_template()["Resources"]
    for channel in CHANNELS:
        made = resources[f"{channel.name.capitalize()}Destination"]["Properties"]["EventDestination"]
        assert made["Name"] == channel.name
        assert set(made["MatchingEventTypes"]) == channel.events
        assert made["SnsDestination"] == {"TopicARN": {"Ref": channel.output}}


def test_a_destination_is_read_as_ses_tells_it() -> None:
    answer: dict[str, Any] = {
        "EventDestinations": [
            {
                "Name": "feedback",
                "Enabled": True,
                "MatchingEventTypes": ["BOUNCE"],
                "SnsDestination": {"TopicArn": f"{ARN}feedback"},
            },
            {
                "Name": "bus",
                "Enabled": False,
                "MatchingEventTypes": ["SEND"],
                "EventBridgeDestination": {"EventBusArn": "arn:aws:events:eu-west-1:123456789012:event-bus/default"},
            },
        ]
    }
    ses = FakeAws({("sesv2", "GetConfigurationSetEventDestinations"): answer}).client("sesv2")
    assert ask_destinations(ses, "hato-dev") == [
        Destination("feedback", True, frozenset({"BOUNCE"}), f"{ARN}feedback"),
        Destination("bus", False, frozenset({"SEND"}), ""),
    ]


def test_a_set_that_is_not_there_has_no_destinations() -> None:
    missing = refusal("GetConfigurationSetEventDestinations", "NotFoundException")
    ses = FakeAws({("sesv2", "GetConfigurationSetEventDestinations"): missing}).client("sesv2")
    assert ask_destinations(ses, "hato-dev") == []


def test_all_events_of_a_channel_at_its_topic_are_good() -> None:
    others = [replace(GOOD, name="more", events=frozenset({"SEND"})), GOOD]
    finding = judge_destination(FEEDBACK, f"{ARN}feedback", others, "hato-dev")
    assert finding.mark is Mark.OK
    assert "bounce, complaint, reject and rendering failure to hato-dev-feedback" in finding.text


@pytest.mark.parametrize(
    ("destinations", "missing", "verb"),
    [
        ([], "bounce, complaint, reject and rendering failure", "create"),
        ([replace(GOOD, is_enabled=False)], "bounce, complaint, reject and rendering failure", "update"),
        ([replace(GOOD, topic=f"{ARN}other")], "bounce, complaint, reject and rendering failure", "update"),
        ([replace(GOOD, events=FEEDBACK.events - {"REJECT"})], "reject", "update"),
        ([replace(GOOD, events=FEEDBACK.events - {"REJECT", "BOUNCE"})], "bounce and reject", "update"),
    ],
)
def test_events_that_do_not_come_to_the_topic_fail_with_the_command_that_brings_them(
    destinations: list[Destination], missing: str, verb: str
) -> None:
    finding = judge_destination(FEEDBACK, f"{ARN}feedback", destinations, "hato-dev")
    assert finding.mark is Mark.FAILED
    assert finding.text == f"SES does not publish {missing} to hato-dev-feedback."
    assert f"aws sesv2 {verb}-configuration-set-event-destination" in finding.mend
    assert "MatchingEventTypes=BOUNCE,COMPLAINT,REJECT,RENDERING_FAILURE" in finding.mend
    assert f"SnsDestination={{TopicArn={ARN}feedback}}" in finding.mend


def test_a_campaign_can_do_without_opens_and_clicks() -> None:
    assert judge_destination(DELIVERY, f"{ARN}delivery", [], "hato-dev").mark is Mark.FAILED
    assert judge_destination(ENGAGEMENT, f"{ARN}engagement", [], "hato-dev").mark is Mark.WARNING


def test_a_function_behind_each_topic_is_good() -> None:
    found = [(channel, f"{ARN}{channel.name}", [FUNCTION]) for channel in CHANNELS]
    (finding,) = judge_subscriptions("hato-dev", found)
    assert (finding.mark, finding.text) == (Mark.OK, "A function listens to each of the 3 topics.")


@pytest.mark.parametrize(
    "subscriptions", [[], [replace(FUNCTION, protocol="sqs")], [replace(FUNCTION, is_confirmed=False)]]
)
def test_each_topic_without_a_function_is_told_with_the_command_that_subscribes_it(
    subscriptions: list[Subscription],
) -> None:
    found = [
        (FEEDBACK, f"{ARN}feedback", subscriptions),
        (DELIVERY, f"{ARN}delivery", [FUNCTION]),
        (ENGAGEMENT, f"{ARN}engagement", subscriptions),
    ]
    first, second = judge_subscriptions("hato-dev", found)
    assert (first.mark, first.text) == (Mark.FAILED, "No function listens to hato-dev-feedback.")
    assert f"--topic-arn {ARN}feedback --protocol lambda" in first.mend
    assert "arn:aws:lambda:eu-west-1:123456789012:function:hato-dev-on_feedback" in first.mend
    assert (second.mark, second.text) == (Mark.WARNING, "No function listens to hato-dev-engagement.")


@pytest.mark.parametrize(
    ("subscriptions", "mark", "said"),
    [
        ([Subscription("email", "a@example.com", True)], Mark.OK, "one subscriber (email)"),
        ([FUNCTION, Subscription("email", "a@example.com", True)], Mark.OK, "2 subscribers (email, lambda)"),
        ([Subscription("email", "a@example.com", False)], Mark.WARNING, "has not confirmed"),
        ([], Mark.WARNING, "Nobody is told"),
    ],
)
def test_alarms_that_reach_nobody_are_a_warning(subscriptions: list[Subscription], mark: Mark, said: str) -> None:
    finding = judge_notifications("hato-dev", subscriptions)
    assert finding.mark is mark
    assert said in finding.text
    assert "a@example.com" not in finding.text


def test_a_subscription_without_an_arn_is_not_confirmed() -> None:
    answer = {
        "Subscriptions": [
            {
                "SubscriptionArn": arn,
                "Protocol": "email",
                "Endpoint": "a@example.com",
                "TopicArn": f"{ARN}notifications",
            }
            for arn in ("PendingConfirmation", "Deleted", f"{ARN}notifications:1")
        ]
    }
    sns = FakeAws({("sns", "ListSubscriptionsByTopic"): answer}).client("sns")
    assert [each.is_confirmed for each in ask_subscriptions(sns, f"{ARN}notifications")] == [False, False, True]
