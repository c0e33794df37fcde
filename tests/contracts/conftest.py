"""Real stores to hold beside the fakes: on moto where it knows enough, else on the local cloud."""

import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.aws.campaigns import Campaigns
from chalicelib.aws.contacts import Contacts
from chalicelib.aws.files import Files
from chalicelib.aws.ledger import Ledger
from hato.local.cloud import LocalCloud
from tests.fakes.campaigns import FakeCampaigns
from tests.fakes.contacts import FakeContacts
from tests.fakes.files import FakeFiles
from tests.fakes.ledger import FakeLedger


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
    made = {name: session.client(name) for name in ("dynamodb", "s3", "sns", "sqs", "stepfunctions")}
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


@pytest.fixture(params=["fake", pytest.param("dynamodb", marks=pytest.mark.cloud)])
def ledger(request: pytest.FixtureRequest) -> Any:
    """An empty ledger, of either kind."""
    if request.param == "fake":
        return FakeLedger()
    dynamodb = request.getfixturevalue("cloud_dynamodb")
    return Ledger(dynamodb, make_table(dynamodb, "mail_shard", "email"))


@pytest.fixture(params=["fake", "dynamodb"])
def campaigns(request: pytest.FixtureRequest) -> Any:
    """No campaigns at all, in a store of either kind."""
    if request.param == "fake":
        return FakeCampaigns()
    dynamodb = request.getfixturevalue("moto_dynamodb")
    return Campaigns(dynamodb, make_table(dynamodb, "campaign_id", "part"))


@pytest.fixture(params=["fake", "dynamodb"])
def contacts(request: pytest.FixtureRequest) -> Any:
    """No contacts at all, in a store of either kind; three transient bounces in a row end one."""
    if request.param == "fake":
        return FakeContacts(soft_bounce_limit=3)
    dynamodb = request.getfixturevalue("moto_dynamodb")
    return Contacts(dynamodb, make_table(dynamodb, "email"), soft_bounce_limit=3, forgotten_key=lambda: "a key")


@pytest.fixture
def s3_files(moto: dict[str, Any]) -> Files:
    """The files of an empty bucket in S3."""
    moto["s3"].create_bucket(Bucket="uploads")
    return Files(moto["s3"], "uploads")


@pytest.fixture(params=["fake", "s3"])
def files(request: pytest.FixtureRequest) -> Any:
    """The files of an empty bucket, of either kind."""
    return FakeFiles() if request.param == "fake" else request.getfixturevalue("s3_files")
