"""An accepted mail, kept as one compressed record by the hundred thousand.

Its MIME is made from the record when somebody looks: byte for byte the same each time, and building it for
every mail would cost ten times all the rest of accepting it.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from hato.local.ses.address import Mailbox
from hato.local.ses.draft import Draft, Tracking
from hato.local.ses.links import trackable_links

if TYPE_CHECKING:
    from hato.local.ses.events import Event

# Lines up to SMTP's own limit: folding them shorter, Python would encode a long List-Unsubscribe URL.
_POLICY = policy.SMTP.clone(max_line_length=996, cte_type="7bit")
_PLAIN_NAME = re.compile(r"[\w !#$%&'*+/=?^`{|}~-]*")
_OF_THE_BODY = frozenset({"mime-version", "content-type", "content-transfer-encoding"})


@dataclass(slots=True)
class Message:
    """A mail that SES accepted; `packed` is the inbox's JSON for it, `tags` are each `name:value`."""

    message_id: str
    accepted_at: float
    sender: str
    recipients: tuple[str, ...]
    subject: str
    configuration_set: str
    tags: tuple[str, ...]
    links: tuple[str, ...]
    has_html: bool
    tracking: Tracking
    packed: bytes
    raw: bytes | None = None
    events: list[Event] = field(default_factory=list)

    @property
    def record(self) -> dict[str, Any]:
        record: dict[str, Any] = json.loads(self.record_line())
        return record

    def record_line(self) -> bytes:
        """The inbox's JSON for this mail, on one line."""
        return zlib.decompress(self.packed)

    def source(self) -> bytes:
        """The mail as MIME; raw mail as it was handed in."""
        return zlib.decompress(self.raw) if self.raw is not None else build_mime(self.record).as_bytes()


def accept(draft: Draft, message_id: str, now: float, domain: str) -> Message:
    """The message SES makes of a draft; `domain` is the right-hand side of its Message-ID."""
    content = draft.content
    return Message(
        message_id=message_id,
        accepted_at=now,
        sender=draft.sender.address,
        recipients=tuple(draft.recipients),
        subject=content.subject,
        configuration_set=draft.configuration_set,
        tags=tuple(sys.intern(f"{name}:{value}") for name, value in draft.tags.items()),
        links=trackable_links(content.html, content.text),
        has_html=content.html is not None,
        tracking=draft.tracking,
        packed=_packed(_record(draft, message_id, now, domain)),
        raw=None if content.raw is None else zlib.compress(content.raw, 1),
    )


def make_message_id(seed: int, number: int, now: float) -> str:
    """An id shaped like SES's, which starts with the time."""
    digest = hashlib.blake2b(f"{seed}\0{number}\0{now}".encode(), digest_size=16).hexdigest()
    parts = (digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:])
    return f"0100{int(now * 1000):012x}-{'-'.join(parts)}-000000"


def build_mime(record: Mapping[str, Any]) -> EmailMessage:
    """The MIME of a record that was not raw."""
    mail = EmailMessage(policy=_POLICY)
    for name, value in record["headers"].items():
        if name.lower() not in _OF_THE_BODY:
            mail[name] = value
    text, html = record["text"], record["html"]
    if text is not None:
        mail.set_content(text)
    if html is not None and text is None:
        mail.set_content(html, subtype="html")
    elif html is not None:
        mail.add_alternative(html, subtype="html")
        mail.set_boundary(_boundary(record["message_id"]))
    return mail


def written(mailbox: Mailbox) -> str:
    """A mailbox as a reader sees it: the name unencoded, in quotes where it needs them."""
    if not mailbox.name:
        return mailbox.address
    name = mailbox.name
    if not _PLAIN_NAME.fullmatch(name):
        name = '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{name} <{mailbox.address}>"


def _headers(draft: Draft, message_id: str, now: float, domain: str) -> dict[str, str]:
    own_id = {"Message-ID": f"<{message_id}@{domain}>"}
    if draft.content.raw is not None:  # SES replaces the Message-ID of raw mail too
        return {name: value for name, value in draft.headers if name.lower() != "message-id"} | own_id
    lists = {"From": [draft.sender], "To": draft.to, "Cc": draft.cc, "Reply-To": draft.reply_to}
    return {
        **{name: ", ".join(map(written, mailboxes)) for name, mailboxes in lists.items() if mailboxes},
        "Subject": " ".join(draft.content.subject.splitlines()),
        "Date": format_datetime(datetime.fromtimestamp(now, UTC)),
        **own_id,
        **dict(draft.headers),
        "MIME-Version": "1.0",
        "Content-Type": _content_type(draft, message_id),
    }


def _content_type(draft: Draft, message_id: str) -> str:
    if draft.content.html is not None and draft.content.text is not None:
        return f'multipart/alternative; boundary="{_boundary(message_id)}"'
    return f'text/{"plain" if draft.content.html is None else "html"}; charset="utf-8"'


def _boundary(message_id: str) -> str:
    return f"----=_Part_{message_id.split('-')[1]}"


def _record(draft: Draft, message_id: str, now: float, domain: str) -> dict[str, Any]:
    return {
        "message_id": message_id,
        "from": written(draft.sender),
        "to": _addresses(draft.to),
        "cc": _addresses(draft.cc),
        "bcc": _addresses(draft.bcc),
        "subject": draft.content.subject,
        "headers": _headers(draft, message_id, now, domain),
        "text": draft.content.text,
        "html": draft.content.html,
        "tags": draft.tags,
        "configuration_set": draft.configuration_set or None,
        "tracking": {"opens": draft.tracking.opens, "clicks": draft.tracking.clicks},
        "operation": draft.operation,
        "accepted_at": datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def _addresses(mailboxes: Iterable[Mailbox]) -> list[str]:
    return [mailbox.address for mailbox in mailboxes]


def _packed(record: dict[str, Any]) -> bytes:
    return zlib.compress(json.dumps(record, ensure_ascii=False).encode(), 1)
