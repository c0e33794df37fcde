"""What becomes of a mail: a pure function of the seed, the recipient and the mail.

The same seed and list give the same numbers in every run, whichever batch or retry a recipient is sent in.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hato.local.ses.draws import Draws
from hato.local.ses.settings import Settings

SIMULATOR_DOMAIN = "simulator.amazonses.com"


class Kind(StrEnum):
    """SES's event types as its notifications spell them: one of them has a space."""

    SEND = "Send"
    REJECT = "Reject"
    RENDERING_FAILURE = "Rendering Failure"
    DELIVERY = "Delivery"
    DELIVERY_DELAY = "DeliveryDelay"
    BOUNCE = "Bounce"
    COMPLAINT = "Complaint"
    OPEN = "Open"
    CLICK = "Click"

    @property
    def matching_type(self) -> str:
        """The type as an event destination spells it."""
        return _MATCHING_TYPES.get(self, self.value.upper())


_MATCHING_TYPES = {Kind.RENDERING_FAILURE: "RENDERING_FAILURE", Kind.DELIVERY_DELAY: "DELIVERY_DELAY"}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens, `after` seconds from the send; `detail` is a bounce's or delay's kind."""

    kind: Kind
    after: float = 0.0
    detail: str = ""
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Trackable:
    """What SES can see: opens need an HTML part, clicks a link, both a configuration set that asks."""

    opens: bool
    clicks: bool


HARD_BOUNCE = "Permanent/General"
SOFT_BOUNCE = "Transient/MailboxFull"
OUT_OF_OFFICE = "Transient/General"
# The mailbox simulator acts as the global suppression list; the account's own says it otherwise.
SUPPRESSED = "Permanent/Suppressed"
ON_ACCOUNT_LIST = "Permanent/OnAccountSuppressionList"
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
    return (Step(Kind.SEND), *_outcome(draw, settings, trackable))


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
    steps.append(Step(Kind.DELIVERY, wait))
    return steps + sorted(_engagement(draw, wait, settings, trackable), key=lambda step: step.after)


def _engagement(draw: Draws, delivered: float, settings: Settings, trackable: Trackable) -> list[Step]:
    behaviour, steps = settings.behaviour, []

    def some_time_later(name: str) -> float:
        return delivered + draw.share(f"{name} wait") * settings.engagement_delay

    if draw.share("bot") < behaviour.bots:
        steps += _seen([Step(Kind.OPEN, delivered, bot=True), Step(Kind.CLICK, delivered, bot=True)], trackable)
    if draw.share("open") < behaviour.opens:
        again = 1 + int(draw.share("times") * 3) if draw.share("repeat") < behaviour.repeated_opens else 0
        opened = [some_time_later("open")] + [some_time_later(f"open {n}") for n in range(again)]
        reading = [Step(Kind.OPEN, when) for when in sorted(opened)]
        if draw.share("click") < behaviour.clicks:
            reading.insert(1, Step(Kind.CLICK, min(opened)))
        steps += _seen(reading, trackable)
    if draw.share("complaint") < behaviour.complaints:
        steps.append(Step(Kind.COMPLAINT, some_time_later("complaint")))
    return steps


def _seen(steps: list[Step], trackable: Trackable) -> list[Step]:
    visible = {Kind.OPEN: trackable.opens, Kind.CLICK: trackable.clicks}
    return [step for step in steps if visible[step.kind]]


def _timed(step: Step, seconds: float) -> Step:
    return Step(step.kind, step.after * seconds, step.detail)
