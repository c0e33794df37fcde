"""What somebody at the inbox page has a recipient do with a mail, as a form says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from hato.local.ses.message import Message
from hato.local.ses.step import BROWSER, HARD_BOUNCE, SCANNER, Kind, Step

_MOST_FIELDS = 10
_KINDS = {"open": Kind.OPEN, "click": Kind.CLICK, "complaint": Kind.COMPLAINT, "bounce": Kind.BOUNCE}


class BadReaction(ValueError):
    """A form that cannot be taken; the text is a sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """One thing that one recipient does now; `link` is where a click leads."""

    kind: Kind
    recipient: str
    link: str = ""
    is_bot: bool = False

    def step(self, after: float) -> Step:
        return Step(
            self.kind,
            after,
            detail=HARD_BOUNCE if self.kind is Kind.BOUNCE else "",
            bot=self.is_bot,
            link=self.link,
            agent=SCANNER if self.is_bot else BROWSER,
        )


def read_reaction(body: bytes, message: Message) -> Reaction:
    """The reaction that a form names by `event`, `recipient`, `link` and `scanner`; a link alone is a click."""
    form = _read_form(body)
    kind = _KINDS.get(form.get("event", "click" if "link" in form else ""))
    if kind is None:
        raise BadReaction(f"The form must have an event: {', '.join(_KINDS)}.")
    is_seen = kind in (Kind.OPEN, Kind.CLICK)
    return Reaction(
        kind=kind,
        recipient=_recipient(form, message),
        link=_link(form, message) if kind is Kind.CLICK else "",
        is_bot=is_seen and "scanner" in form,
    )


def _read_form(body: bytes) -> Mapping[str, str]:
    try:
        fields = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise BadReaction("The form cannot be read.") from None
    if len(form := dict(fields)) < len(fields):
        raise BadReaction("The form says something twice.")
    return form


def _recipient(form: Mapping[str, str], message: Message) -> str:
    if "recipient" not in form and len(message.recipients) == 1:
        return message.recipients[0]
    if (recipient := form.get("recipient", "")) not in message.recipients:
        raise BadReaction("The form must have a recipient that the mail was sent to.")
    return recipient


def _link(form: Mapping[str, str], message: Message) -> str:
    if (link := form.get("link", "")) not in message.links:
        raise BadReaction("The form must have a link of the mail that SES would track.")
    return link
