"""Items that botocore does not go through are the same as those that it does."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from chalicelib.aws.campaigns import Campaigns
from chalicelib.aws.raw_items import read_items_raw

ITEM = {
    "key": {"S": "a"},
    "part": {"S": "1"},
    "count": {"N": "12"},
    "less": {"N": "-3.5"},
    "texts": {"SS": ["x", "y"]},
    "numbers": {"NS": ["1", "2"]},
    "list": {"L": [{"S": "鳩"}, {"NULL": True}]},
    "map": {"M": {"a": {"BOOL": False}}},
}


@pytest.fixture
def clients() -> Any:
    """The same table by a client of each kind."""
    with mock_aws():
        usual, raw = (
            boto3.client("dynamodb", region_name="us-east-1", aws_access_key_id="t", aws_secret_access_key="t")
            for _ in range(2)
        )
        read_items_raw(raw)
        usual.create_table(
            TableName="t",
            KeySchema=[{"AttributeName": "key", "KeyType": "HASH"}, {"AttributeName": "part", "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("key", "part")],
            BillingMode="PAY_PER_REQUEST",
        )
        usual.put_item(TableName="t", Item=ITEM)
        yield usual, raw


def query(client: Any, table: str = "t", **more: Any) -> Any:
    return client.query(
        TableName=table, KeyConditionExpression="#k = :a", ExpressionAttributeNames={"#k": "key"},
        ExpressionAttributeValues={":a": {"S": "a"}}, **more,
    )  # fmt: skip


def test_an_answer_is_the_same_whoever_reads_it(clients: Any) -> None:
    usual, raw = (query(each) for each in clients)
    for answer in (usual, raw):
        del answer["ResponseMetadata"]
    assert raw == usual
    assert raw["Items"] == [ITEM]


def test_pages_go_on_where_they_ended(clients: Any) -> None:
    usual, raw = clients
    usual.put_item(TableName="t", Item={**ITEM, "part": {"S": "2"}})
    pages = raw.get_paginator("query").paginate(
        TableName="t", KeyConditionExpression="#k = :a", ExpressionAttributeNames={"#k": "key"},
        ExpressionAttributeValues={":a": {"S": "a"}}, PaginationConfig={"PageSize": 1},
    )  # fmt: skip
    assert [item["part"]["S"] for page in pages for item in page["Items"]] == ["1", "2"]


def test_nothing_found_and_a_failure_stay_what_they_are(clients: Any) -> None:
    usual, raw = clients
    usual.delete_item(TableName="t", Key={"key": {"S": "a"}, "part": {"S": "1"}})
    assert query(raw)["Items"] == []
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        query(raw, "no-such-table")


def test_a_campaign_is_read_by_it_as_ever(clients: Any) -> None:
    usual, raw = clients
    usual.create_table(
        TableName="campaigns",
        KeySchema=[{"AttributeName": "campaign_id", "KeyType": "HASH"}, {"AttributeName": "part", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("campaign_id", "part")],
        BillingMode="PAY_PER_REQUEST",
    )
    Campaigns(usual, "campaigns").create("c-1", "lists/a.csv", "m", "2026-05-01T08:00:00.000Z")
    reports = [Campaigns(each, "campaigns").report("c-1") for each in clients]
    assert reports[0] == reports[1]
    assert list(Campaigns(raw, "campaigns").summaries()) == list(Campaigns(usual, "campaigns").summaries())
