"""SES's event notifications, field by field as SES writes them to SNS."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from hato.local.ses.message import Message
from hato.local.ses.step import HARD_BOUNCE, ON_ACCOUNT_LIST, OUT_OF_OFFICE, SOFT_BOUNCE, SUPPRESSED, Kind, Step

SUBJECT = "Amazon SES Email Event Notification"
ACCOUNT_ID = "000000000000"
_MTA = "a8-62.smtp-out.amazonses.com"
_READER_IP, _SENDER_IP, _MTA_IP = "203.0.113.20", "127.0.0.1", "203.0.113.10"

Json = dict[str, Any]


def notification(message: Message, recipient: str, step: Step, at: float, region: str) -> str:
    """The SNS message of one event of one recipient; SES ends it with a newline."""
    key, detail = _DETAILS[step.kind](message, recipient, step, at)
    body = {"eventType": step.kind.value, "mail": _mail(message, recipient, region), key: detail}
    return json.dumps(body, ensure_ascii=False) + "\n"


def timestamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _mail(message: Message, recipient: str, region: str) -> Json:
    record = message.record
    headers: Mapping[str, str] = record["headers"]
    return {
        "timestamp": timestamp(message.accepted_at),
        "source": record["from"],
        "sourceArn": f"arn:aws:ses:{region}:{ACCOUNT_ID}:identity/{message.sender}",
        "sendingAccountId": ACCOUNT_ID,
        "messageId": message.message_id,
        "destination": [recipient],
        "headersTruncated": False,
        "headers": [{"name": name, "value": value} for name, value in headers.items()],
        "commonHeaders": _common_headers(message, headers),
        "tags": _tags(message, record),
    }


def _common_headers(message: Message, headers: Mapping[str, str]) -> Json:
    # SES gives an address header as a list of one string, and its own id for the mail's Message-ID.
    lists = {"from": "From", "replyTo": "Reply-To", "to": "To", "cc": "Cc"}
    found: Json = {key: [headers[name]] for key, name in lists.items() if name in headers}
    return {
        **found,
        "date": headers.get("Date", ""),
        "messageId": message.message_id,
        "subject": message.subject,
    }


def _tags(message: Message, record: Json) -> dict[str, list[str]]:
    of_ses = {
        "ses:operation": record["operation"],
        "ses:configuration-set": message.configuration_set,
        "ses:source-ip": _SENDER_IP,
        "ses:from-domain": message.sender.rpartition("@")[2],
        "ses:caller-identity": "hato",
    }
    return {name: [value] for name, value in {**of_ses, **record["tags"]}.items()}


def _send(message: Message, recipient: str, step: Step, at: float) -> tuple[str, Json]:
    return "send", {}


def _delivery(message: Message, recipient: str, step: Step, at: float) -> tuple[str, Json]:
    return "delivery", {
        "timestamp": timestamp(at),
        "processingTimeMillis": max(0, int((at - message.accepted_at) * 1000)),
        "recipients": [recipient],
        "smtpResponse": "250 2.6.0 Message received",
        "remoteMtaIp": _MTA_IP,
        "reportingMTA": _MTA,
    }


def _bounce(message: Message, recipient: str, step: Step, at: float) -> tuple[str, Json]:
    bounce_type, _, subtype = step.detail.partition("/")
    return "bounce", {
        "feedbackId": _feedback_id(message, recipient, step),
        "bounceType": bounce_type,
        "bounceSubType": subtype,
        "bouncedRecipients": [{"emailAddress": recipient, **_DIAGNOSES[step.detail]}],
        "timestamp": timestamp(at),
        "reportingMTA": f"dns; {_MTA}",
    }


_DIAGNOSES: dict[str, dict[str, str]] = {
    HARD_BOUNCE: {"action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown"},
    SOFT_BOUNCE: {
        "action": "failed",
        "status": "4.2.2",
        "diagnosticCode": "smtp; 452 4.2.2 The mailbox is full",
    },
    OUT_OF_OFFICE: {},  # an automatic answer is no delivery report, so there is nothing to quote
    SUPPRESSED: {
        "action": "failed",
        "status": "5.1.1",
        "diagnosticCode": "Amazon SES has suppressed sending to this address because it has a recent "
        "history of bouncing as an invalid address.",
    },
    ON_ACCOUNT_LIST: {
        "action": "failed",
        "status": "5.1.1",
        "diagnosticCode": "Amazon SES did not send the message to this address because it is on the suppression list "
        "for your account.",
    },
}


def _complaint(message: Message, recipient: str, step: Step, at: float) -> tuple[str, Json]:
    return "complaint", {
        "feedbackId": _feedback_id(message, recipient, step),
        "complaintSubType": None,
        "complainedRecipients": [{"emailAddress": recipient}],
        "timestamp": timestamp(at),
        "userAgent": "Amazon SES Mailbox Simulator",
        "complaintFeedbackType": "abuse",
        "arrivalDate": timestamp(at),
    }


def _reject(message: Message, recipient: str, step: Step, at: float) -> tuple[str, Json]:
    return "reject", {"reason": step.detail}


def _rendering_failure(message: Message, recipient: str, step: Step, at: float) -> tuple[str, Json]:
    # Its key is `failure`, unlike every other event's; an inline template has no name to report.
    return "failure", {"errorMessage": step.detail, "templateName": "inline"}


def _delivery_delay(message: Message, recipient: str, step: Step, at: float) -> tuple[str, Json]:
    code = "smtp; 421 4.4.1 Unable to connect to remote host"
    return "deliveryDelay", {
        "timestamp": timestamp(at),
        "delayType": step.detail,
        "expirationTime": timestamp(message.accepted_at + 14 * 60 * 60),
        "delayedRecipients": [{"emailAddress": recipient, "status": "4.4.1", "diagnosticCode": code}],
    }


def _open(message: Message, recipient: str, step: Step, at: float) -> tuple[str, Json]:
    return "open", _seen(step, at)


def _click(message: Message, recipient: str, step: Step, at: float) -> tuple[str, Json]:
    return "click", {**_seen(step, at), "link": step.link, "linkTags": None}


def _seen(step: Step, at: float) -> Json:
    verdict = {"isBotEvent": "Likely" if step.bot else "Unlikely"} if step.verdict else {}
    return {"timestamp": timestamp(at), "ipAddress": _READER_IP, "userAgent": step.agent, **verdict}


def _feedback_id(message: Message, recipient: str, step: Step) -> str:
    number = message.recipients.index(recipient) if recipient in message.recipients else 0
    return f"{message.message_id.removesuffix('-000000')}-{step.kind.value.lower()}{number}-000000"


_DETAILS: dict[Kind, Callable[[Message, str, Step, float], tuple[str, Json]]] = {
    Kind.SEND: _send,
    Kind.REJECT: _reject,
    Kind.RENDERING_FAILURE: _rendering_failure,
    Kind.DELIVERY: _delivery,
    Kind.DELIVERY_DELAY: _delivery_delay,
    Kind.BOUNCE: _bounce,
    Kind.COMPLAINT: _complaint,
    Kind.OPEN: _open,
    Kind.CLICK: _click,
}
