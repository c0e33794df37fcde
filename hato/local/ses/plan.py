"""What becomes of a mail: a pure function of the seed, the recipient and the mail.

The same seed and list give the same numbers in every run, whichever batch or retry a recipient is sent in.
"""

from __future__ import annotations

from dataclasses import replace

from hato.local.ses.draws import Draws
from hato.local.ses.engagement import engagement
from hato.local.ses.settings import Settings
from hato.local.ses.step import (
    HARD_BOUNCE,
    ON_ACCOUNT_LIST,
    OUT_OF_OFFICE,
    SOFT_BOUNCE,
    SUPPRESSED,
    Kind,
    Step,
    Trackable,
)

SIMULATOR_DOMAIN = "simulator.amazonses.com"
ON_THE_LIST = (Step(Kind.SEND), Step(Kind.BOUNCE, 0.0, ON_ACCOUNT_LIST))

# SES counts an automatic answer to a delivered mail as a transient bounce.
_MAILBOXES: dict[str, tuple[Step, ...]] = {
    "success": (Step(Kind.DELIVERY, 1),),
    "bounce": (Step(Kind.BOUNCE, 1, HARD_BOUNCE),),
    "complaint": (Step(Kind.DELIVERY, 1), Step(Kind.COMPLAINT, 1)),
    "suppressionlist": (Step(Kind.BOUNCE, 1, SUPPRESSED),),
    "ooto": (Step(Kind.DELIVERY, 1), Step(Kind.BOUNCE, 1, OUT_OF_OFFICE)),
}


def plan(recipient: str, mail: str, settings: Settings, trackable: Trackable) -> tuple[Step, ...]:
    """The steps of one accepted mail to one recipient, in the order they happen."""
    mailbox = mailbox_simulator(recipient)
    if mailbox is not None:
        return (Step(Kind.SEND), *(_timed(step, settings.delivery_delay) for step in mailbox))
    draw = Draws(settings.seed, recipient.lower(), mail)
    return (Step(Kind.SEND), *sorted(_outcome(draw, settings, trackable), key=lambda step: step.after))


def mailbox_simulator(recipient: str) -> tuple[Step, ...] | None:
    """What an address of SES's mailbox simulator does, label or not; None for all others."""
    local, _, domain = recipient.lower().rpartition("@")
    return _MAILBOXES.get(local.partition("+")[0]) if domain == SIMULATOR_DOMAIN else None


def _outcome(draw: Draws, settings: Settings, trackable: Trackable) -> list[Step]:
    behaviour = settings.behaviour
    fate, wait = draw.share("fate"), draw.share("delivery") * settings.delivery_delay
    if fate < behaviour.hard_bounces:
        return [Step(Kind.BOUNCE, wait, HARD_BOUNCE)]
    if fate < behaviour.hard_bounces + behaviour.soft_bounces:
        return [Step(Kind.BOUNCE, wait, SOFT_BOUNCE)]
    steps = []
    if draw.share("delay") < behaviour.delays:
        steps.append(Step(Kind.DELIVERY_DELAY, wait, "TransientCommunicationFailure"))
        wait += settings.delivery_delay
    return [*steps, Step(Kind.DELIVERY, wait), *engagement(draw, wait, settings, trackable)]


def _timed(step: Step, seconds: float) -> Step:
    return replace(step, after=step.after * seconds)
