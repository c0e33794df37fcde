"""What is tracked: what the mail's author wants, where the recipient has not said no."""

import pytest

from chalicelib.domain.tracking import Tracking, tracking_of

OPENS_ALONE = Tracking(opens=True, clicks=False)


@pytest.mark.parametrize("no", ["no", " NO ", "n", "false", "0", "off", "いいえ", "拒否"])
@pytest.mark.parametrize("column", ["tracking", "Tracking", " TRACKING "])
def test_nothing_is_tracked_of_who_said_no(column: str, no: str) -> None:
    assert tracking_of(Tracking(), {"name": "Taro", column: no}) == Tracking(opens=False, clicks=False)


@pytest.mark.parametrize("fields", [{}, {"name": "no"}, {"tracking": ""}, {"tracking": "yes"}, {"tracking": "1"}])
def test_of_everybody_else_is_tracked_what_the_mail_says(fields: dict[str, str]) -> None:
    assert tracking_of(OPENS_ALONE, fields) == OPENS_ALONE


def test_a_column_by_its_very_name_goes_before_one_that_is_like_it() -> None:
    assert tracking_of(Tracking(), {"Tracking": "no", "tracking": "yes"}) == Tracking()
