"""Two Hatos in this process: one on moto, for all that moto can do, and one on the local cloud."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.aws import clients
from hato.local.cloud import CREDENTIALS, REGION, LocalCloud
from tests.handlers.house import House, build


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """An environment with nobody's credentials or endpoints in it, and no client that was made for another."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SESV2"):
        monkeypatch.delenv(name, raising=False)
    key, secret = CREDENTIALS
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    clients.client.cache_clear()
    yield monkeypatch
    clients.client.cache_clear()


@pytest.fixture
def house(environment: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[House]:
    """A Hato on moto, empty for each test."""
    with mock_aws():
        aws = cache(boto3.Session(region_name=REGION).client)
        for name, value in build(aws).items():
            environment.setenv(name, value)
        yield House(aws, capfd)


@pytest.fixture(scope="session")
def built(cloud: LocalCloud) -> tuple[Callable[[str], Any], dict[str, str]]:
    """What the handlers need, made on the local cloud once."""
    aws = cache(cloud.access().client)
    return aws, build(aws)


@pytest.fixture
def cloud_house(
    cloud: LocalCloud,
    built: tuple[Callable[[str], Any], dict[str, str]],
    environment: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> House:
    """A Hato on the local cloud, where batches can be claimed and sent, and task tokens told."""
    aws, told = built
    endpoints = {"AWS_ENDPOINT_URL": cloud.endpoint_url, "AWS_ENDPOINT_URL_SESV2": cloud.inbox_url}
    for name, value in (told | endpoints).items():
        environment.setenv(name, value)
    return House(aws, capfd)
