"""What the scanners of receiving servers do with a mail, and how it shows where SES says nothing of them."""

from __future__ import annotations

from hato.local.ses.draws import Draws
from hato.local.ses.step import KNOWN_SCANNERS, SCANNER, Kind, Step, Trackable

_BURST, _BURST_LINKS = 2.0, 3  # so many links within so many seconds of the delivery
_EARLY, _EARLIEST = 0.01, 0.05  # seconds before the delivery


def scans(draw: Draws, delivered: float, trackable: Trackable, verdict: bool) -> list[Step]:
    """One scanner's steps; without SES's verdict it gives itself away by exactly one sign."""
    if verdict:
        return _opens_and_clicks(delivered, SCANNER, trackable.opens, trackable.links[:1])
    sort = draw.pick("scanner", ("agent", "burst", "early"))
    if sort == "burst" and len(trackable.links) >= _BURST_LINKS:
        return _burst(draw, delivered, trackable.links)
    if sort == "early" and trackable.links and delivered >= _EARLIEST:
        before = delivered - _EARLY - draw.share("early") * (_EARLIEST - _EARLY)
        return [Step(Kind.CLICK, before, bot=True, link=draw.pick("scanned link", trackable.links))]
    link = (draw.pick("scanned link", trackable.links),) if trackable.links else ()
    return _opens_and_clicks(delivered, draw.pick("agent", KNOWN_SCANNERS), trackable.opens, link)


def _opens_and_clicks(delivered: float, agent: str, opens: bool, links: tuple[str, ...]) -> list[Step]:
    opened = [Step(Kind.OPEN, delivered, bot=True, agent=agent)] if opens else []
    return opened + [Step(Kind.CLICK, delivered, bot=True, agent=agent, link=link) for link in links]


def _burst(draw: Draws, delivered: float, links: tuple[str, ...]) -> list[Step]:
    drawn = sorted(links, key=lambda link: draw.share(f"scan {link}"))[:_BURST_LINKS]
    waits = (draw.share(f"burst {number}") * _BURST for number in range(_BURST_LINKS))
    return [Step(Kind.CLICK, delivered + wait, bot=True, link=link) for wait, link in zip(waits, drawn, strict=True)]
