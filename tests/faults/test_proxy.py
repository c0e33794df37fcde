"""What the fault proxy injects, as raw bytes and as boto3 see it."""

import contextlib
import json
import subprocess
import sys
import urllib.error
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError

from hato.faults import FaultProxyFailed, change, status
from tests.faults.conftest import StartProxy
from tests.faults.wire import ANSWER, GET_ITEM, SCOPE, KeepingServer, ask

LISTS = {"dynamodb": "list_tables", "sqs": "list_queues", "stepfunctions": "list_state_machines", "s3": "list_buckets"}
COUNTS = ("requests", "throttles", "resets_before", "resets_after")


def client(service: str, port: int, attempts: int = 1) -> Any:
    return boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{port}",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"mode": "standard", "total_max_attempts": attempts}),
    )


def refusal(service: str, port: int, attempts: int = 1) -> dict[str, Any]:
    """The error that boto3 reads out of the answer."""
    with pytest.raises(ClientError) as refused:
        getattr(client(service, port, attempts), LISTS[service])()
    return dict(refused.value.response)


def counts(port: int) -> tuple[int, ...]:
    return tuple(status(port)[name] for name in COUNTS)


@pytest.mark.parametrize(
    ("service", "codes"),
    [
        ("dynamodb", {"ThrottlingException", "ProvisionedThroughputExceededException"}),
        ("sqs", {"RequestThrottled", "ThrottlingException"}),
        ("stepfunctions", {"ThrottlingException"}),
        ("s3", {"SlowDown"}),
    ],
)
def test_a_throttle_is_what_boto3_calls_a_throttle(
    start_proxy: StartProxy, server: KeepingServer, service: str, codes: set[str]
) -> None:
    port = start_proxy(throttles=1.0)
    assert {refusal(service, port)["Error"]["Code"] for _ in range(10)} == codes
    assert refusal(service, port, attempts=2)["ResponseMetadata"]["RetryAttempts"] == 1
    assert (counts(port), server.requests) == ((12, 12, 0, 0), [])


def test_a_throttled_head_request_has_no_body_to_read(start_proxy: StartProxy) -> None:
    with pytest.raises(ClientError, match=r"\(503\)"):
        client("s3", start_proxy(throttles=1.0)).head_object(Bucket="bucket", Key="key")


def test_a_service_that_throttles_in_no_known_way_is_not_throttled(start_proxy: StartProxy) -> None:
    port = start_proxy(throttles=1.0)
    assert ask(port, b"GET / HTTP/1.1\r\nAuthorization: " + SCOPE % b"glacier" + b"\r\n\r\n") == ANSWER
    assert ask(port, b"GET / HTTP/1.1\r\nHost: unsigned\r\n\r\n") == ANSWER
    assert counts(port) == (2, 0, 0, 0)


@pytest.mark.parametrize(("share", "carried_out"), [("resets_before", 0), ("resets_after", 1)])
def test_a_reset_before_is_not_carried_out_and_a_reset_after_is(
    start_proxy: StartProxy, server: KeepingServer, share: str, carried_out: int
) -> None:
    port = start_proxy(**{share: 1.0})
    with pytest.raises(ConnectionResetError):
        ask(port, GET_ITEM)
    assert server.requests == [GET_ITEM] * carried_out
    assert (status(port)[share], status(port)["operations"]) == (1, {f"{share} dynamodb GetItem": 1})


def test_boto3_repeats_what_was_carried_out_before_the_reset(start_proxy: StartProxy, server: KeepingServer) -> None:
    with pytest.raises(ConnectionClosedError):
        client("dynamodb", start_proxy(resets_after=1.0), attempts=2).list_tables()
    assert len(server.requests) == 2


def test_switched_off_it_does_nothing_until_it_is_switched_on(start_proxy: StartProxy, server: KeepingServer) -> None:
    port = start_proxy(resets_after=1.0, on=False)
    assert [ask(port, GET_ITEM) for _ in range(5)] == [ANSWER] * 5
    assert change(port, on=True) == {"on": True, "throttles": 0.0, "resets_before": 0.0, "resets_after": 1.0}
    with pytest.raises(ConnectionResetError):
        ask(port, GET_ITEM)
    change(port, on=False)
    assert ask(port, GET_ITEM) == ANSWER
    assert (counts(port), len(server.requests)) == ((7, 0, 0, 1), 7)


def test_the_same_seed_injects_the_same_into_the_same_requests(start_proxy: StartProxy) -> None:
    def story(seed: int) -> list[tuple[int, ...]]:
        port, told = start_proxy(seed=seed, throttles=0.2, resets_before=0.2, resets_after=0.2), []
        for _ in range(50):
            with contextlib.suppress(ConnectionResetError):
                ask(port, GET_ITEM)
            told.append(counts(port))
        return told

    once = story(7)
    assert story(7) == once != story(8)
    assert all(count > 3 for count in once[-1])


def test_switching_off_for_a_while_takes_nothing_from_what_the_seed_injects(start_proxy: StartProxy) -> None:
    one, other = (start_proxy(throttles=0.5) for _ in range(2))
    change(other, on=False)
    ask(other, GET_ITEM)
    change(other, on=True)
    assert [ask(one, GET_ITEM) for _ in range(20)] == [ask(other, GET_ITEM) for _ in range(20)]


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"throttle": 1}, "There is no setting 'throttle'; there are on, throttles, resets_before, resets_after."),
        ({"throttles": 2}, "throttles must be from 0 to 1."),
        ({"throttles": True}, "throttles must be a number."),
        ({"on": 1}, "on must be true or false."),
        ({"throttles": 0.6, "resets_after": 0.6}, "The shares together must be at most 1."),
    ],
)
def test_a_setting_that_cannot_be_is_refused_and_the_old_ones_stay(
    start_proxy: StartProxy, settings: dict[str, Any], why: str
) -> None:
    port = start_proxy()
    with pytest.raises(urllib.error.HTTPError) as refused:
        change(port, **settings)
    with refused.value as answer:
        assert (answer.code, json.load(answer)) == (400, {"message": why})
    assert change(port) == {"on": True, "throttles": 0.0, "resets_before": 0.0, "resets_after": 0.0}


def test_wrong_shares_end_the_program_with_why() -> None:
    command = [sys.executable, "-m", "hato.faults.proxy", "--port", "1", "--to", "http://x", "--throttles", "3"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "throttles must be from 0 to 1.\n")


def test_a_proxy_that_does_not_start_says_what_its_log_ends_with(start_proxy: StartProxy) -> None:
    with pytest.raises(FaultProxyFailed, match=r"throttles must be from 0 to 1\."):
        start_proxy(throttles=3)
