"""What a delivery's timestamps say, and what a batch that meets one does about it."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.delivery import COUNTERS, EVENT_TIMES, Delivery, State, Verdict, judge
from chalicelib.domain.event import EventKind

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SETTLING = timedelta(minutes=15)
ITEM = {"mail_shard": "m#07", "email": "taro@example.com", "campaign_id": "c-1", "batch": 3}
ITEM |= {"row": 9, "attempt": 2, "claimed_at": "2026-05-01T11:59:00.000Z"}

OURS, OTHER_BATCH, OTHER_CAMPAIGN = ("c-1", 3), ("c-1", 4), ("c-2", 3)
JUST_NOW, IN_TIME, SETTLED = timedelta(seconds=-1), SETTLING - timedelta(milliseconds=1), SETTLING


def claimed(age: timedelta, **item: object) -> Delivery:
    at = (NOW - age).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Delivery.from_item(ITEM | {"claimed_at": at} | item)


ACCEPTED = {"accepted_at": "2026-05-01T11:59:01.000Z", "message_id": "0100"}
FAILED = {"failed_at": "2026-05-01T11:59:01.000Z", "reason": "MESSAGE_REJECTED"}
EVENT = {"first_event_at": "2026-05-01T11:59:02.000Z"}


@pytest.mark.parametrize("age", [JUST_NOW, IN_TIME, SETTLED])
@pytest.mark.parametrize(
    ("item", "who", "verdict"),
    [
        (ACCEPTED, OURS, Verdict.ACCEPTED),
        (ACCEPTED, OTHER_BATCH, Verdict.ALREADY_SENT),
        (ACCEPTED, OTHER_CAMPAIGN, Verdict.ALREADY_SENT),
        (EVENT, OURS, Verdict.ACCEPTED),
        (EVENT, OTHER_BATCH, Verdict.ALREADY_SENT),
        (EVENT, OTHER_CAMPAIGN, Verdict.ALREADY_SENT),
        (FAILED | EVENT, OURS, Verdict.ACCEPTED),
        (FAILED | EVENT, OTHER_CAMPAIGN, Verdict.ALREADY_SENT),
        (FAILED | ACCEPTED, OURS, Verdict.ACCEPTED),
        (FAILED, OURS, Verdict.FAILED),
        (FAILED, OTHER_BATCH, Verdict.TAKE_OVER),
        (FAILED, OTHER_CAMPAIGN, Verdict.TAKE_OVER),
    ],
)
def test_a_delivery_that_came_to_something_is_judged_whatever_its_age(
    item: dict[str, object], who: tuple[str, int], verdict: Verdict, age: timedelta
) -> None:
    assert judge(claimed(age, **item), *who, NOW, SETTLING) is verdict


@pytest.mark.parametrize("who", [OURS, OTHER_BATCH, OTHER_CAMPAIGN])
@pytest.mark.parametrize(
    ("age", "verdict"),
    [
        (JUST_NOW, Verdict.WAIT),
        (IN_TIME, Verdict.WAIT),
        (SETTLED, Verdict.TAKE_OVER),
        (SETTLING * 9, Verdict.TAKE_OVER),
    ],
)
def test_a_claim_that_says_nothing_is_waited_for_until_the_settling_time_is_over(
    age: timedelta, verdict: Verdict, who: tuple[str, int]
) -> None:
    assert judge(claimed(age), *who, NOW, SETTLING) is verdict


def test_who_waits_for_ever_never_takes_a_claim_over() -> None:
    assert judge(claimed(timedelta(days=9000)), *OURS, NOW, timedelta.max) is Verdict.WAIT


@pytest.mark.parametrize(
    ("item", "state"),
    [
        ({}, State.CLAIMED),
        (ACCEPTED, State.ACCEPTED),
        (FAILED, State.FAILED),
        (EVENT, State.ACCEPTED),
        (FAILED | EVENT, State.ACCEPTED),
        (ACCEPTED | FAILED | EVENT, State.ACCEPTED),
    ],
)
def test_a_state_comes_from_the_timestamps(item: dict[str, object], state: State) -> None:
    assert Delivery.from_item(ITEM | item).state is state


def test_a_delivery_is_read_from_its_item() -> None:
    assert Delivery.from_item(ITEM | FAILED | ACCEPTED | EVENT) == Delivery(
        email="taro@example.com",
        campaign_id="c-1",
        batch=3,
        claimed_at="2026-05-01T11:59:00.000Z",
        attempt=2,
        accepted_at="2026-05-01T11:59:01.000Z",
        failed_at="2026-05-01T11:59:01.000Z",
        reason="MESSAGE_REJECTED",
        message_id="0100",
        has_event=True,
    )


def test_a_claim_is_an_item_without_any_outcome() -> None:
    delivery = Delivery.from_item(ITEM)
    assert (delivery.accepted_at, delivery.failed_at, delivery.reason, delivery.message_id) == ("", "", "", "")
    assert not delivery.has_event


def test_every_time_that_events_are_kept_under_has_one_counter() -> None:
    assert set(COUNTERS) == set(EVENT_TIMES.values())
    assert len(set(COUNTERS.values())) == len(COUNTERS)


def test_a_bounce_that_may_pass_is_never_counted_as_one_that_does_not() -> None:
    assert EVENT_TIMES[EventKind.BOUNCED_PERMANENTLY] == "bounced_at"
    assert (
        EVENT_TIMES[EventKind.BOUNCED_TRANSIENTLY] == EVENT_TIMES[EventKind.BOUNCED_UNDETERMINED] == "soft_bounced_at"
    )
    assert all(not time.startswith(("claimed", "accepted", "failed")) for time in EVENT_TIMES.values())
