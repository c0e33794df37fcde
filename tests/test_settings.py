"""What the environment says, and what it must not say."""

from dataclasses import FrozenInstanceError, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.breaker import Breaker
from chalicelib.domain.delivery import Settling, UnknownOutcomes
from chalicelib.errors import SettingInvalid
from chalicelib.settings import LOG_LEVELS, Settings

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
NUMBERS = (
    "SENDING_SHARE",
    "SEND_CONCURRENCY",
    "SETTLING_MINUTES",
    "BOUNCE_LIMIT",
    "COMPLAINT_LIMIT",
    "BREAKER_AFTER",
    "SOFT_BOUNCE_LIMIT",
)


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
        notification_topic="",
        sending_share=0.9,
        send_concurrency=10,
        settling=Settling(timedelta(minutes=15), UnknownOutcomes.RESEND),
        breaker=Breaker(bounces=0.05, complaints=0.001, after=1000),
        soft_bounce_limit=5,
        pages_url="",
        ledger_days=0,
        log_level="INFO",
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
    assert (
        settings(
            **dict.fromkeys(
                [*NAMES, *NUMBERS, "STAGE", "SENDER", "UNKNOWN_OUTCOMES", "LOG_LEVEL", "PAGES_URL", "LEDGER_DAYS"], ""
            )
        )
        == settings()
    )


@pytest.mark.parametrize(
    ("environment", "changed"),
    [
        ({"SENDER": "Hato <h@example.com>"}, {"sender": "Hato <h@example.com>"}),
        ({"SENDING_SHARE": "0.5"}, {"sending_share": 0.5}),
        ({"SENDING_SHARE": "1"}, {"sending_share": 1.0}),
        ({"SEND_CONCURRENCY": "2"}, {"send_concurrency": 2}),
        ({"SEND_CONCURRENCY": "1000"}, {"send_concurrency": 1000}),
        ({"SETTLING_MINUTES": "1"}, {"settling": Settling(timedelta(minutes=1))}),
        ({"SETTLING_MINUTES": "2.5"}, {"settling": Settling(timedelta(seconds=150))}),
        ({"SETTLING_MINUTES": "100"}, {"settling": Settling(timedelta(minutes=100))}),
        ({"UNKNOWN_OUTCOMES": "resend"}, {}),
        ({"UNKNOWN_OUTCOMES": "hold"}, {"settling": Settling(timedelta(minutes=15), UnknownOutcomes.HOLD)}),
        ({"BOUNCE_LIMIT": "0.02"}, {"breaker": Breaker(bounces=0.02)}),
        ({"COMPLAINT_LIMIT": "0.0005"}, {"breaker": Breaker(complaints=0.0005)}),
        ({"BOUNCE_LIMIT": "1", "COMPLAINT_LIMIT": "1"}, {"breaker": Breaker(bounces=1.0, complaints=1.0)}),
        ({"BREAKER_AFTER": "1"}, {"breaker": Breaker(after=1)}),
        ({"SOFT_BOUNCE_LIMIT": "2"}, {"soft_bounce_limit": 2}),
        ({"PAGES_URL": "https://mail.example.com/"}, {"pages_url": "https://mail.example.com/"}),
        ({"PAGES_URL": "https://mail.example.com/pages"}, {"pages_url": "https://mail.example.com/pages/"}),
        ({"NOTIFICATION_TOPIC": "arn:mine"}, {"notification_topic": "arn:mine"}),
        ({"LEDGER_DAYS": "0"}, {}),
        ({"LEDGER_DAYS": "30"}, {"ledger_days": 30}),
        ({"LEDGER_DAYS": "9999"}, {"ledger_days": 9999}),
        ({"LOG_LEVEL": "INFO"}, {}),
        ({"LOG_LEVEL": "DEBUG"}, {"log_level": "DEBUG"}),
        ({"LOG_LEVEL": "ERROR"}, {"log_level": "ERROR"}),
    ],
    ids=str,
)
def test_a_choice_that_is_told_is_taken_and_changes_no_other(
    environment: dict[str, str], changed: dict[str, Any]
) -> None:
    assert settings(**environment) == replace(settings(), **changed)


@pytest.mark.parametrize(
    ("variable", "text", "why"),
    [
        ("SENDING_SHARE", "much", "must be a number"),
        ("SENDING_SHARE", "0", "more than 0 and at most 1.0,"),
        ("SENDING_SHARE", "-0.5", "more than 0 and at most 1.0,"),
        ("SENDING_SHARE", "1.1", "more than 0 and at most 1.0,"),
        ("SENDING_SHARE", "nan", "more than 0 and at most 1.0,"),
        ("SEND_CONCURRENCY", "1", "at least 2 and at most 1,000,"),
        ("SEND_CONCURRENCY", "1001", "at least 2 and at most 1,000,"),
        ("SEND_CONCURRENCY", "2.5", "whole number"),
        ("SETTLING_MINUTES", "0", "at least 1.0 and at most 100.0,"),
        ("SETTLING_MINUTES", "0.999", "at least 1.0 and at most 100.0,"),
        ("SETTLING_MINUTES", "100.1", "at least 1.0 and at most 100.0,"),
        ("SETTLING_MINUTES", "inf", "at least 1.0 and at most 100.0,"),
        ("SETTLING_MINUTES", "nan", "at least 1.0 and at most 100.0,"),
        ("SETTLING_MINUTES", "1e300", "at least 1.0 and at most 100.0,"),
        ("UNKNOWN_OUTCOMES", "Hold", "resend or hold,"),
        ("UNKNOWN_OUTCOMES", "forget", "resend or hold,"),
        ("BOUNCE_LIMIT", "0", "more than 0 and at most 1.0,"),
        ("BOUNCE_LIMIT", "5", "more than 0 and at most 1.0,"),
        ("BOUNCE_LIMIT", "5%", "a number"),
        ("COMPLAINT_LIMIT", "-0.1", "more than 0 and at most 1.0,"),
        ("COMPLAINT_LIMIT", "1.001", "more than 0 and at most 1.0,"),
        ("BREAKER_AFTER", "0", "more than 0"),
        ("BREAKER_AFTER", "0.5", "whole number"),
        ("BREAKER_AFTER", "inf", "more than 0"),
        ("SOFT_BOUNCE_LIMIT", "0", "more than 0"),
        ("SOFT_BOUNCE_LIMIT", "inf", "more than 0"),
        ("SOFT_BOUNCE_LIMIT", "0.5", "whole number"),
        ("SOFT_BOUNCE_LIMIT", "2.5", "whole number"),
        ("PAGES_URL", "mail.example.com", "an address of web pages"),
        ("PAGES_URL", "ftp://example.com", "an address of web pages"),
        ("PAGES_URL", "https://mail.example.com/ x", "an address of web pages"),
        ("LEDGER_DAYS", "29", "0, for ever, or from 30 to 9999 days"),
        ("LEDGER_DAYS", "-1", "0, for ever, or from 30 to 9999 days"),
        ("LEDGER_DAYS", "10000", "0, for ever, or from 30 to 9999 days"),
        ("LEDGER_DAYS", "30.5", "0, for ever, or from 30 to 9999 days"),
        ("LOG_LEVEL", "info", "DEBUG or INFO or WARNING or ERROR,"),
        ("LOG_LEVEL", "CRITICAL", "DEBUG or INFO or WARNING or ERROR,"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_by_the_variables_name(variable: str, text: str, why: str) -> None:
    with pytest.raises(SettingInvalid, match=f"^{variable} must be .*{why.removeprefix('must be ')}.* not '{text}'"):
        settings(**{variable: text})


@given(
    st.sampled_from([*NUMBERS, "UNKNOWN_OUTCOMES", "LOG_LEVEL", "PAGES_URL", "LEDGER_DAYS"]),
    st.text() | st.floats().map(str) | st.integers(-1, 2000).map(str),
)
def test_no_text_at_all_is_anything_but_a_setting_or_refused(variable: str, text: str) -> None:
    try:
        found = settings(**{variable: text})
    except SettingInvalid:
        return
    assert 0 < found.sending_share <= 1
    assert 2 <= found.send_concurrency <= 1000
    assert timedelta(minutes=1) <= found.settling.time <= timedelta(minutes=100)
    assert found.settling.lease > timedelta(0)
    assert 0 < found.breaker.bounces <= 1
    assert 0 < found.breaker.complaints <= 1
    assert found.breaker.after >= 1
    assert found.soft_bounce_limit >= 1
    assert found.ledger_days == 0 or 30 <= found.ledger_days <= 9999
    assert found.pages_url == "" or (found.pages_url.startswith("http") and found.pages_url.endswith("/"))
    assert found.log_level in LOG_LEVELS


def test_settings_are_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        settings().stage = "prod"  # type: ignore[misc]
