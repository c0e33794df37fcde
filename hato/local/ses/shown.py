"""One mail as its page shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hato.local.ses.events import Event
from hato.local.ses.message import Message
from hato.local.ses.notification import timestamp
from hato.local.ses.step import Kind

_LONGEST_LINK = 60
_MOST_SOURCE = 200_000
_BAD = (Kind.BOUNCE, Kind.COMPLAINT, Kind.REJECT, Kind.RENDERING_FAILURE)


class Shown:
    """A message, what can be done with it by hand, and what became of it so far."""

    def __init__(self, message: Message, obstacles: Mapping[Kind, str], now: float) -> None:
        self.message, self.record = message, message.record
        self._obstacles, self._now = obstacles, now
        source = message.source()
        self.source, self.is_cut = source[:_MOST_SOURCE].decode(errors="replace"), len(source) > _MOST_SOURCE

    @property
    def parts(self) -> Sequence[tuple[str, str]]:
        """The sections of the page: the name of each in its address, and its title."""
        own = [(part, title) for part, title in (("html", "HTML"), ("text", "Text")) if self.record[part] is not None]
        rest = (("headers", "Headers"), ("tags", "Tags"), ("events", "Events"), ("by-hand", "By hand"))
        return [*own, *rest, ("source", "Source")]

    @property
    def can(self) -> Sequence[str]:
        """The kinds of events that can be made to happen, in lower case."""
        kinds = (Kind.OPEN, Kind.CLICK, Kind.COMPLAINT, Kind.BOUNCE)
        return [kind.value.lower() for kind in kinds if kind not in self._obstacles]

    @property
    def sentences(self) -> Sequence[str]:
        """Why it can not be all of them, each once."""
        return list(dict.fromkeys(self._obstacles.values()))

    @property
    def links(self) -> Sequence[tuple[str, str]]:
        """Each link, and a short form of it."""
        return [(link, _short(link)) for link in self.message.links]

    @property
    def events(self) -> Sequence[Mapping[str, Any]]:
        return [self._event(event) for event in sorted(self.message.events, key=lambda event: event.at)]

    def _event(self, event: Event) -> Mapping[str, Any]:
        at = timestamp(event.at)
        is_same_day = at[:10] == timestamp(self.message.accepted_at)[:10]
        return {
            "at": at,
            "time": at[11:-1] if is_same_day else f"{at[:10]} {at[11:-1]}",
            "step": event.step,
            "link": _short(event.step.link),
            "is_bad": event.step.kind in _BAD,
            "recipient": event.recipient if len(self.message.recipients) > 1 else "",
            "is_published": bool(event.published_at),
            "is_to_come": event.due_at > self._now,
        }


def _short(link: str) -> str:
    """A link without its scheme, cut in the middle where it is long: what tells links apart is often at their end."""
    bare = link.partition("://")[2].removesuffix("/")
    half = _LONGEST_LINK // 2
    return bare if len(bare) <= _LONGEST_LINK else f"{bare[:half]}…{bare[-half + 1 :]}"
