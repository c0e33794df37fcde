"""Two Hatos in this process: one on moto, for all that moto can do, and one on the local cloud."""

from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.aws import clients
from hato.local.cloud import CREDENTIALS, REGION, LocalCloud
from tests.handlers.house import House, build

_stages = count()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """An environment with nobody's credentials or endpoints in it, and no client that was made for another."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SESV2"):
        monkeypatch.delenv(name, raising=False)
    key, secret = CREDENTIALS
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", secret)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    _forget_clients()
    yield monkeypatch
    _forget_clients()


def _forget_clients() -> None:
    clients.client.cache_clear()
    clients.sending_client.cache_clear()
    clients.presigning_client.cache_clear()
    clients.session.cache_clear()  # one that was made before moto came does not know it


@pytest.fixture(scope="module")
def moto_aws() -> Iterator[Callable[[str], Any]]:
    """moto's AWS, for the tests of a module; each of them has a stage of its own there."""
    with mock_aws():
        yield cache(boto3.Session(region_name=REGION).client)


@pytest.fixture
def house(moto_aws: Callable[[str], Any], environment: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> House:
    """A Hato on moto, empty for each test."""
    for name, value in build(moto_aws, f"t{next(_stages)}").items():
        environment.setenv(name, value)
    return House(moto_aws, capfd)


@pytest.fixture(scope="session")
def built(cloud: LocalCloud) -> tuple[Callable[[str], Any], dict[str, str]]:
    """What the handlers need, made on the local cloud once."""
    aws = cache(cloud.access().client)
    aws("sesv2").create_configuration_set(ConfigurationSetName="hato-handlers")
    return aws, build(aws, "handlers")


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
