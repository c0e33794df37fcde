"""A batch: the recipients that one queue message carries. The same batch is the same batch every time it is tried."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from json.encoder import encode_basestring
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
        return _line(self.campaign_id, self.mail_id, self.number, map(_person, self.recipients))

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


def pack(campaign_id: str, mail_id: str, size: int, recipients: Iterable[Recipient]) -> Iterator[str]:
    """The recipients in batches of at most `size` people and MOST_BYTES of JSON, numbered from 0.

    Each comes as its line of batches.jsonl: what was made to be measured is also what is written.
    """
    number, people, used = 0, list[str](), 0
    for text in map(_person, recipients):
        need = len(text.encode()) + 1
        if people and (len(people) >= size or used + need > MOST_BYTES):
            yield _line(campaign_id, mail_id, number, people)
            number, people, used = number + 1, [], 0
        people.append(text)
        used += need
    if people:
        yield _line(campaign_id, mail_id, number, people)


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


def _line(campaign_id: str, mail_id: str, number: int, people: Iterable[str]) -> str:
    ids = f'"campaign_id":{_text(campaign_id)},"mail_id":{_text(mail_id)}'
    return f'{{{ids},"batch":{number},"recipients":[{",".join(people)}]}}'


def _person(recipient: Recipient) -> str:
    """The recipient as JSON. A form that is filled in takes a third of the time of an encoder for any document."""
    row, email, fields = recipient
    text = _form(tuple(fields.keys())) % (row, encode_basestring(email), *map(encode_basestring, fields.values()))
    return text if text.isascii() else _on_one_line(text)


@lru_cache(maxsize=64)  # all rows of a list have the same
def _form(names: tuple[str, ...]) -> str:
    fields = ",".join(f"{encode_basestring(name)}:".replace("%", "%%") + "%s" for name in names)
    return f'{{"row":%d,"email":%s,"fields":{{{fields}}}}}'


def _text(text: str) -> str:
    return _on_one_line(encode_basestring(text))


def _on_one_line(json_text: str) -> str:
    # JSON lets these stand, but some readers of JSON lines end a line at them.
    return json_text.replace("\x85", "\\u0085").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
