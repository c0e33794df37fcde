"""A mail as a caller asked for it, checked by SES's rules but not yet accepted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hato.local.ses.address import BadAddress, Mailbox, read_mailbox
from hato.local.ses.errors import BadRequest
from hato.local.ses.wire import Json, child, pairs, text, texts

MOST_RECIPIENTS = 50
MOST_HEADERS = 15
LONGEST_HEADER = 996
LONGEST_TEMPLATE_DATA = 262_144

_HEADER_NAME = re.compile(r"[!-9;-@A-~]{1,126}")
_HEADER_VALUE = re.compile(r"[ -~]{1,995}")
_TAG = re.compile(r"[A-Za-z0-9_-]{1,256}")
# SES writes these itself from the other parameters and refuses them as extra headers.
_SES_WRITES = frozenset(
    {"bcc", "cc", "content-disposition", "content-transfer-encoding", "content-type", "date", "from"}
    | {"message-id", "mime-version", "reply-to", "return-path", "sender", "subject", "to"}
)

Headers = tuple[tuple[str, str], ...]


class InvalidParameter(ValueError):
    """A mistake in one mail: SendBulkEmail gives the entry a status, SendEmail refuses the call."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a mail says; `failure` is why SES could not render it."""

    subject: str = ""
    text: str | None = None
    html: str | None = None
    failure: str | None = None
    raw: bytes | None = None


@dataclass(frozen=True, slots=True)
class Tracking:
    """What a request may switch off for its mails alone."""

    opens: bool = True
    clicks: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """One mail; headers and tags as the caller gave them, in order."""

    sender: Mailbox
    to: Sequence[Mailbox]
    content: Content
    operation: str
    cc: Sequence[Mailbox] = ()
    bcc: Sequence[Mailbox] = ()
    reply_to: Sequence[Mailbox] = ()
    headers: Headers = ()
    tags: dict[str, str] = field(default_factory=dict)
    configuration_set: str = ""
    tracking: Tracking = Tracking()

    @property
    def recipients(self) -> list[str]:
        return [mailbox.address for mailbox in (*self.to, *self.cc, *self.bcc)]


def read_destination(destination: Json) -> dict[str, list[Mailbox]]:
    """The mailboxes by `to`, `cc` and `bcc`; InvalidParameter where SES would not take one."""
    found = {
        "to": mailboxes(texts(destination, "ToAddresses")),
        "cc": mailboxes(texts(destination, "CcAddresses")),
        "bcc": mailboxes(texts(destination, "BccAddresses")),
    }
    count = sum(map(len, found.values()))
    if not count:
        raise InvalidParameter("Destination must contain at least one recipient.")
    if count > MOST_RECIPIENTS:
        raise InvalidParameter(f"Recipient count exceeds {MOST_RECIPIENTS}.")
    return found


def mailboxes(addresses: Iterable[str]) -> list[Mailbox]:
    try:
        return [read_mailbox(address) for address in addresses]
    except BadAddress as why:
        raise InvalidParameter(str(why)) from why


def read_sender(body: Json) -> tuple[Mailbox, list[Mailbox]]:
    """From and Reply-To, which all mails of a call share: a mistake there refuses the call."""
    sender = text(body, "FromEmailAddress")
    if not sender:
        # SES could take it from the identity's ARN; a mailer that relies on that is not what this is for.
        raise BadRequest("From Email Address is required.")
    try:
        return read_mailbox(sender), [read_mailbox(address) for address in texts(body, "ReplyToAddresses")]
    except BadAddress as why:
        raise BadRequest(str(why)) from why


def read_headers(parent: Json, name: str) -> Headers:
    """Extra headers; BadRequest where they break the constraints of the API's model.

    AWS checks its model's constraints (how many, which characters, how long) before the operation sees the
    request, so one bad header refuses a whole bulk call. botocore does not check them first.
    """
    found = pairs(parent, name)
    if len(found) > MOST_HEADERS:
        raise BadRequest(_constraint(name, f"Member must have length less than or equal to {MOST_HEADERS}"))
    for header, value in found:
        if not _HEADER_NAME.fullmatch(header):
            raise BadRequest(_constraint(name, r"Member must satisfy regular expression pattern: ^[!-9;-@A-~]+$"))
        if not _HEADER_VALUE.fullmatch(value):
            raise BadRequest(_constraint(name, "Member must satisfy regular expression pattern: [ -~]*"))
    return tuple(found)


def check_headers(headers: Headers) -> None:
    """What only the operation itself can see; InvalidParameter."""
    for name, value in headers:
        if name.lower() in _SES_WRITES:
            raise InvalidParameter(f"Header name <{name}> is not allowed.")
        if len(name) + len(value) > LONGEST_HEADER:
            raise InvalidParameter(f"Header <{name}> is longer than {LONGEST_HEADER} characters.")


def merged_headers(defaults: Headers, replacements: Headers) -> Headers:
    replaced = {name.lower() for name, _ in replacements}
    merged = (*(pair for pair in defaults if pair[0].lower() not in replaced), *replacements)
    if len(merged) > MOST_HEADERS:
        raise InvalidParameter(f"The number of headers exceeds {MOST_HEADERS}.")
    return merged


def check_tags(tags: Iterable[tuple[str, str]]) -> None:
    """Tags are not constrained in the API's model, so a bad one fails its own mail only."""
    for name, value in tags:
        if not _TAG.fullmatch(name):
            raise InvalidParameter(
                f"Invalid tag name <{name}>: only alphanumeric ASCII characters, '_', and '-', 1 to 256."
            )
        if not _TAG.fullmatch(value):
            raise InvalidParameter(
                f"Invalid tag value <{value}>: only alphanumeric ASCII characters, '_', and '-', 1 to 256."
            )


def read_tracking(body: Json) -> Tracking:
    overrides = child(child(body, "ConfigurationOverrides"), "Tracking")
    return Tracking(
        opens=text(overrides, "OpenTrackingEnabled") != "DISABLED",
        clicks=text(overrides, "ClickTrackingEnabled") != "DISABLED",
    )


def _constraint(name: str, constraint: str) -> str:
    return f"1 validation error detected: Value at '{name}' failed to satisfy constraint: {constraint}"
