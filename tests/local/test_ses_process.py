"""The simulator as a process, beside the real emulator."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import pytest


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return bytes(answer.read())


def start(endpoint_url: str, *options: str, stderr: int | None = None) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "hato.local.ses", "--port", "0", "--aws-endpoint-url", endpoint_url, *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)
    assert process.stdout is not None
    address = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
    assert address is not None
    return process, address[0]


def end(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGTERM)
    with process:
        return process.wait(timeout=10)


def test_it_ends_cleanly_and_promptly_when_told_to() -> None:
    process, url = start("http://127.0.0.1:9")
    assert json.loads(get(f"{url}/_simulator/health")) == {"status": "ok"}
    began = time.monotonic()
    assert end(process) == 0
    assert time.monotonic() - began < 5


def test_a_wrong_option_is_explained() -> None:
    command = [sys.executable, "-m", "hato.local.ses", "--port", "0", "--aws-endpoint-url", "http://x", "--rate", "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "rate must be a number above 0.\n")


@pytest.fixture(scope="module")
def emulator() -> Iterator[str]:
    port = free_port()
    environment = {
        **os.environ,
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "ministack"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(url, process)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


def wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            get(f"{url}/_ministack/health")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the emulator did not start")


def client(service: str, url: str) -> Any:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, endpoint_url=url, region_name="us-east-1", **keys)


@pytest.mark.cloud
def test_events_arrive_in_a_queue_by_way_of_the_deployed_configuration_set(emulator: str) -> None:
    process, url = start(emulator, "--delivery-delay", "0", "--event-rate", "1000")
    try:
        queue = queue_behind_a_configuration_set(emulator, url)
        sent = client("sesv2", url).send_bulk_email(
            FromEmailAddress="news@example.com",
            ConfigurationSetName="hato",
            DefaultContent={"Template": {"TemplateContent": {"Subject": "s", "Text": "t"}, "TemplateData": "{}"}},
            BulkEmailEntries=[
                {"Destination": {"ToAddresses": [f"{name}@simulator.amazonses.com"]}} for name in ("success", "bounce")
            ],
        )
        ids = [result["MessageId"] for result in sent["BulkEmailEntryResults"]]
        events = receive(client("sqs", emulator), queue, 2)
        assert {(event["eventType"], event["mail"]["messageId"]) for event in events} == {
            ("Delivery", ids[0]),
            ("Bounce", ids[1]),
        }
    finally:
        assert end(process) == 0


def queue_behind_a_configuration_set(emulator: str, simulator: str) -> str:
    sns, sqs, ses = client("sns", emulator), client("sqs", emulator), client("sesv2", simulator)
    queue: str = sqs.create_queue(QueueName="events")["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = sns.create_topic(Name="events")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=found)
    ses.create_configuration_set(ConfigurationSetName="hato")
    ses.create_configuration_set_event_destination(
        ConfigurationSetName="hato",
        EventDestinationName="events",
        EventDestination={
            "Enabled": True,
            "MatchingEventTypes": ["BOUNCE", "DELIVERY"],
            "SnsDestination": {"TopicArn": topic},
        },
    )
    return queue


def receive(sqs: Any, queue: str, count: int) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    deadline = time.monotonic() + 30
    while len(events) < count and time.monotonic() < deadline:
        for message in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5).get("Messages", []):
            events.append(json.loads(json.loads(message["Body"])["Message"]))
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return events
