"""The simulator over HTTP, called with boto3; the cloud beside it is a fake."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from hato.local.ses.__main__ import server
from hato.local.ses.cloud import ConfigurationSet, read_configuration_set
from hato.local.ses.server import make_app
from hato.local.ses.settings import Behaviour, Settings

AT_ONCE = Settings(
    rate=1000,
    delivery_delay=0,
    engagement_delay=0,
    event_rate=10_000,
    behaviour=Behaviour(hard_bounces=0, soft_bounces=0, delays=0, complaints=0, opens=1, clicks=1, bots=0),
)
DESTINATIONS: list[dict[str, Any]] = [
    {
        "Enabled": True,
        "MatchingEventTypes": ["BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE"],
        "SnsDestination": {"TopicArn": "feedback"},
    },
    {"Enabled": True, "MatchingEventTypes": ["DELIVERY"], "SnsDestination": {"TopicArn": "delivery"}},
    {"Enabled": True, "MatchingEventTypes": ["OPEN", "CLICK"], "SnsDestination": {"TopicArn": "engagement"}},
    {"Enabled": False, "MatchingEventTypes": ["DELIVERY"], "SnsDestination": {"TopicArn": "switched off"}},
]
PAUSED = {"SendingOptions": {"SendingEnabled": False}}


@dataclass
class FakeCloud:
    published: list[tuple[str, str, str]] = field(default_factory=list)
    all_there: threading.Condition = field(default_factory=threading.Condition)
    sets: dict[str, ConfigurationSet] = field(
        default_factory=lambda: {
            "hato": read_configuration_set("hato", {}, DESTINATIONS),
            "paused": read_configuration_set("paused", PAUSED, []),
            "silent": read_configuration_set("silent", {}, []),
        }
    )

    def configuration_set(self, name: str) -> ConfigurationSet | None:
        return self.sets.get(name)

    def verified_identities(self) -> frozenset[str]:
        return frozenset({"example.com", "ann@elsewhere.example"})

    def publish(self, topic_arn: str, subject: str, message: str) -> None:
        with self.all_there:
            self.published.append((topic_arn, subject, message))
            self.all_there.notify_all()

    def wait_for(self, count: int) -> list[tuple[str, str]]:
        """(topic, event type) of what was published, once there are so many."""
        with self.all_there:
            assert self.all_there.wait_for(lambda: len(self.published) >= count, timeout=20), self.published
            return [(topic, json.loads(message)["eventType"]) for topic, _, message in self.published]


class FakeWorkers:
    def count(self) -> int | None:
        return 1


class EchoingEmulator(BaseHTTPRequestHandler):
    def do_PUT(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        answer = json.dumps({"path": self.path, "body": body.decode(), "host": self.headers["host"]}).encode()
        self.send_response(418)
        self.send_header("x-amzn-ErrorType", "Teapot")
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *values: object) -> None:
        pass


@dataclass
class Running:
    port: int
    cloud: FakeCloud

    @property
    def ses(self) -> Any:
        return boto3.client(
            "sesv2",
            endpoint_url=f"http://127.0.0.1:{self.port}",
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}),
        )

    def http(self, method: str, path: str, body: str = "") -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def lines(self, path: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.http("GET", path)[2].splitlines()]


@pytest.fixture(scope="module")
def emulator() -> Iterator[HTTPServer]:
    with HTTPServer(("127.0.0.1", 0), EchoingEmulator) as echo:
        thread = threading.Thread(target=echo.serve_forever)
        thread.start()
        yield echo
        echo.shutdown()
        thread.join()


@contextmanager
def serving(endpoint_url: str, settings: Settings = AT_ONCE) -> Iterator[Running]:
    """The simulator on a port of its own, beside a fake cloud."""
    cloud = FakeCloud()
    web = server(make_app(settings, cloud, FakeWorkers(), endpoint_url, "us-east-1"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=web.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Running(listener.getsockname()[1], cloud)
        finally:
            web.should_exit = True
            thread.join(timeout=10)
            assert not thread.is_alive()


@pytest.fixture
def running(emulator: HTTPServer) -> Iterator[Running]:
    with serving(f"http://127.0.0.1:{emulator.server_port}") as simulator:
        yield simulator


def entry(to: str, data: dict[str, object] | None = None, **more: object) -> dict[str, Any]:
    replacement = {"ReplacementTemplate": {"ReplacementTemplateData": json.dumps(data or {"name": "Ann"})}}
    return {"Destination": {"ToAddresses": [to]}, "ReplacementEmailContent": replacement, **more}


def bulk(running: Running, *entries: dict[str, Any], **more: Any) -> list[dict[str, str]]:
    content = {"Subject": "Hi {{name}}", "Text": "t", "Html": "<a href='https://example.com'>{{name}}</a>"}
    request = {
        "FromEmailAddress": "News <news@example.com>",
        "ConfigurationSetName": "hato",
        "DefaultContent": {"Template": {"TemplateContent": content, "TemplateData": "{}"}},
        "BulkEmailEntries": list(entries),
        **more,
    }
    results: list[dict[str, str]] = running.ses.send_bulk_email(**request)["BulkEmailEntryResults"]
    return results


def simple(running: Running, to: str = "ann@example.com", **more: Any) -> str:
    content = {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}
    request = {"FromEmailAddress": "news@example.com", "Destination": {"ToAddresses": [to]}, "Content": content}
    answer: str = running.ses.send_email(**{**request, **more})["MessageId"]
    return answer


def refused(call: Any) -> tuple[str, int, str]:
    with pytest.raises(ClientError) as refusal:
        call()
    response: Any = refusal.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Message"]


def test_it_says_that_it_is_well(running: Running) -> None:
    assert running.http("GET", "/_simulator/health")[::2] == (200, b'{"status":"ok"}')


def test_every_entry_gets_its_own_status_in_order(running: Running) -> None:
    results = bulk(running, entry("ann@example.com"), entry("é@example.com"), entry("bob@example.com"))
    assert [result["Status"] for result in results] == ["SUCCESS", "INVALID_PARAMETER", "SUCCESS"]
    assert results[1]["Error"] == "Local address contains illegal character"
    mails = running.lines("/messages")
    assert [mail["message_id"] for mail in mails] == [results[0]["MessageId"], results[2]["MessageId"]]
    assert mails[0]["subject"] == "Hi Ann"
    assert mails[0]["html"] == "<a href='https://example.com'>Ann</a>"


def test_an_entrys_headers_and_tags_reach_its_mail(running: Running) -> None:
    headers = [{"Name": "List-Unsubscribe", "Value": "<https://example.com/u>"}]
    one = entry("ann@example.com", ReplacementHeaders=headers, ReplacementTags=[{"Name": "shard", "Value": "03"}])
    bulk(running, one, DefaultEmailTags=[{"Name": "mail", "Value": "m1"}, {"Name": "shard", "Value": "00"}])
    mail = running.lines("/messages")[0]
    assert mail["headers"]["List-Unsubscribe"] == "<https://example.com/u>"
    assert mail["tags"] == {"mail": "m1", "shard": "03"}


@pytest.mark.parametrize(
    "bad",
    [
        {"ReplacementTags": [{"Name": "a b", "Value": "x"}]},
        {"ReplacementTags": [{"Name": "a", "Value": "x" * 257}]},
        {"ReplacementHeaders": [{"Name": "Subject", "Value": "mine"}]},
        {"ReplacementHeaders": [{"Name": "X-Long", "Value": "x" * 995}]},
        {"ReplacementEmailContent": {"ReplacementTemplate": {"ReplacementTemplateData": "no json"}}},
        {"Destination": {"ToAddresses": []}},
    ],
)
def test_a_mistake_in_one_entry_fails_that_entry(running: Running, bad: dict[str, Any]) -> None:
    results = bulk(running, {**entry("ann@example.com"), **bad}, entry("bob@example.com"))
    assert [result["Status"] for result in results] == ["INVALID_PARAMETER", "SUCCESS"]


@pytest.mark.parametrize(
    "bad",
    [
        {"BulkEmailEntries": [entry("ann@example.com")] * 51},
        {"BulkEmailEntries": []},
        {"FromEmailAddress": "nobody"},
        {"ReplyToAddresses": ["nobody"]},
        {"DefaultContent": {"Template": {"TemplateContent": {"Subject": "s", "Text": "x" * 1_100_000}}}},
        {"DefaultContent": {"Template": {"TemplateContent": {"Subject": "s"}}}},
        {"DefaultContent": {"Template": {"TemplateName": "stored"}}},
        {"BulkEmailEntries": [entry("a@example.com", ReplacementHeaders=[{"Name": "X", "Value": "é"}])]},
        {"BulkEmailEntries": [entry("a@example.com", ReplacementHeaders=[{"Name": "X", "Value": "y"}] * 16)]},
    ],
)
def test_a_mistake_in_the_request_fails_the_call_and_sends_nothing(running: Running, bad: dict[str, Any]) -> None:
    code, status, _ = refused(lambda: bulk(running, entry("ann@example.com"), **bad))
    assert (code, status) == ("BadRequestException", 400)
    assert running.lines("/messages") == []


def test_an_unknown_configuration_set_fails_entries_or_the_single_mail(running: Running) -> None:
    results = bulk(running, entry("ann@example.com"), ConfigurationSetName="nope")
    assert results[0]["Status"] == "CONFIGURATION_SET_NOT_FOUND"
    code, status, message = refused(lambda: simple(running, ConfigurationSetName="nope"))
    assert (code, status, message) == ("NotFoundException", 404, "Configuration set <nope> does not exist.")


def test_a_paused_configuration_set_and_a_paused_account_send_nothing(running: Running) -> None:
    paused = bulk(running, entry("ann@example.com"), ConfigurationSetName="paused")
    assert paused[0]["Status"] == "CONFIGURATION_SET_SENDING_PAUSED"
    running.http("PUT", "/_simulator/settings", '{"sending_enabled": false}')
    assert refused(lambda: bulk(running, entry("ann@example.com")))[0] == "SendingPausedException"


def test_a_call_over_the_rate_is_refused_whole_with_429(running: Running) -> None:
    running.http("PUT", "/_simulator/settings", '{"rate": 3}')
    four = [entry(f"p{number}@example.com") for number in range(4)]
    refusal = refused(lambda: bulk(running, *four))
    assert refusal == ("TooManyRequestsException", 429, "Maximum sending rate exceeded.")
    assert len(bulk(running, *four[:3])) == 3
    assert json.loads(running.http("GET", "/_simulator/status")[2])["throttled_calls"] == 1


def test_the_daily_quota_is_what_get_account_says(running: Running) -> None:
    running.http("PUT", "/_simulator/settings", '{"daily_quota": 2}')
    bulk(running, entry("ann@example.com"), entry("bob@example.com"), entry("success@simulator.amazonses.com"))
    account = running.ses.get_account()
    assert account["SendQuota"] == {"Max24HourSend": 2.0, "MaxSendRate": 1000.0, "SentLast24Hours": 2.0}
    refusal = refused(lambda: simple(running))
    assert refusal == ("TooManyRequestsException", 429, "Daily message quota exceeded.")


def test_the_sandbox_takes_verified_recipients_only(running: Running) -> None:
    running.http("PUT", "/_simulator/settings", '{"sandbox": true, "rate": 100}')
    assert running.ses.get_account()["ProductionAccessEnabled"] is False
    to = ["ann@elsewhere.example", "bob@elsewhere.example", "bounce@simulator.amazonses.com"]
    results = bulk(running, *map(entry, to))
    assert [result["Status"] for result in results] == ["SUCCESS", "MESSAGE_REJECTED", "SUCCESS"]
    assert refused(lambda: simple(running, "bob@elsewhere.example"))[0] == "MessageRejected"


def test_events_go_to_exactly_the_topics_that_ask_for_them(running: Running) -> None:
    bulk(running, entry("ann@example.com"), entry("bounce@simulator.amazonses.com"))
    events = running.cloud.wait_for(4)
    assert ("delivery", "Delivery") in events
    assert ("feedback", "Bounce") in events
    assert {topic for topic, kind in events if kind in ("Open", "Click")} == {"engagement"}
    assert "Send" not in {kind for _, kind in events}
    assert {subject for _, subject, _ in running.cloud.published} == {"Amazon SES Email Event Notification"}


def test_a_missing_variable_is_accepted_and_reported_as_a_rendering_failure(running: Running) -> None:
    results = bulk(running, entry("ann@example.com", {"other": 1}))
    assert results[0]["Status"] == "SUCCESS"
    assert running.cloud.wait_for(1) == [("feedback", "Rendering Failure")]
    assert running.lines("/messages") == []


def test_a_mail_with_a_virus_is_accepted_and_reported_as_rejected(running: Running) -> None:
    content = {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "EICAR-STANDARD-ANTIVIRUS-TEST-FILE"}}}
    simple(running, ConfigurationSetName="hato", Content={"Simple": content})
    assert running.cloud.wait_for(1) == [("feedback", "Reject")]
    assert running.lines("/messages") == []


def test_plain_text_mail_is_never_seen_opened(running: Running) -> None:
    simple(running, ConfigurationSetName="hato")
    running.cloud.wait_for(1)
    assert [event["kind"] for event in running.lines("/_simulator/events")] == ["Send", "Delivery"]


def test_nothing_is_tracked_where_no_destination_asks_or_the_request_forbids(running: Running) -> None:
    off = {"Tracking": {"OpenTrackingEnabled": "DISABLED", "ClickTrackingEnabled": "DISABLED"}}
    bulk(running, entry("ann@example.com"), ConfigurationSetName="silent")
    bulk(running, entry("ann@example.com"), ConfigurationOverrides=off)
    running.cloud.wait_for(1)
    assert {event["kind"] for event in running.lines("/_simulator/events")} == {"Send", "Delivery"}


def test_the_simulators_own_account_of_events_says_what_was_published(running: Running) -> None:
    message_id = bulk(running, entry("complaint@simulator.amazonses.com"))[0]["MessageId"]
    running.cloud.wait_for(2)
    status = json.loads(running.http("GET", "/_simulator/status")[2])
    while status["events_pending"]:
        status = json.loads(running.http("GET", "/_simulator/status")[2])
    events = running.lines("/_simulator/events")
    found = [(event["kind"], event["published"]) for event in events]
    assert found == [("Send", False), ("Delivery", True), ("Complaint", True)]
    assert {event["message_id"] for event in events} == {message_id}
    assert (status["accepted"], status["events_published"], status["events_unwanted"]) == (1, 2, 1)


def test_raw_mail_keeps_its_own_headers_and_parts(running: Running) -> None:
    head = b"From: a@example.com\r\nTo: =?utf-8?q?J=C3=BCrgen?= <j@example.com>\r\nSubject: raw\r\nX-Own: 1\r\n"
    raw = head + b"\r\nhello\r\n"
    message_id = running.ses.send_email(Content={"Raw": {"Data": raw}})["MessageId"]
    mail = running.lines("/messages")[0]
    assert (mail["to"], mail["subject"], mail["headers"]["X-Own"]) == (["j@example.com"], "raw", "1")
    assert running.http("GET", f"/messages/{message_id}/source")[2] == raw


def test_the_inbox_lists_filters_pages_and_empties(running: Running) -> None:
    bulk(running, *(entry(f"p{number}@example.com") for number in range(5)))
    assert [mail["to"] for mail in running.lines("/messages?to=P3@example.com")] == [["p3@example.com"]]
    page = running.lines("/messages?offset=1&limit=2")
    assert [mail["to"][0] for mail in page] == ["p1@example.com", "p2@example.com"]
    assert running.http("GET", "/messages?limit=x")[0] == 400
    assert running.http("DELETE", "/messages")[0] == 204
    assert running.lines("/messages") == []


def test_settings_are_read_and_changed_while_it_runs(running: Running) -> None:
    status, _, body = running.http("PUT", "/_simulator/settings", '{"rate": 5, "behaviour": {"opens": 0}}')
    assert (status, json.loads(body)["rate"]) == (200, 5)
    assert json.loads(running.http("GET", "/_simulator/settings")[2])["behaviour"]["opens"] == 0
    for bad in ('{"rate": -1}', "no json"):
        status, _, body = running.http("PUT", "/_simulator/settings", bad)
        assert status == 400
        assert json.loads(body)["message"].endswith(".")


def test_every_other_call_is_handed_on_as_it_came(running: Running) -> None:
    path = "/v2/email/configuration-sets/a%2Fb/options?x=%20y"
    status, headers, body = running.http("PUT", path, "body")
    assert (status, headers["x-amzn-errortype"]) == (418, "Teapot")
    assert json.loads(body) == {"path": path, "body": "body", "host": f"127.0.0.1:{running.port}"}
