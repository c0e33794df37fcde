"""The pace's one item: how many calls to DynamoDB it takes, and what an earlier version left in it."""

from typing import Any

import pytest

from chalicelib.aws.items import to_item
from chalicelib.domain.pacing import call_interval
from tests.contracts.pacers import CLOSE, FAR, CountingDynamoDb, Workers


@pytest.fixture
def workers(moto_dynamodb: Any) -> Workers:
    """Workers at a pace of 10 mails a second."""
    return Workers(moto_dynamodb)


# How much of DynamoDB a reservation takes


def test_a_reservation_while_others_send_is_one_conditional_write(moto_dynamodb, workers):
    dynamodb = CountingDynamoDb(moto_dynamodb)
    warm, other = workers.one(dynamodb), workers.one()
    warm.reserve(1, 5, 5, FAR)
    for _ in range(3):
        dynamodb.calls.clear()
        other.reserve(4, 5, 20, FAR)
        warm.reserve(1, 5, 5, FAR)
        assert dynamodb.calls == {"update_item": 1}
        workers.clock.turn(seconds=0.5)


def test_the_first_reservation_of_a_new_worker_is_a_read_more(moto_dynamodb, workers):
    dynamodb = CountingDynamoDb(moto_dynamodb)
    workers.one().reserve(4, 5, 20, FAR)
    workers.one(dynamodb).reserve(1, 5, 5, FAR)
    assert dynamodb.calls == {"get_item": 1, "update_item": 1}


@pytest.mark.parametrize("pause", [0.01, 5, 11, 3600])
def test_a_reservation_after_a_pause_is_at_most_two_writes(moto_dynamodb, workers, pause):
    dynamodb = CountingDynamoDb(moto_dynamodb)
    warm = workers.one(dynamodb)
    workers.clock.sleep_until(warm.reserve(1, 5, 5, FAR).end + pause)
    dynamodb.calls.clear()
    warm.reserve(1, 5, 5, FAR)
    assert dynamodb.calls.keys() == {"update_item"}
    assert dynamodb.calls["update_item"] <= 2


def test_the_size_of_a_call_is_a_read_and_the_distance_of_two_is_none(moto_dynamodb, workers):
    dynamodb = CountingDynamoDb(moto_dynamodb)
    warm = workers.one(dynamodb)
    warm.reserve(1, 5, 5, FAR)
    dynamodb.calls.clear()
    assert warm.interval(5) == pytest.approx(call_interval(10.0, 5), abs=CLOSE)
    assert dynamodb.calls == {}
    assert warm.call_size() == 5
    assert dynamodb.calls == {"get_item": 1}


# What an earlier version left


@pytest.fixture
def old(moto_dynamodb: Any, workers: Workers) -> Workers:
    """Workers who find the pace as Hato kept it before it counted the day's mails."""
    values = {"campaign_id": "#account", "part": "pacing", "rate": 33, "next_slot": workers.clock.seconds() + 1}
    moto_dynamodb.put_item(TableName=workers.table, Item=to_item(values))
    return workers


def test_a_pace_of_which_too_little_is_known_is_asked_for(old):
    pacer = old.one()
    assert pacer.reserve(4, 5, 20, FAR).interval == pytest.approx(call_interval(10.0, 5), abs=CLOSE)
    assert pacer.call_size() == 5
    assert old.account.asked == 1


def test_a_pace_of_which_too_little_is_known_is_refreshed(old):
    assert old.one().refresh_while_sending()


def test_a_throttle_at_a_pace_of_which_too_little_is_known_counts(old):
    old.one().throttled()
    assert old.one().interval(5) == pytest.approx(call_interval(7.0, 5), abs=CLOSE)
