"""Queues of dead letters: of moto, and of the local cloud."""

import uuid
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from hato.local.cloud import LocalCloud


@pytest.fixture
def moto_sqs() -> Iterator[Any]:
    """moto's SQS, empty."""
    with mock_aws():
        client = boto3.client("sqs", "us-east-1", aws_access_key_id="t", aws_secret_access_key="t")
        yield client
        client.close()


@pytest.fixture
def cloud_sqs(cloud: LocalCloud) -> Iterator[Any]:
    """The local cloud's SQS."""
    client = cloud.access().client("sqs")
    yield client
    client.close()


@pytest.fixture(params=["moto", pytest.param("cloud", marks=pytest.mark.cloud)])
def sqs(request: pytest.FixtureRequest) -> Any:
    """SQS, of either kind."""
    return request.getfixturevalue(f"{request.param}_sqs")


@pytest.fixture
def url(sqs: Any) -> str:
    """An empty queue of a name of its own, as Hato's stack makes them."""
    return str(sqs.create_queue(QueueName=f"letters-{uuid.uuid4().hex[:12]}")["QueueUrl"])
