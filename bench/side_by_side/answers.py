"""What the stand-in for AWS answers: as an account that has everything in order, and nobody sent to yet."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from bench.one_item import OneItem
from bench.side_by_side.letter import CAMPAIGN_ID, LETTER, MAIL_ID, SENDER

RATE = 10_000.0  # mails a second that the account may send: nobody is to wait long for it
_JSON, _XML = "application/json", "text/xml"
_BULK, _ONE, _ACCOUNT = "/v2/email/outbound-bulk-emails", "/v2/email/outbound-emails", "/v2/email/account"
_MESSAGE_ID = "0100018f00000000-00000000-0000-4000-8000-{:012d}-000000"
_XML_ANSWER = (
    '<{name}Response xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><{name}Result>{result}</{name}Result>'
    "<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{name}Response>"
)
_SENT = f"<MessageId>{_MESSAGE_ID.format(0)}</MessageId>"
_QUOTA = f"<MaxSendRate>{RATE}</MaxSendRate><Max24HourSend>-1.0</Max24HourSend><SentLast24Hours>0.0</SentLast24Hours>"
_action = re.compile(rb"Action=(\w+)").match

Reply = tuple[int, str, bytes]


class Request(NamedTuple):
    """An HTTP request; the headers' names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


def operation(request: Request) -> str:
    """The name of what is asked for, as AWS calls it."""
    if target := request.headers.get("x-amz-target"):
        return target.rpartition(".")[2]
    path = urlsplit(request.path).path
    if path in _REST:
        return _REST[path]
    if action := _action(request.body):  # the body may be a whole mail: parsing it would take its time
        return action[1].decode()
    return {"GET": "GetObject", "PUT": "PutObject"}[request.method]


def answer(name: str, request: Request) -> Reply:
    """Status, content type and body."""
    return _ANSWERS[name](request)


def _json(document: Any) -> Reply:
    return 200, _JSON, json.dumps(document).encode()


def _bulk(request: Request) -> Reply:
    entries = request.body.count(b'"Destination"')  # no field of the letter says so; parsing would take its time
    return _json(
        {"BulkEmailEntryResults": [{"Status": "SUCCESS", "MessageId": _MESSAGE_ID.format(n)} for n in range(entries)]}
    )


def _one(request: Request) -> Reply:
    return _json({"MessageId": _MESSAGE_ID.format(0)})


def _in_xml(name: str, result: str = _SENT) -> Callable[[Request], Reply]:
    body = _XML_ANSWER.format(name=name, result=result).encode()
    return lambda request: (200, _XML, body)


def _always(document: Any) -> Callable[[Request], Reply]:
    reply = _json(document)
    return lambda request: reply


def _statements(request: Request) -> Reply:
    return _json({"Responses": [{}] * request.body.count(b'"Statement"')})


def _get_item(request: Request) -> Reply:
    key = {name: value.get("S") for name, value in json.loads(request.body)["Key"].items()}
    if key.get("campaign_id") == "#account":
        return _json(_pace.get_item())
    item = _ITEMS.get(frozenset(key.items()))
    return _json({"Item": item} if item else {})


def _update_item(request: Request) -> Reply:
    asked = json.loads(request.body)
    if asked["Key"].get("campaign_id", {}).get("S") == "#account":
        return _paced(asked)
    if asked.get("ReturnValues") == "UPDATED_OLD":  # article B asks so whether a mail was sent before
        return _json({"Attributes": {"issend": {"N": "0"}}})
    return _json({})


def _paced(asked: Mapping[str, Any]) -> Reply:
    try:
        return _json(_pace.update_item(**asked))
    except ClientError as error:
        _, content_type, body = _json({"__type": error.response["Error"]["Code"], **error.response})
        return 400, content_type, body


def _get_object(request: Request) -> Reply:
    if request.path.endswith("mail.json"):
        mail = {"mail_id": MAIL_ID, "subject": LETTER.subject, "body": LETTER.text, "html": LETTER.html}
        return _json(mail | {"from": SENDER})
    return 200, "text/plain", f"{LETTER.subject}\n\n{LETTER.html}".encode()


_REST = {_BULK: "SendBulkEmail", _ONE: "SendEmail", _ACCOUNT: "GetAccount"}
_ITEMS = {
    frozenset({"campaign_id": CAMPAIGN_ID, "part": "summary"}.items()): {
        "campaign_id": {"S": CAMPAIGN_ID},
        "part": {"S": "summary"},
        "status": {"S": "sending"},
        "mail_id": {"S": MAIL_ID},
    },
}
_pace = OneItem(lambda: None)
_ACCOUNT_LIMITS = {"SendQuota": {"MaxSendRate": RATE, "Max24HourSend": -1.0, "SentLast24Hours": 0.0}}
_ANSWERS: Mapping[str, Callable[[Request], Reply]] = {
    "SendBulkEmail": _bulk,
    "SendEmail": lambda request: _one(request) if request.path == _ONE else _in_xml("SendEmail")(request),
    "SendRawEmail": _in_xml("SendRawEmail"),
    "GetSendQuota": _in_xml("GetSendQuota", _QUOTA),
    "GetAccount": _always(_ACCOUNT_LIMITS | {"SendingEnabled": True}),
    "GetItem": _get_item,
    "PutItem": _always({}),
    "DeleteItem": _always({}),
    "UpdateItem": _update_item,
    "BatchGetItem": _always({"Responses": {}, "UnprocessedKeys": {}}),
    "BatchExecuteStatement": _statements,
    "GetSecretValue": _always({"SecretString": "side-by-side-" * 4}),
    "GetQueueUrl": lambda request: _json({"QueueUrl": f"http://{request.headers['host']}/1/queue"}),
    "SendMessage": _always({"MessageId": "1"}),
    "SendTaskSuccess": _always({}),
    "SendTaskFailure": _always({}),
    "GetObject": _get_object,
    "PutObject": lambda request: (200, _XML, b""),
}
