"""An accepted mail: its MIME and its record for the inbox, both kept compressed.

A mail of 5 KB takes about 6 KB in all, so that 100,000 of them fit beside everything else on a laptop.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING, Any

from hato.local.ses.draft import Draft

if TYPE_CHECKING:
    from hato.local.ses.events import Event

# Lines up to SMTP's own limit: folding them shorter, Python would encode a long List-Unsubscribe URL.
_POLICY = policy.SMTP.clone(max_line_length=996, cte_type="7bit")
_LINK = re.compile(r"""https?://[^\s"'<>]+""")
_ANCHOR = re.compile(r"""<a\s[^>]*?href\s*=\s*["']?(https?://[^\s"'<>]+)[^>]*>""", re.IGNORECASE)


@dataclass(slots=True)
class Message:
    """A mail that SES accepted, small enough to keep by the hundred thousand."""

    message_id: str
    accepted_at: float
    sender: str
    recipients: tuple[str, ...]
    subject: str
    configuration_set: str
    link: str | None
    packed_record: bytes
    packed_mime: bytes
    events: list[Event] = field(default_factory=list)

    @property
    def record(self) -> dict[str, Any]:
        record: dict[str, Any] = json.loads(self.record_line())
        return record

    def record_line(self) -> bytes:
        """The inbox's JSON for this mail, on one line."""
        return zlib.decompress(self.packed_record)

    def source(self) -> bytes:
        return zlib.decompress(self.packed_mime)


def accept(draft: Draft, message_id: str, now: float, domain: str) -> Message:
    """The message SES makes of a draft; `domain` is the right-hand side of its Message-ID."""
    mime = (
        _raw_mime(draft, message_id, domain)
        if draft.content.raw
        else build_mime(draft, message_id, now, domain)
    )
    return Message(
        message_id=message_id,
        accepted_at=now,
        sender=draft.sender.address,
        recipients=tuple(draft.recipients),
        subject=draft.content.subject,
        configuration_set=draft.configuration_set,
        link=first_link(draft.content.html, draft.content.text),
        packed_record=_packed(_record(draft, message_id, now, mime)),
        packed_mime=zlib.compress(mime.as_bytes() if draft.content.raw is None else draft.content.raw, 1),
    )


def message_id(seed: int, number: int, now: float) -> str:
    """An id shaped like SES's, the same for nobody else: start it with the time, as SES does."""
    digest = hashlib.blake2b(f"{seed}\0{number}\0{now}".encode(), digest_size=16).hexdigest()
    parts = (digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:])
    return f"0100{int(now * 1000):012x}-{'-'.join(parts)}-000000"


def build_mime(draft: Draft, message_id: str, now: float, domain: str) -> EmailMessage:
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = formataddr(draft.sender)
    for name, mailboxes in (("To", draft.to), ("Cc", draft.cc), ("Reply-To", draft.reply_to)):
        if mailboxes:
            mail[name] = ", ".join(map(formataddr, mailboxes))
    mail["Subject"] = " ".join(draft.content.subject.split("\n")).replace("\r", "")
    mail["Date"] = format_datetime(datetime.fromtimestamp(now, UTC))
    mail["Message-ID"] = f"<{message_id}@{domain}>"
    for name, value in draft.headers:
        mail[name] = value
    _fill(mail, draft, message_id)
    return mail


def first_link(html: str | None, text: str | None) -> str | None:
    """The first link a reader could follow; SES leaves links marked `ses:no-track` alone."""
    if html is not None:
        links = (found[1] for found in _ANCHOR.finditer(html) if "ses:no-track" not in found[0].lower())
        return next(links, None)
    found = _LINK.search(text or "")
    return found[0] if found else None


def _fill(mail: EmailMessage, draft: Draft, message_id: str) -> None:
    text, html = draft.content.text, draft.content.html
    if text is not None:
        mail.set_content(text)
    if html is not None and text is None:
        mail.set_content(html, subtype="html")
    elif html is not None:
        mail.add_alternative(html, subtype="html")
        mail.set_boundary(f"----=_Part_{message_id.split('-')[1]}")


def _raw_mime(draft: Draft, message_id: str, domain: str) -> EmailMessage:
    """The headers of a raw mail as SES sends it on: with its own Message-ID."""
    mail = EmailMessage(policy=_POLICY)
    for name, value in draft.headers:
        if name.lower() != "message-id" and name not in mail:
            mail[name] = value
    mail["Message-ID"] = f"<{message_id}@{domain}>"
    if "From" not in mail:
        mail["From"] = formataddr(draft.sender)
    return mail


def _record(draft: Draft, message_id: str, now: float, mime: EmailMessage) -> dict[str, Any]:
    return {
        "message_id": message_id,
        "from": str(mime["From"]),  # readable, where formataddr would encode the name
        "to": _addresses(draft.to),
        "cc": _addresses(draft.cc),
        "bcc": _addresses(draft.bcc),
        "subject": draft.content.subject,
        "headers": {name: str(value) for name, value in mime.items()},
        "text": draft.content.text,
        "html": draft.content.html,
        "tags": draft.tags,
        "configuration_set": draft.configuration_set or None,
        "operation": draft.operation,
        "accepted_at": datetime.fromtimestamp(now, UTC)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z"),
    }


def _addresses(mailboxes: Iterable[Any]) -> list[str]:
    return [mailbox.address for mailbox in mailboxes]


def _packed(record: dict[str, Any]) -> bytes:
    return zlib.compress(json.dumps(record, ensure_ascii=False).encode(), 1)
