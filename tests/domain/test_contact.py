"""Who must not be written to, and why."""

from typing import Any

import pytest

from chalicelib.domain.contact import WhereInvalid, is_set, parse_where, why_suppressed

TIME = "2026-01-31T08:00:00.000Z"


@pytest.mark.parametrize(
    ("contact", "reason"),
    [
        ({"haserror": 0}, ""),
        ({"username": "Taro"}, ""),
        ({"haserror": 1}, "The contact is marked with haserror."),
        ({"haserror": 1, "bounced_at": TIME}, f"The contact bounced {TIME}."),
        ({"complained_at": TIME, "bounced_at": TIME}, f"The contact complained {TIME}."),
        ({"unsubscribed_at": TIME, "haserror": 0}, f"The contact unsubscribed {TIME}."),
        ({"ses_suppressed_at": TIME, "haserror": 0}, f"The contact has been on SES's suppression list since {TIME}."),
        ({"soft_bounced_at": TIME, "haserror": 1}, f"The contact bounced repeatedly {TIME}."),
    ],
)
def test_a_contact_is_left_out_with_the_reason_that_says_most(contact: dict[str, Any], reason: str) -> None:
    assert why_suppressed(contact) == reason


@pytest.mark.parametrize("off", [None, 0, False, "0", "", " ", "false", "False", "None"])
def test_a_flag_is_off_however_nothing_was_written(off: Any) -> None:
    assert not is_set(off)


@pytest.mark.parametrize("on", [1, True, "1", "true", "yes", 2])
def test_a_flag_is_on_however_something_was_written(on: Any) -> None:
    assert is_set(on)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("plan=pro", ("plan", "pro")),
        (" plan = pro ", ("plan", "pro")),
        ("formula=a=b", ("formula", "a=b")),
        ("plan=", ("plan", "")),
        ("お住まい=京都", ("お住まい", "京都")),
    ],
)
def test_a_condition_is_a_name_and_the_text_that_must_stand_there(text: str, condition: tuple[str, str]) -> None:
    assert parse_where(text) == condition


@pytest.mark.parametrize("text", ["", "plan", "=pro", " =pro"])
def test_what_is_no_condition_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(WhereInvalid, match="NAME=VALUE, as in plan=pro"):
        parse_where(text)
