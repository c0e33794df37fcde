"""What people and scanners do with a mail that was delivered."""

from __future__ import annotations

from dataclasses import replace

from hato.local.ses.draws import Draws
from hato.local.ses.scanning import scans
from hato.local.ses.settings import Settings
from hato.local.ses.step import Kind, Step, Trackable

_HASTE = 0.05  # nobody does anything before this share of the longest wait
_SECOND_LINKS = 0.3  # of those who click: they click a second link


def engagement(draw: Draws, delivered: float, settings: Settings, trackable: Trackable) -> list[Step]:
    """The steps of one recipient, in no order; `delivered` is when the mail arrived."""
    behaviour, steps = settings.behaviour, []
    verdict = draw.share("verdict") < behaviour.bot_verdicts
    if draw.share("bot") < behaviour.bots:
        steps += scans(draw, delivered, trackable, verdict)
    if draw.share("open") < behaviour.opens:
        steps += _reading(draw, delivered, settings, trackable)
    if draw.share("complaint") < behaviour.complaints:
        steps.append(Step(Kind.COMPLAINT, _some_time_later(draw, "complaint", delivered, settings)))
    return [replace(step, verdict=verdict) for step in steps]


def _reading(draw: Draws, delivered: float, settings: Settings, trackable: Trackable) -> list[Step]:
    """A person's opens, and the clicks that start with the first of them."""
    behaviour = settings.behaviour
    again = 1 + int(draw.share("times") * 3) if draw.share("repeat") < behaviour.repeated_opens else 0
    names = ["open", *(f"open {number}" for number in range(again))]
    opened = sorted(_some_time_later(draw, name, delivered, settings) for name in names)
    steps = [Step(Kind.OPEN, when) for when in opened] if trackable.opens else []
    if trackable.links and draw.share("click") < behaviour.clicks:
        steps[1:1] = _clicks(draw, opened[0], delivered + settings.engagement_delay, trackable.links)
    return steps


def _clicks(draw: Draws, first: float, end: float, links: tuple[str, ...]) -> list[Step]:
    """One link, or two different ones at different times: three would look like a scanner's."""
    link = draw.pick("link", links)
    clicks = [Step(Kind.CLICK, first, link=link)]
    others = tuple(other for other in links if other != link)
    if others and draw.share("second link") < _SECOND_LINKS:
        later = first + _after_a_while(draw, "second click") * (end - first)
        clicks.append(Step(Kind.CLICK, later, link=draw.pick("other link", others)))
    return clicks


def _some_time_later(draw: Draws, name: str, delivered: float, settings: Settings) -> float:
    return delivered + _after_a_while(draw, f"{name} wait") * settings.engagement_delay


def _after_a_while(draw: Draws, name: str) -> float:
    return _HASTE + (1 - _HASTE) * draw.share(name)
