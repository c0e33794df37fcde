"""SendBulkEmail: one template, up to 50 entries, a draft or a refusal for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hato.local.ses.draft import (
    LONGEST_TEMPLATE_DATA,
    Content,
    Draft,
    Headers,
    InvalidParameter,
    check_headers,
    check_tags,
    merged_headers,
    read_destination,
    read_headers,
    read_sender,
    read_tracking,
)
from hato.local.ses.errors import BadRequest
from hato.local.ses.template import MissingVariable, read_data, substitute
from hato.local.ses.wire import Json, child, children, optional_text, pairs, text

MOST_ENTRIES = 50
LARGEST_REQUEST = 1024 * 1024  # with an inline template


class Refusal(NamedTuple):
    """Why one entry is not sent, by SES's name for it."""

    status: str
    error: str


class Template(NamedTuple):
    subject: str
    text: str | None
    html: str | None

    def render(self, data: Mapping[str, str]) -> Content:
        """Content, or the reason it could not be rendered: SES accepts the mail and says so later."""
        try:
            return Content(
                subject=substitute(self.subject, data),
                text=None if self.text is None else substitute(self.text, data),
                html=None if self.html is None else substitute(self.html, data),
            )
        except MissingVariable as why:
            return Content(subject=self.subject, failure=str(why))


def read_bulk(body: Json, size: int) -> list[Draft | Refusal]:
    """The entries in order; BadRequest where the request as a whole is wrong."""
    if size > LARGEST_REQUEST:
        raise BadRequest("The request exceeds the maximum size of 1 MB for an inline template.")
    entries = children(body, "BulkEmailEntries")
    if not entries:
        raise BadRequest("The number of destinations must be at least 1.")
    if len(entries) > MOST_ENTRIES:
        raise BadRequest(f"The number of destinations exceeds {MOST_ENTRIES}.")
    common = _Common(body)
    # Shapes and model constraints of every entry come first: they refuse the call before any mail is sent.
    headers = [read_headers(entry, "ReplacementHeaders") for entry in entries]
    replacements = [_replacement_data(entry) for entry in entries]
    return [common.draft(*entry) for entry in zip(entries, headers, replacements, strict=True)]


class _Common:
    """What all entries of a call share."""

    def __init__(self, body: Json) -> None:
        self.sender, self.reply_to = read_sender(body)
        content = child(child(body, "DefaultContent"), "Template")
        self.template = read_template(content)
        self.data = read_default_data(content)
        self.headers = read_headers(content, "Headers")
        self.tags = dict(pairs(body, "DefaultEmailTags"))
        self.configuration_set = text(body, "ConfigurationSetName")
        self.tracking = read_tracking(body)

    def draft(self, entry: Json, replacement_headers: Headers, replacement_data: str) -> Draft | Refusal:
        try:
            check_tags(tags := {**self.tags, **dict(pairs(entry, "ReplacementTags"))}.items())
            check_headers(headers := merged_headers(self.headers, replacement_headers))
            return Draft(
                sender=self.sender,
                reply_to=self.reply_to,
                content=self.template.render({**self.data, **_entry_data(replacement_data)}),
                operation="SendBulkEmail",
                headers=headers,
                tags=dict(tags),
                configuration_set=self.configuration_set,
                tracking=self.tracking,
                **read_destination(child(entry, "Destination")),
            )
        except InvalidParameter as why:
            return Refusal("INVALID_PARAMETER", str(why))


def read_template(content: Json) -> Template:
    if "TemplateContent" not in content:
        # Stored templates have a language of their own (Handlebars), which is not simulated.
        raise BadRequest("Only inline templates (TemplateContent) are simulated.")
    parts = child(content, "TemplateContent")
    template = Template(text(parts, "Subject"), optional_text(parts, "Text"), optional_text(parts, "Html"))
    if template.text is None and template.html is None:
        raise BadRequest("The template must have a text or an HTML part.")
    return template


def read_default_data(content: Json) -> dict[str, str]:
    """The data all mails start from; a mistake in it refuses the call."""
    try:
        return read_data(_checked_length(text(content, "TemplateData"), "templateData"))
    except ValueError:
        raise BadRequest("The template data is invalid.") from None


def _entry_data(data: str) -> dict[str, str]:
    try:
        return read_data(data)
    except ValueError:
        raise InvalidParameter("The replacement template data is invalid.") from None


def _replacement_data(entry: Json) -> str:
    template = child(child(entry, "ReplacementEmailContent"), "ReplacementTemplate")
    return _checked_length(text(template, "ReplacementTemplateData"), "replacementTemplateData")


def _checked_length(data: str, name: str) -> str:
    if len(data) > LONGEST_TEMPLATE_DATA:
        raise BadRequest(
            f"1 validation error detected: Value at '{name}' failed to satisfy constraint: "
            f"Member must have length less than or equal to {LONGEST_TEMPLATE_DATA}"
        )
    return data
