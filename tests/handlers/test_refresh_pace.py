"""refresh_pace, as a rule of EventBridge calls it once a minute."""

import time
from typing import Any

import pytest

from tests.handlers.house import House

RULE = "arn:aws:events:us-east-1:123456789012:rule/hato-dev-refresh-pace"
SHARE = 0.9  # of the account's rate, where nobody says otherwise


def a_minute_passed(house: House) -> dict[str, Any]:
    """What EventBridge sends."""
    return dict(house.events.generate_cw_event("aws.events", "Scheduled Event", {}, [RULE]))


def pace(house: House) -> dict[str, Any]:
    return house.item("campaigns", campaign_id="#account", part="pacing")


def test_where_nothing_was_ever_sent_ses_is_not_asked(house: House) -> None:
    assert house.invoke("refresh_pace", a_minute_passed(house)).answer == {"asked": False}
    assert pace(house) == {}


@pytest.mark.parametrize("event", [{}, [], None, "text"], ids=str)
def test_whatever_the_event_is_a_minute_has_passed(house: House, event: Any) -> None:
    assert house.invoke("refresh_pace", event).answer == {"asked": False}


def test_where_nothing_was_sent_since_ses_is_not_asked_again(house: House) -> None:
    now = round(time.time())
    known = {"rate": 5, "ceiling": 5, "day_limit": 100, "day_left": 100, "read_at": now - 600, "next_slot": now - 700}
    house.put("campaigns", campaign_id="#account", part="pacing", **known)
    assert house.invoke("refresh_pace", a_minute_passed(house)).answer == {"asked": False}
    assert pace(house)["read_at"] == str(now - 600)


@pytest.mark.cloud
def test_while_something_is_sent_what_ses_allows_is_read_anew(cloud_house: House) -> None:
    now = round(time.time())
    known = {"rate": 1, "day_limit": 1, "day_left": 1, "read_at": now - 600, "next_slot": now + 20}
    cloud_house.put("campaigns", campaign_id="#account", part="pacing", **known)
    assert cloud_house.invoke("refresh_pace", a_minute_passed(cloud_house)).answer == {"asked": True}
    allowed, found = cloud_house.aws("sesv2").get_account()["SendQuota"], pace(cloud_house)
    assert float(found["rate"]) == pytest.approx(SHARE * allowed["MaxSendRate"])
    assert float(found["read_at"]) > now - 600
    assert found["next_slot"] == str(now + 20), "what was reserved stays reserved"
