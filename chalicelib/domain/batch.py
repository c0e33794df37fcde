"""A batch: the recipients that one queue message carries. The same batch is the same batch every time it is tried."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.recipient import AddressInvalid, Recipient, canonical_address
from chalicelib.errors import BatchMalformed

MOST_BYTES = 190_000  # with the task token and the envelope a message stays below 200 KB


@dataclass(frozen=True, slots=True)
class Batch:
    """Some recipients of one campaign, and the batch's number in it."""

    campaign_id: str
    mail_id: str
    number: int
    recipients: tuple[Recipient, ...]

    def to_line(self) -> str:
        """The batch as one line of batches.jsonl."""
        return _json(
            {
                "campaign_id": self.campaign_id,
                "mail_id": self.mail_id,
                "batch": self.number,
                "recipients": [_recipient_document(each) for each in self.recipients],
            }
        )

    @classmethod
    def from_document(cls, document: object) -> "Batch":
        """The batch that a line or a queue message holds. Raises BatchMalformed, saying what is wrong with it."""
        if not isinstance(document, Mapping):
            raise BatchMalformed("The batch is no JSON object.")
        for name in ("campaign_id", "mail_id"):
            if not (isinstance(document.get(name), str) and document[name]):
                raise BatchMalformed(f"The batch has no {name}.")
        number, recipients = document.get("batch"), document.get("recipients")
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise BatchMalformed("The batch has no number.")
        if not isinstance(recipients, list) or not recipients:
            raise BatchMalformed("The batch has no recipients.")
        people = tuple(_recipient(each) for each in recipients)
        if len({person.email for person in people}) < len(people):
            raise BatchMalformed("The batch names a recipient twice.")
        return cls(document["campaign_id"], document["mail_id"], number, people)


@dataclass(frozen=True, slots=True)
class BatchMessage:
    """What the queue carries: a batch, and the token by which the state machine waits for it."""

    task_token: str
    batch: Batch

    @classmethod
    def from_body(cls, body: str) -> "BatchMessage":
        """The message that this text is. Raises BatchMalformed."""
        document = _document(body)
        token = document.get("task_token")
        if not isinstance(token, str) or not token:
            raise BatchMalformed("The message has no task_token.")
        if "\\u" in body and not _is_text(document):
            raise BatchMalformed("The message holds half a character, which no service takes.")
        return cls(token, Batch.from_document(document.get("batch")))


def task_token_of(body: str) -> str:
    """The task token of a message whose batch cannot be read; empty where there is none either."""
    try:
        token = _document(body).get("task_token")
    except BatchMalformed:
        return ""
    return token if isinstance(token, str) else ""


def pack(campaign_id: str, mail_id: str, size: int, recipients: Iterable[Recipient]) -> Iterator[Batch]:
    """The recipients in batches of at most `size` people and MOST_BYTES of JSON, numbered from 0."""
    number, people, used = 0, list[Recipient](), 0
    for person in recipients:
        need = len(_json(_recipient_document(person)).encode()) + 1
        if people and (len(people) >= size or used + need > MOST_BYTES):
            yield Batch(campaign_id, mail_id, number, tuple(people))
            number, people, used = number + 1, [], 0
        people.append(person)
        used += need
    if people:
        yield Batch(campaign_id, mail_id, number, tuple(people))


def _document(body: str) -> Mapping[str, Any]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise BatchMalformed("The message is no JSON.") from None
    if not isinstance(document, Mapping):
        raise BatchMalformed("The message is no JSON object.")
    return document


def _is_text(document: Mapping[str, Any]) -> bool:
    """Whether UTF-8 can hold all of it: JSON's escapes can write half a surrogate pair."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _recipient(document: object) -> Recipient:
    if not isinstance(document, Mapping):
        raise BatchMalformed("A recipient is no JSON object.")
    row, email, fields = document.get("row"), document.get("email"), document.get("fields") or {}
    if not isinstance(row, int) or isinstance(row, bool) or not isinstance(email, str):
        raise BatchMalformed("A recipient lacks its row or its email.")
    if not isinstance(fields, Mapping):
        raise BatchMalformed(f"The fields of row {row} are no JSON object.")
    try:
        address = canonical_address(email)
    except AddressInvalid as error:
        raise BatchMalformed(f"The address in row {row} cannot be used: {error}") from None
    return Recipient(row, address, {str(name): str(value) for name, value in fields.items()})


def _recipient_document(recipient: Recipient) -> dict[str, Any]:
    return {"row": recipient.row, "email": recipient.email, "fields": dict(recipient.fields)}


def _json(document: Mapping[str, Any]) -> str:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    # JSON lets these stand, but some readers of JSON lines end a line at them.
    return text.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
