"""What a delivery's timestamps say, and what a batch that meets one does about it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.batch import Batch
from chalicelib.domain.delivery import (
    CALL_TIME,
    Delivery,
    Settling,
    State,
    UnknownOutcomes,
    Verdict,
    judge,
)

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
MOMENT = timedelta(milliseconds=1)
RESEND = Settling(timedelta(minutes=15))
HOLD = Settling(timedelta(minutes=15), UnknownOutcomes.HOLD)
ITEM = {"mail_shard": "m#07", "email": "taro@example.com", "campaign_id": "c-1", "batch": 3, "claimant": "first try"}
ITEM |= {"row": 9, "attempt": 2, "claimed_at": "2026-05-01T11:59:00.000Z"}

OURS, OTHER_BATCH, OTHER_CAMPAIGN = (Batch(id, "m", number, ()) for id, number in (("c-1", 3), ("c-1", 4), ("c-2", 3)))

AHEAD = timedelta(seconds=-1)  # claimed by a machine whose clock is ahead of ours
IN_LEASE, AFTER_LEASE = RESEND.lease - MOMENT, RESEND.lease
IN_TIME, SILENT = RESEND.time - MOMENT, RESEND.time
AGES = [AHEAD, IN_LEASE, AFTER_LEASE, IN_TIME, SILENT, RESEND.time * 9]

ACCEPTED = {"accepted_at": "2026-05-01T11:59:01.000Z", "message_id": "0100"}
FAILED = {"failed_at": "2026-05-01T11:59:01.000Z", "reason": "MESSAGE_REJECTED"}
EVENT = {"first_event_at": "2026-05-01T11:59:02.000Z"}


def claimed(age: timedelta, **item: object) -> Delivery:
    at = (NOW - age).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Delivery.from_item(ITEM | {"claimed_at": at} | item)


# States


@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize(
    ("item", "state"),
    [
        (ACCEPTED, State.ACCEPTED),
        (ACCEPTED | EVENT, State.ACCEPTED),
        (ACCEPTED | FAILED, State.ACCEPTED),
        (ACCEPTED | FAILED | EVENT, State.ACCEPTED),
        (EVENT, State.SETTLED),
        (EVENT | FAILED, State.SETTLED),
        (FAILED, State.FAILED),
    ],
)
def test_what_a_claim_came_to_is_its_state_whatever_its_age(
    item: dict[str, object], state: State, age: timedelta
) -> None:
    assert claimed(age, **item).state(NOW, RESEND) is state


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (AHEAD, State.CLAIMED),
        (IN_LEASE, State.CLAIMED),
        (AFTER_LEASE, State.UNSETTLED),
        (SILENT, State.UNSETTLED),
    ],
)
def test_a_claim_that_says_nothing_is_unsettled_once_its_lease_is_over(age: timedelta, state: State) -> None:
    assert claimed(age).state(NOW, RESEND) is state


@pytest.mark.parametrize(("age", "is_silent"), [(AHEAD, False), (AFTER_LEASE, False), (IN_TIME, False), (SILENT, True)])
def test_a_claim_is_silent_once_the_settling_time_is_over(age: timedelta, is_silent: bool) -> None:
    assert claimed(age).is_silent(NOW, RESEND) is is_silent


def test_a_claim_without_its_time_is_as_old_as_can_be() -> None:
    delivery = claimed(AHEAD, claimed_at="")
    assert delivery.state(NOW, RESEND) is State.UNSETTLED
    assert delivery.is_silent(NOW, RESEND)


@given(st.floats(1, 100))
def test_a_call_that_began_in_the_lease_has_ended_when_the_settling_time_is_over(minutes: float) -> None:
    settling = Settling(timedelta(minutes=minutes))
    assert timedelta(0) < settling.lease == settling.time - CALL_TIME
    last_moment = claimed(settling.lease - MOMENT)
    assert last_moment.state(NOW, settling) is State.CLAIMED
    assert not last_moment.is_silent(NOW + CALL_TIME, settling)


# Verdicts


@pytest.mark.parametrize("age", AGES)
@pytest.mark.parametrize("settling", [RESEND, HOLD], ids=["resend", "hold"])
@pytest.mark.parametrize(
    ("item", "batch", "verdict"),
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
def test_a_delivery_that_came_to_something_is_judged_whatever_its_age_and_the_policy(
    item: dict[str, object], batch: Batch, verdict: Verdict, settling: Settling, age: timedelta
) -> None:
    assert judge(claimed(age, **item), batch, NOW, settling) is verdict


@pytest.mark.parametrize("batch", [OURS, OTHER_BATCH, OTHER_CAMPAIGN], ids=["ours", "other batch", "other campaign"])
@pytest.mark.parametrize(
    ("age", "resend", "hold"),
    [
        (AHEAD, Verdict.WAIT, Verdict.WAIT),
        (IN_LEASE, Verdict.WAIT, Verdict.WAIT),
        (AFTER_LEASE, Verdict.WAIT, Verdict.WAIT),
        (IN_TIME, Verdict.WAIT, Verdict.WAIT),
        (SILENT, Verdict.TAKE_OVER, Verdict.HOLD),
        (RESEND.time * 9, Verdict.TAKE_OVER, Verdict.HOLD),
    ],
)
def test_a_claim_that_says_nothing_is_waited_for_and_then_sent_again_or_held(
    age: timedelta, resend: Verdict, hold: Verdict, batch: Batch
) -> None:
    delivery = claimed(age)
    assert (judge(delivery, batch, NOW, RESEND), judge(delivery, batch, NOW, HOLD)) == (resend, hold)


def test_another_try_of_the_same_batch_waits_as_another_batch_does() -> None:
    assert judge(claimed(IN_LEASE, claimant="this very try"), OURS, NOW, RESEND) is Verdict.WAIT


@pytest.mark.parametrize(("batch", "is_ours"), [(OURS, True), (OTHER_BATCH, False), (OTHER_CAMPAIGN, False)])
def test_a_delivery_is_of_the_batch_that_claimed_it(batch: Batch, is_ours: bool) -> None:
    assert Delivery.from_item(ITEM).is_of(batch) is is_ours


# Items


def test_a_delivery_is_read_from_its_item() -> None:
    assert Delivery.from_item(ITEM | FAILED | ACCEPTED | EVENT) == Delivery(
        email="taro@example.com",
        campaign_id="c-1",
        batch=3,
        claimed_at="2026-05-01T11:59:00.000Z",
        claimant="first try",
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
