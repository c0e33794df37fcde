"""A queue's message becomes a dead letter: what it is, in whatever form it came. Nothing is raised, nothing left out.

The queue of the send queue's dead letters holds batches; that of the events three forms of a failed call:

- Lambda's record of it (an on-failure destination): `requestContext.functionArn`, `requestPayload`, `responsePayload`;
- SNS's own notification, where it could not reach the function (a subscription's redrive policy);
- the event alone (a function's dead-letter queue), with the reason in the message's attributes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.batch import BatchMessage
from chalicelib.envelope import as_object
from chalicelib.errors import BatchMalformed
from hato.dead_letters.events import describe
from hato.dead_letters.functions import Functions
from hato.dead_letters.letter import DeadLetter, FailedCall, Message, NotReadable, Queue, StrandedBatch, shown

_NOT_TOLD = "it is not told why"
_CONDITIONS = {
    "RetriesExhausted": "it failed every time",
    "EventAgeExceeded": "Lambda found no time for it before it was too old",
}


def read_batch(message: Message, most_tries: int | None) -> DeadLetter:
    """The dead letter that a message of the send queue's dead letters is; SQS moves one there after `most_tries`."""
    reason = message.attributes.get("reason", "")
    tries = most_tries if message.moved_from else None
    try:
        batch = BatchMessage.from_body(message.body).batch
    except BatchMalformed as error:
        what = f"not readable as a batch, {len(message.body):,} characters"
        return DeadLetter(Queue.SEND, message, NotReadable(), what, shown(reason or str(error)), tries)
    if message.moved_from and not reason:
        reason = "send_batch never came to an end with it; the function's log says more"
    count = len(batch.recipients)
    what = f"batch {batch.number} of campaign {batch.campaign_id} ({count} recipient{'' if count == 1 else 's'})"
    content = StrandedBatch(batch.campaign_id, batch.number, count)
    return DeadLetter(Queue.SEND, message, content, shown(what), shown(reason or _NOT_TOLD), tries, batch.campaign_id)


def read_call(message: Message, functions: Functions) -> DeadLetter:
    """The dead letter that a message of the events' dead letters is."""
    document = _document(message.body)
    if isinstance(document.get("requestContext"), Mapping) and "requestPayload" in document:
        call = _of_record(document, functions)
    elif document.get("Type") == "Notification" and "TopicArn" in document:
        call = _of_notification(document, _attribute(message, "errormessage"), functions)
    else:
        names = f"a JSON object of {', '.join(list(document)[:5])}, but no event" if document else "no JSON object"
        otherwise = f"{names}, {len(message.body):,} characters"
        why = _attribute(message, "errormessage") or _NOT_TOLD
        call = _Call(functions.of_event(document), document, otherwise, why)
    if not (call.function and call.event):
        return DeadLetter(Queue.EVENTS, message, NotReadable(), shown(call.otherwise), shown(call.why), call.tries)
    what, campaign_id = describe(call.event)
    content = FailedCall(call.function, call.event)
    what = shown(f"{what}, for {call.function}")
    return DeadLetter(Queue.EVENTS, message, content, what, shown(call.why), call.tries, campaign_id)


@dataclass(frozen=True, slots=True)
class _Call:
    """What a message says of a call; `otherwise` is what it is where it names no function of ours, or no event."""

    function: str
    event: Mapping[str, Any]
    otherwise: str
    why: str
    tries: int | None = None


def _of_record(record: Mapping[str, Any], functions: Functions) -> _Call:
    context, error = record["requestContext"], as_object(record.get("responsePayload"))
    arn, condition, count = (context.get(name) for name in ("functionArn", "condition", "approximateInvokeCount"))
    said = ": ".join(str(error[name]) for name in ("errorType", "errorMessage") if error.get(name))
    return _Call(
        function=functions.of_arn(arn),
        event=as_object(record["requestPayload"]),
        otherwise=f"a failed call of {arn or 'no function'} that cannot be made again",
        why=said or _CONDITIONS.get(str(condition)) or str(condition or _NOT_TOLD),
        tries=count if isinstance(count, int) and not isinstance(count, bool) else None,
    )


def _of_notification(notification: Mapping[str, Any], error: str, functions: Functions) -> _Call:
    topic = notification["TopicArn"]
    return _Call(
        function=functions.of_topic(topic),
        event={"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": notification}]},
        otherwise=f"a notification of {topic}, which is no topic of {functions.stack}",
        why=f"SNS could not call the function{f': {error}' if error else ''}",
    )


def _document(body: str) -> dict[str, Any]:
    try:
        return as_object(json.loads(body))
    except (ValueError, RecursionError):
        return {}


def _attribute(message: Message, name: str) -> str:
    """An attribute, in whatever spelling: Lambda writes ErrorMessage, and others ERROR_MESSAGE."""
    return next((text for key, text in message.attributes.items() if key.replace("_", "").lower() == name), "")
