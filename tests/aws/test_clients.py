"""The clients: what others count on about how long they wait and how often they ask."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

import app
from chalicelib.aws import clients
from chalicelib.domain.delivery import CALL_TIME


@pytest.fixture
def ses(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The client that mail is sent with."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    clients.sending_client.cache_clear()
    client = clients.sending_client()
    yield client
    client.close()
    clients.sending_client.cache_clear()
    clients.session.cache_clear()


def longest_call(client: Any) -> timedelta:
    config = client.meta.config
    return timedelta(seconds=config.connect_timeout + config.read_timeout)


def test_a_mail_is_sent_in_one_call_and_never_again_by_the_client(ses):
    assert ses.meta.config.retries["total_max_attempts"] == 1


def test_a_call_to_ses_ends_in_the_time_that_is_left_after_a_lease(ses):
    assert longest_call(ses) < CALL_TIME


def test_a_lambda_keeps_back_enough_of_its_time_for_a_call_to_ses_and_its_records(ses):
    assert longest_call(ses) < timedelta(seconds=app.SECONDS_TO_RECORD)
