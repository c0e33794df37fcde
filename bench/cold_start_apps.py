"""Who is started cold: each of Hato's functions with an event that leads it to AWS, and bare apps beside them."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BARE, BARE_BOTO3, BARE_BOTH, BARE_CLIENTS = "chalice", "boto3", "chalice + boto3", "chalice, boto3, 4 clients"
SEND, API = "send_batch", "api_handler"
UNCOMPILED = "send_batch, not compiled"


@dataclass(frozen=True, slots=True)
class Start:
    """One cold start: what is imported from which folder, and what is called with what."""

    name: str
    folder: Path
    handler: str
    event: Mapping[str, Any]


_GET_ITEM = "get_item(TableName='t', Key={'id': {'S': '1'}})"
_CHALICE = """
from chalice import Chalice

app = Chalice(app_name='bare')


@app.on_sqs_message(queue='bare', batch_size=1)
def handle(event):
"""
_PLAIN = "\n\ndef handle(event, context):\n"
_OF_FOUR = """
made = {name: boto3.client(name) for name in ('dynamodb', 's3', 'sesv2', 'stepfunctions')}
"""
_SOURCES = {
    BARE: f"{_CHALICE}    return {{}}\n",
    BARE_BOTO3: f"import boto3\n\ntable = boto3.client('dynamodb'){_PLAIN}    return table.{_GET_ITEM}\n",
    BARE_BOTH: f"import boto3\n{_CHALICE}    return table.{_GET_ITEM}\n\n\ntable = boto3.client('dynamodb')\n",
    BARE_CLIENTS: f"import boto3\n{_CHALICE}    return made['dynamodb'].{_GET_ITEM}\n\n{_OF_FOUR}",
}
_CAMPAIGN = {"campaign_id": "march-0f1e2d3c4b5a6978"}
_BATCH = {
    **_CAMPAIGN,
    "mail_id": "march",
    "batch": 0,
    "recipients": [{"row": n, "email": f"pigeon{n}@example.com", "fields": {"name": "Taro"}} for n in range(2, 102)],
}
_MAIL = {
    "timestamp": "2026-03-02T09:15:00.120Z",
    "messageId": "010601957a0b1c2d-000000",
    "destination": ["pigeon2@example.com"],
    "tags": {"campaign": [_CAMPAIGN["campaign_id"]], "mail": ["march"], "shard": ["17"]},
}
_AT = "2026-03-02T09:15:02.000Z"
_BOUNCED = [{"emailAddress": "pigeon2@example.com", "diagnosticCode": "smtp; 550 5.1.1 nobody here"}]
_BOUNCE = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": _BOUNCED, "timestamp": _AT}
_DELIVERY = {"timestamp": _AT, "recipients": ["pigeon2@example.com"], "smtpResponse": "250 ok"}
_CLICK = {"timestamp": _AT, "ipAddress": "192.0.2.1", "userAgent": "Mozilla/5.0", "link": "https://example.com/"}
_REQUEST = {
    "requestContext": {"resourcePath": "/campaigns", "httpMethod": "GET", "path": "/campaigns", "identity": {}},
    "multiValueQueryStringParameters": {"token": ["a-token-of-nobody"]},
    "pathParameters": None,
    "headers": {"accept-language": "ja"},
    "body": None,
    "stageVariables": None,
    "isBase64Encoded": False,
}


def functions(task: Path) -> Iterator[Start]:
    """Hato's, from the folder into which its package was unzipped."""
    for name, event in _EVENTS.items():
        yield Start(name, task, "app" if name == API else name, event)


def uncompiled(task: Path, folder: Path) -> Start:
    """Hato's send function as Chalice's own zip has it: without the bytecode that ours brings."""
    source = folder / "uncompiled"
    shutil.copytree(task, source, ignore=shutil.ignore_patterns("__pycache__"))
    return Start(UNCOMPILED, source, SEND, _EVENTS[SEND])


def bare_apps(folder: Path) -> Iterator[Start]:
    """Write them into the folder, each into one of its own."""
    for number, (name, source) in enumerate(_SOURCES.items()):
        own = folder / str(number)
        own.mkdir()
        (own / "app.py").write_text(source)
        yield Start(name, own, "handle", _records({"body": "{}"}))


def _records(record: Mapping[str, Any]) -> dict[str, Any]:
    return {"Records": [record]}


def _notice(kind: str, told: Mapping[str, Any]) -> dict[str, Any]:
    message = json.dumps({"eventType": kind, "mail": _MAIL, kind.lower(): told})
    return _records({"Sns": {"Subject": "Amazon SES Email Event Notification", "Message": message}})


_UPLOADED = {"bucket": {"name": "hato-dev-uploads"}, "object": {"key": "lists/march/list.csv", "eTag": "0f1e2d3c"}}
_INPUT = {"file_name": "lists/march/list.csv", "mail_id": "march"}
_EVENTS: Mapping[str, Mapping[str, Any]] = {
    "on_upload": _records({"eventName": "ObjectCreated:Put", "s3": _UPLOADED}),
    "prepare_batches": {**_CAMPAIGN, "execution": "arn", "input": _INPUT},
    SEND: _records({"body": json.dumps({"task_token": "a token of sixteen letters", "batch": _BATCH})}),
    "finish_campaign": _CAMPAIGN,
    "on_feedback": _notice("Bounce", _BOUNCE),
    "on_delivery": _notice("Delivery", _DELIVERY),
    "on_engagement": _notice("Click", _CLICK),
    "refresh_pace": {},
    API: _REQUEST,
}
