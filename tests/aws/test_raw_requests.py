"""Requests that go past botocore's serializer are, byte for byte of meaning, what it would have made of them."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from chalicelib.aws import clients
from chalicelib.aws.raw_requests import write_requests_raw

KEY = {"campaign_id": {"S": "c1"}, "part": {"S": "summary"}}
STATEMENT = {
    "Statement": "INSERT INTO \"t\" VALUE {'email': ?}",
    "Parameters": [{"S": "o'neill@example.com"}, {"N": "7"}],
}
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("batch_execute_statement", {"Statements": [STATEMENT]}),
    ("batch_get_item", {"RequestItems": {"t": {"Keys": [KEY], "ConsistentRead": True}}}),
    ("get_item", {"TableName": "t", "Key": KEY}),
    ("put_item", {"TableName": "t", "Item": {**KEY, "name": {"S": "山田 \u2028"}, "set": {"NS": ["1", "2"]}}}),
    ("update_item", {"TableName": "t", "Key": KEY, "UpdateExpression": "ADD n :n", "ReturnValues": "ALL_NEW"}),
]


class Wire:
    """Answers every request with nothing, and keeps it."""

    def __init__(self) -> None:
        self.requests: list[AWSPreparedRequest] = []

    def answer(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        self.requests.append(request)
        return AWSResponse(request.url, 200, {"Content-Type": "application/json"}, Nothing())


class Nothing:
    """The body of an empty answer."""

    def stream(self) -> Iterator[bytes]:
        yield b"{}"


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], tuple[Any, Wire]]]:
    """A client of this service as botocore makes it, and what it sends."""
    for name, value in {"DEFAULT_REGION": "us-east-1", "ACCESS_KEY_ID": "nobody", "SECRET_ACCESS_KEY": "none"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    made = []

    def client(service: str) -> tuple[Any, Wire]:
        import boto3
        from botocore.config import Config

        wire = Wire()
        made.append(boto3.session.Session().client(service, config=Config(parameter_validation=False)))
        made[-1].meta.events.register("before-send", wire.answer)
        return made[-1], wire

    yield client
    for each in made:
        each.close()


@pytest.mark.parametrize(("method", "asked"), CALLS, ids=[method for method, _ in CALLS])
def test_a_raw_request_says_what_botocores_own_says_and_goes_to_the_same_place(make, method, asked):
    (plain, plain_wire), (raw, raw_wire) = make("dynamodb"), make("dynamodb")
    write_requests_raw(raw, "BatchExecuteStatement", "BatchGetItem", "GetItem", "PutItem", "UpdateItem")
    for client in (plain, raw):
        getattr(client, method)(**asked)
    (theirs,), (ours,) = plain_wire.requests, raw_wire.requests
    assert json.loads(ours.body) == json.loads(theirs.body) == asked
    assert (ours.url, ours.method) == (theirs.url, theirs.method)
    for name in ("X-Amz-Target", "Content-Type"):
        assert ours.headers[name] == theirs.headers[name]


def test_a_raw_request_is_signed_over_its_own_body(make):
    """A signature over another body is refused; the same request twice within a second has the same one."""
    raw, wire = make("dynamodb")
    write_requests_raw(raw, "GetItem")
    for part in ("summary", "links"):
        raw.get_item(TableName="t", Key={"part": {"S": part}})
    signatures = [str(request.headers["Authorization"]) for request in wire.requests]
    assert signatures[0] != signatures[1]
    assert [int(request.headers["Content-Length"]) for request in wire.requests] == [
        len(request.body) for request in wire.requests
    ]


def test_a_body_that_is_bytes_already_goes_out_as_it_is(make):
    raw, wire = make("sesv2")
    write_requests_raw(raw, "SendBulkEmail")
    raw.send_bulk_email(Body=b'{"made": "elsewhere"}')
    (request,) = wire.requests
    assert request.body == b'{"made": "elsewhere"}'
    assert request.url.endswith("/v2/email/outbound-bulk-emails")
    assert request.headers["Content-Type"] == b"application/json"


def test_half_a_character_goes_out_as_json_can_write_it(make):
    raw, wire = make("dynamodb")
    write_requests_raw(raw, "PutItem")
    raw.put_item(TableName="t", Item={"name": {"S": "\ud83d"}})
    assert json.loads(wire.requests[0].body)["Item"] == {"name": {"S": "\ud83d"}}


def test_two_threads_do_not_take_each_others_bodies(make):
    from concurrent.futures import ThreadPoolExecutor

    raw, wire = make("dynamodb")
    write_requests_raw(raw, "GetItem")
    keys = [{"part": {"S": str(number)}} for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: raw.get_item(TableName="t", Key=key), keys))
    sent = [json.loads(request.body)["Key"] for request in wire.requests]
    assert sorted(sent, key=str) == sorted(keys, key=str)


def test_the_functions_own_clients_send_raw(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    made = (clients.client, clients.sending_client, clients.session)
    for each in made:
        each.cache_clear()
    dynamodb, ses = clients.client("dynamodb"), clients.sending_client()
    for client, operation in ((dynamodb, "dynamodb.UpdateItem"), (ses, "sesv2.SendBulkEmail")):
        answers = client.meta.events.emit(f"provide-client-params.{operation}", params={"Body": b"b"}, context={})
        assert [answer for _, answer in answers] == [{}]
        client.close()
    for each in made:
        each.cache_clear()
