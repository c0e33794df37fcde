"""Who must not be written to, and why."""

from typing import Any

import pytest

from chalicelib.domain.contact import is_set, why_suppressed

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
