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


@pytest.fixture(scope="session")
def session() -> boto3.Session:
    """One session for all, for making one and its clients takes half a second."""
    return boto3.Session(region_name="us-east-1", aws_access_key_id="t", aws_secret_access_key="t")


@pytest.fixture(scope="session")
def clients(session: boto3.Session) -> Iterator[dict[str, Any]]:
    """Clients that reach moto while it is switched on."""
    made = {name: session.client(name) for name in ("dynamodb", "s3", "sqs")}
    yield made
    for client in made.values():
        client.close()


@pytest.fixture
def moto(clients: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The clients, in a new and empty AWS."""
    with mock_aws():
        yield clients


@pytest.fixture
def moto_dynamodb(moto: dict[str, Any]) -> Any:
    """moto's DynamoDB."""
    return moto["dynamodb"]


@pytest.fixture
def cloud_dynamodb(cloud: LocalCloud) -> Iterator[Any]:
    """The local cloud's DynamoDB, which knows PartiQL."""
    client = cloud.access().client("dynamodb")
    yield client
    client.close()
