"""Real stores to hold beside the fakes: on moto where it knows enough, else on the local cloud."""

import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from hato.local.cloud import LocalCloud


def make_table(dynamodb: Any, *keys: str) -> str:
    """An empty table of a name of its own."""
    name = f"table-{uuid.uuid4().hex[:12]}"
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


@pytest.fixture
def moto_session() -> Iterator[boto3.Session]:
    """A session whose clients reach moto, and nothing else."""
    with mock_aws():
        session = boto3.Session(region_name="us-east-1", aws_access_key_id="t", aws_secret_access_key="t")
        yield session


@pytest.fixture
def moto_dynamodb(moto_session: boto3.Session) -> Any:
    """moto's DynamoDB."""
    return moto_session.client("dynamodb")


@pytest.fixture
def cloud_dynamodb(cloud: LocalCloud) -> Iterator[Any]:
    """The local cloud's DynamoDB, which knows PartiQL."""
    client = cloud.access().client("dynamodb")
    yield client
    client.close()
