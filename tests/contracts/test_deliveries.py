"""One address's deliveries: the fake and DynamoDB promise the same."""

from typing import Any

import pytest

from chalicelib.aws.deliveries import Deliveries
from chalicelib.aws.items import to_item
from chalicelib.domain.recipient import shard_of, shard_tag
from tests.contracts.conftest import make_table
from tests.fakes.deliveries import FakeDeliveries

TARO, JIRO = "taro@example.com", "jiro@example.com"
ITEMS = {
    ("spring", TARO): {"campaign_id": "c-2", "claimed_at": "2026-05-02T08:00:00.000Z"},
    ("autumn", TARO): {"campaign_id": "c-1", "claimed_at": "2026-05-01T08:00:00.000Z", "opens": {"a", "b"}},
    ("autumn", JIRO): {"campaign_id": "c-1", "claimed_at": "2026-05-01T08:00:00.000Z"},
    ("odd", TARO): {"unsubscribed_at": "2026-05-03T08:00:00.000Z"},
}


class TestDeliveries:
    @pytest.fixture(params=["fake", "dynamodb"])
    def deliveries(self, request: pytest.FixtureRequest) -> Any:
        if request.param == "fake":
            return FakeDeliveries(ITEMS)
        dynamodb = request.getfixturevalue("moto_dynamodb")
        table = make_table(dynamodb, "mail_shard", "email")
        for (mail_id, email), item in ITEMS.items():
            key = {"mail_shard": f"{mail_id}#{shard_tag(shard_of(email))}", "email": email}
            dynamodb.put_item(TableName=table, Item=to_item({**key, **item}))
        return Deliveries(dynamodb, table)

    def test_they_are_found_by_mail_the_oldest_claim_first(self, deliveries):
        found = deliveries.of(TARO, ["spring", "autumn", "summer"])
        assert list(found) == ["autumn", "spring"]
        assert ITEMS["autumn", TARO].items() <= found["autumn"].items()

    def test_only_mails_that_are_asked_for_are_found(self, deliveries):
        assert list(deliveries.of(JIRO, ["spring", "autumn"])) == ["autumn"]
        assert deliveries.of(JIRO, []) == {}
        assert deliveries.of("hanako@example.com", ["spring", "autumn"]) == {}

    def test_what_was_never_claimed_is_found_too(self, deliveries):
        assert list(deliveries.of(TARO, ["odd", "autumn"])) == ["odd", "autumn"]

    def test_more_mails_than_one_call_may_ask_for(self, deliveries):
        assert list(deliveries.of(TARO, [f"m{number}" for number in range(250)] + ["autumn"])) == ["autumn"]
