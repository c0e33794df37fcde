"""SendEmail: one mail, simple, from an inline template, or raw MIME."""

from __future__ import annotations

import base64
import binascii
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import formataddr, getaddresses

from hato.local.ses.bulk import read_default_data, read_template
from hato.local.ses.draft import (
    Content,
    Draft,
    Headers,
    InvalidParameter,
    check_headers,
    check_tags,
    mailboxes,
    read_destination,
    read_headers,
    read_sender,
    read_tracking,
)
from hato.local.ses.errors import BadRequest
from hato.local.ses.wire import Json, child, optional_text, pairs, text

LARGEST_REQUEST = 40 * 1024 * 1024 * 4 // 3  # 40 MB of MIME, which travels as base64


def read_single(body: Json, size: int) -> Draft:
    """The mail of one SendEmail call, or BadRequest: here a mistake in the mail refuses the call."""
    if size > LARGEST_REQUEST:
        raise BadRequest("Message length is more than 40 MB.")
    content = child(body, "Content")
    if len(kinds := {"Simple", "Template", "Raw"} & content.keys()) != 1:
        raise BadRequest("Content must have one of Simple, Template and Raw.")
    try:
        check_tags(pairs(body, "EmailTags"))
        return _raw(body, content) if kinds == {"Raw"} else _written(body, content, *kinds)
    except InvalidParameter as why:
        raise BadRequest(str(why)) from why


def _written(body: Json, content: Json, kind: str) -> Draft:
    part = child(content, kind)
    sender, reply_to = read_sender(body)
    check_headers(headers := read_headers(part, "Headers"))
    return Draft(
        sender=sender,
        reply_to=reply_to,
        content=_simple(part) if kind == "Simple" else read_template(part).render(read_default_data(part)),
        operation="SendEmail",
        headers=headers,
        tags=dict(pairs(body, "EmailTags")),
        configuration_set=text(body, "ConfigurationSetName"),
        tracking=read_tracking(body),
        **read_destination(child(body, "Destination")),
    )


def _simple(message: Json) -> Content:
    parts = child(message, "Body")
    written = Content(
        subject=text(child(message, "Subject"), "Data"),
        text=optional_text(child(parts, "Text"), "Data"),
        html=optional_text(child(parts, "Html"), "Data"),
    )
    if written.text is None and written.html is None:
        raise BadRequest("The body must have a text or an HTML part.")
    return written


def _raw(body: Json, content: Json) -> Draft:
    """Raw MIME: parameters of the call go before the headers of the mail, as with SES."""
    try:
        mime = base64.b64decode(text(child(content, "Raw"), "Data"), validate=True)
    except binascii.Error:
        raise BadRequest("Raw message data is not base64.") from None
    mail = message_from_bytes(mime, policy=policy.SMTP)
    assert isinstance(mail, EmailMessage)  # noqa: S101 - what policy.SMTP makes
    sender, reply_to = read_sender({"FromEmailAddress": str(mail.get("From", "")), **body})
    named = child(body, "Destination")
    to = read_destination(named) if named else {part: mailboxes(_addresses(mail, part)) for part in ("to", "cc", "bcc")}
    if not any(to.values()):
        raise BadRequest("Destination must contain at least one recipient.")
    return Draft(
        sender=sender,
        reply_to=reply_to,
        content=Content(str(mail.get("Subject", "")), _part(mail, "plain"), _part(mail, "html"), raw=mime),
        operation="SendEmail",
        headers=_headers(mail),
        tags={**_header_tags(mail), **dict(pairs(body, "EmailTags"))},
        configuration_set=text(body, "ConfigurationSetName") or str(mail.get("X-SES-CONFIGURATION-SET", "")),
        tracking=read_tracking(body),
        **to,
    )


def _addresses(mail: EmailMessage, name: str) -> list[str]:
    return [formataddr(pair) for pair in getaddresses([str(value) for value in mail.get_all(name, [])])]


def _headers(mail: EmailMessage) -> Headers:
    return tuple((name, " ".join(str(value).split())) for name, value in mail.items() if name.lower() != "bcc")


def _part(mail: EmailMessage, subtype: str) -> str | None:
    part = mail.get_body((subtype,))
    return None if part is None else str(part.get_content())


def _header_tags(mail: EmailMessage) -> dict[str, str]:
    """`X-SES-MESSAGE-TAGS: name=value, name=value`, SES's way to tag raw mail."""
    tags = [tag.strip().partition("=") for tag in str(mail.get("X-SES-MESSAGE-TAGS", "")).split(",") if tag.strip()]
    check_tags(found := [(name, value) for name, _, value in tags])
    return dict(found)
