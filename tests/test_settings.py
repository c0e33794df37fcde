"""What the environment says, and what it must not say."""

from dataclasses import FrozenInstanceError
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import SettingInvalid
from chalicelib.settings import Settings

NAMES = {
    "UPLOAD_BUCKET": "upload_bucket",
    "MAILS_TABLE": "mails_table",
    "CONTACTS_TABLE": "contacts_table",
    "CAMPAIGNS_TABLE": "campaigns_table",
    "DELIVERIES_TABLE": "deliveries_table",
    "SEND_QUEUE": "send_queue",
    "SEND_DEAD_LETTER_QUEUE": "dead_letter_queue",
    "FEEDBACK_TOPIC": "feedback_topic",
    "DELIVERY_TOPIC": "delivery_topic",
    "ENGAGEMENT_TOPIC": "engagement_topic",
    "CONFIGURATION_SET": "configuration_set",
    "STATE_MACHINE": "state_machine",
    "LINK_KEY_SECRET": "link_key_secret",
}


def settings(**environment: str) -> Settings:
    return Settings.from_environment(environment)


def test_with_nothing_told_every_name_comes_from_the_stage() -> None:
    assert settings() == Settings(
        stage="dev",
        sender="",
        upload_bucket="hato-dev-uploads",
        mails_table="hato-dev-mails",
        contacts_table="hato-dev-contacts",
        campaigns_table="hato-dev-campaigns",
        deliveries_table="hato-dev-deliveries",
        send_queue="hato-dev-send",
        dead_letter_queue="hato-dev-send-dead-letters",
        feedback_topic="hato-dev-feedback",
        delivery_topic="hato-dev-delivery",
        engagement_topic="hato-dev-engagement",
        configuration_set="hato-dev",
        state_machine="hato-dev-campaign",
        link_key_secret="hato-dev-link-key",
        sending_share=0.9,
        settling_time=timedelta(minutes=15),
        soft_bounce_limit=5,
    )


def test_another_stage_shares_no_name_with_the_first() -> None:
    dev, prod = settings(), settings(STAGE="prod")
    assert not {getattr(dev, name) for name in NAMES.values()} & {getattr(prod, name) for name in NAMES.values()}


@pytest.mark.parametrize(("variable", "name"), NAMES.items())
def test_a_name_that_is_told_is_taken_and_changes_no_other(variable: str, name: str) -> None:
    told = settings(**{variable: "mine"})
    assert {each for each in NAMES.values() if getattr(told, each) != getattr(settings(), each)} == {name}
    assert getattr(told, name) == "mine"


def test_no_two_names_are_the_same() -> None:
    assert len({getattr(settings(), name) for name in NAMES.values()}) == len(NAMES)


def test_a_variable_that_is_empty_is_as_good_as_none() -> None:
    numbers = ("SENDING_SHARE", "SETTLING_MINUTES", "SOFT_BOUNCE_LIMIT")
    assert settings(**dict.fromkeys([*NAMES, *numbers, "STAGE", "SENDER"], "")) == settings()


def test_the_choices_are_read() -> None:
    chosen = settings(SENDER="Hato <h@example.com>", SENDING_SHARE="0.5", SETTLING_MINUTES="0.5", SOFT_BOUNCE_LIMIT="2")
    assert chosen.sender == "Hato <h@example.com>"
    assert chosen.sending_share == 0.5
    assert chosen.settling_time == timedelta(seconds=30)
    assert chosen.soft_bounce_limit == 2
    assert settings(SENDING_SHARE="1").sending_share == 1.0


@pytest.mark.parametrize(
    ("variable", "text", "why"),
    [
        ("SENDING_SHARE", "much", "must be a number"),
        ("SENDING_SHARE", "0", "more than 0 and at most 1.0,"),
        ("SENDING_SHARE", "-0.5", "more than 0 and at most 1.0,"),
        ("SENDING_SHARE", "1.1", "more than 0 and at most 1.0,"),
        ("SENDING_SHARE", "nan", "more than 0 and at most 1.0,"),
        ("SETTLING_MINUTES", "0", "more than 0"),
        ("SETTLING_MINUTES", "inf", "more than 0"),
        ("SETTLING_MINUTES", "1e300", "more than 0"),
        ("SOFT_BOUNCE_LIMIT", "0", "more than 0"),
        ("SOFT_BOUNCE_LIMIT", "inf", "more than 0"),
        ("SOFT_BOUNCE_LIMIT", "0.5", "whole number"),
        ("SOFT_BOUNCE_LIMIT", "2.5", "whole number"),
    ],
)
def test_a_number_that_cannot_be_used_is_refused_by_the_variables_name(variable: str, text: str, why: str) -> None:
    with pytest.raises(SettingInvalid, match=f"^{variable} must be .*{why.removeprefix('must be ')}.* not '{text}'"):
        settings(**{variable: text})


@given(st.sampled_from(["SENDING_SHARE", "SETTLING_MINUTES", "SOFT_BOUNCE_LIMIT"]), st.text() | st.floats().map(str))
def test_no_text_at_all_is_anything_but_a_setting_or_refused(variable: str, text: str) -> None:
    try:
        found = settings(**{variable: text})
    except SettingInvalid:
        return
    assert 0 < found.sending_share <= 1
    assert found.settling_time >= timedelta(0)
    assert found.soft_bounce_limit >= 1


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        settings().stage = "prod"  # type: ignore[misc]
