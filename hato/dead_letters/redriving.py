"""What is done about a dead letter: a batch goes back to its queue, a failed call is made again, or it stays.

Both are safe to repeat: who was sent to stands in the ledger, and every function records an event once.

A batch whose task has timed out is sent all the same, and its outcomes count. But if it cannot be sent just then,
nobody puts it back once more: the state machine has tries of its own for the batch, and what none of them sent is
reported as failed. So a batch is not put back while its campaign is paused or has ended: none of it would be sent.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from botocore.exceptions import ClientError

from chalicelib.domain.campaign import ENDED, RESUMABLE, Status
from hato.access import in_one_sentence
from hato.dead_letters.functions import Functions
from hato.dead_letters.letter import DeadLetter, FailedCall, StrandedBatch, shown

_ONE_TRY = "one try of it; rows for which the state machine makes no other end as failed in the report"
_LOST = {"refresh_pace": "nothing, for the next minute looks again", "on_upload": "the start of its campaign"}


class Action(StrEnum):
    """What redrive does with a dead letter."""

    REQUEUE = "requeue"
    REPLAY = "replay"
    STAY = "stay"


@dataclass(frozen=True, slots=True)
class Plan:
    """What redrive would do, in a sentence, and what is lost where the letter is dropped instead."""

    action: Action
    sentence: str
    loss: str


class Campaigns(Protocol):
    """The campaigns' own records."""

    def summary(self, campaign_id: str) -> dict[str, Any]:
        """The campaign's summary; empty where there is none."""
        ...


class Redriving:
    """Sends dead letters on their way again: batches to this queue, calls to these functions."""

    def __init__(self, campaigns: Campaigns, functions: Functions, sqs: Any, send_queue: str, lambda_: Any) -> None:
        self._campaigns = campaigns
        self._functions = functions
        self._sqs = sqs
        self._send_queue = send_queue
        self._lambda = lambda_
        self._statuses = dict[str, Status]()

    def plan(self, letter: DeadLetter) -> Plan:
        """What redrive would do with it, as things stand."""
        match letter.content:
            case StrandedBatch(campaign_id):
                return _plan_of_batch(campaign_id, self._status(campaign_id))
            case FailedCall(function):
                sentence = f"calls {function} with it again; what it did before is not done twice"
                return Plan(Action.REPLAY, sentence, _LOST.get(function, "what it tells of"))
        return Plan(Action.STAY, "leaves it where it is: nobody can work on it", "the message")

    def redrive(self, letter: DeadLetter) -> str:
        """Do what is planned; empty where that succeeded and the message is to be deleted, else why it stays."""
        plan = self.plan(letter)
        try:
            match letter.content:
                case StrandedBatch() if plan.action is Action.REQUEUE:
                    self._sqs.send_message(QueueUrl=self._send_queue, MessageBody=letter.message.body)
                    return ""
                case FailedCall() as call:
                    return self._call(call)
        except ClientError as error:  # of this letter only, perhaps: the others are still tried
            return shown(in_one_sentence(error))
        return plan.sentence

    def _call(self, call: FailedCall) -> str:
        answer = self._lambda.invoke(
            FunctionName=self._functions.deployed_name(call.function),
            InvocationType="RequestResponse",
            Payload=json.dumps(call.event).encode(),
        )
        payload = answer["Payload"].read()
        if "FunctionError" not in answer:
            return ""
        return shown(f"{call.function} failed again: {_error(payload) or answer['FunctionError']}")

    def _status(self, campaign_id: str) -> Status:
        """Where the campaign stands; a batch that somebody put into the queue by hand has none, and is sent."""
        if campaign_id not in self._statuses:
            self._statuses[campaign_id] = Status(self._campaigns.summary(campaign_id).get("status", Status.SENDING))
        return self._statuses[campaign_id]


def _plan_of_batch(campaign_id: str, status: Status) -> Plan:
    resume = f"`hato resume {campaign_id}`"
    if status is Status.PAUSED:
        sentence = f"leaves it where it is, for its campaign is paused: {resume} first"
        return Plan(Action.STAY, sentence, _ONE_TRY)
    if status not in ENDED:
        sentence = "puts it back into the send queue; who has had the mail does not get it again"
        return Plan(Action.REQUEUE, sentence, _ONE_TRY)
    if status in RESUMABLE:
        sentence = f"leaves it where it is, for its campaign is {status.value}: {resume} sends what is left of it"
        return Plan(Action.STAY, sentence, f"nothing that {resume} does not send")
    sentence = (
        f"leaves it where it is, for its campaign is {status.value}: its report says how these rows ended, "
        "and the list uploaded again goes to whoever has not had the mail"
    )
    return Plan(Action.STAY, sentence, "nothing: the report of its campaign has these rows")


def _error(payload: bytes) -> str:
    try:
        document = json.loads(payload)
    except ValueError:
        return ""
    told = document if isinstance(document, dict) else {}
    return ": ".join(str(told[name]) for name in ("errorType", "errorMessage") if told.get(name))
