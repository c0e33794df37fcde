"""Which events of a mail SES can tell of, and why it cannot tell of the others."""

from __future__ import annotations

from hato.local.ses.cloud import ConfigurationSet
from hato.local.ses.message import Message
from hato.local.ses.step import Kind, Trackable

NO_SET = "The mail was sent with no configuration set, so SES tells nobody what becomes of it."
SET_IS_GONE = "The configuration set that the mail was sent with is not there any more."
_NOT_ASKED = "No event destination of the configuration set asks for {}."
_NAMES = {Kind.OPEN: "opens", Kind.CLICK: "clicks", Kind.COMPLAINT: "complaints", Kind.BOUNCE: "bounces"}


def trackable(message: Message, deployed: ConfigurationSet | None) -> Trackable:
    """What SES sees of a mail's readers."""
    hidden = obstacles(message, deployed)
    return Trackable(opens=Kind.OPEN not in hidden, links=() if Kind.CLICK in hidden else message.links)


def obstacles(message: Message, deployed: ConfigurationSet | None) -> dict[Kind, str]:
    """For each kind of event that a recipient could cause and SES would not tell of: a sentence why."""
    if deployed is None:
        return dict.fromkeys(_NAMES, SET_IS_GONE if message.configuration_set else NO_SET)
    found = {kind: _NOT_ASKED.format(name) for kind, name in _NAMES.items() if not deployed.tracks(kind)}
    return found | _of_the_mail(message)


def _of_the_mail(message: Message) -> dict[Kind, str]:
    found = {}
    if not message.links:
        found[Kind.CLICK] = "The mail has no link that SES would track."
    elif not message.tracking.clicks:
        found[Kind.CLICK] = "The mail was sent with click tracking switched off."
    if not message.has_html:
        found[Kind.OPEN] = "The mail has no HTML part, and only there SES can see an open."
    elif not message.tracking.opens:
        found[Kind.OPEN] = "The mail was sent with open tracking switched off."
    return found
