"""What can be changed about the simulator while it runs, checked before it is taken."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, TypeVar

from hato.local.ses.account import UNLIMITED

SANDBOX_RATE, SANDBOX_QUOTA = 1.0, 200.0


class BadSetting(ValueError):
    """A setting that cannot be taken; the text is a sentence for the person who sent it."""


@dataclasses.dataclass(frozen=True)
class Behaviour:
    """What recipients do: shares from 0 to 1. The mailbox-simulator addresses take no part in it."""

    hard_bounces: float = 0.02  # of all recipients
    soft_bounces: float = 0.01  # of all recipients
    delays: float = 0.01  # of delivered: SES reports a delay first
    complaints: float = 0.001  # of delivered
    opens: float = 0.35  # of delivered
    repeated_opens: float = 0.2  # of openers: two to four opens
    clicks: float = 0.2  # of openers, where there is a link
    bots: float = 0.03  # of delivered: a scanner looks into the mail, and opens it or follows links
    bot_verdicts: float = 1.0  # of delivered: SES says of each open and click whether it was a bot's

    def problem(self) -> str | None:
        if self.hard_bounces + self.soft_bounces > 1:
            return "hard_bounces and soft_bounces together must be at most 1."
        return None


@dataclasses.dataclass(frozen=True)
class Faults:
    """What goes wrong on demand: shares from 0 to 1, of send calls where nothing else is said."""

    throttled_calls: float = 0.0  # 429 as over the rate, and nothing is taken
    throttled_entries: float = 0.0  # of a bulk call's entries: throttled or a transient failure by turns, not taken
    dropped_answers: float = 0.0  # all is taken, then the connection breaks
    failed_calls: float = 0.0  # 500, by turns before and after all is taken
    slow_answers: float = 0.0  # all is done at once, the answer comes late
    slow_seconds: float = 3.0  # by so much
    event_copies: int = 1  # how many times each event is published
    event_spread: float = 0.0  # seconds: the longest that a copy is held back
    lost_events: float = 0.0  # of mails: none of their events is ever published

    def problem(self) -> str | None:
        if math.fsum((self.throttled_calls, self.failed_calls, self.dropped_answers)) > 1:
            return "throttled_calls, failed_calls and dropped_answers together must be at most 1."
        return None


Section = TypeVar("Section", Behaviour, Faults)


@dataclasses.dataclass(frozen=True)
class Settings:
    """Rates are per real second, delays in told seconds."""

    rate: float = 100.0
    daily_quota: float = 50_000.0
    sandbox: bool = False
    sending_enabled: bool = True
    seed: int = 1
    event_rate: float = 100.0
    delivery_delay: float = 0.5  # the longest time from sending to delivery or bounce
    engagement_delay: float = 3.0  # the longest time from delivery to an open, click or complaint of a person
    time_lapse: float = 1.0  # how many of these seconds pass in a real one: events are told sooner, not dated sooner
    behaviour: Behaviour = dataclasses.field(default_factory=Behaviour)
    faults: Faults = dataclasses.field(default_factory=Faults)

    def changed(self, changes: object) -> Settings:
        """These settings with a JSON object's worth of changes, or BadSetting."""
        values: dict[str, Any] = dict(_object(changes, "The settings"))
        if values.get("sandbox") is True and not self.sandbox:
            values = {"rate": SANDBOX_RATE, "daily_quota": SANDBOX_QUOTA, **values}
        for section in [name for name in _SECTIONS if name in values]:
            values[section] = _changed_section(section, getattr(self, section), values[section])
        for name, value in values.items():
            if name not in _CHECKS and name not in _SECTIONS:
                raise BadSetting(f"There is no setting {name!r}; there are {', '.join(dataclasses.asdict(self))}.")
            if problem := _CHECKS.get(name, _fine)(value):
                raise BadSetting(f"{name} {problem}.")
        return dataclasses.replace(self, **values)

    def as_json(self) -> dict[str, object]:
        return dataclasses.asdict(self)


def _changed_section(section: str, old: Section, changes: object) -> Section:
    values: dict[str, Any] = dict(_object(changes, section))
    known = dataclasses.asdict(old)
    for name, value in values.items():
        if name not in known:
            raise BadSetting(f"There is no {_SECTIONS[section]} {name!r}; there are {', '.join(known)}.")
        if problem := _SECTION_CHECKS.get(name, _share)(value):
            raise BadSetting(f"{section}.{name} {problem}.")
    new = dataclasses.replace(old, **values)
    if problem := new.problem():
        raise BadSetting(f"{section}: {problem}")
    return new


def _object(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadSetting(f"{what} must be a JSON object.")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _fine(value: Any) -> str | None:
    return None


def _share(value: Any) -> str | None:
    return None if _is_number(value) and 0 <= value <= 1 else "must be a share from 0 to 1"


def _positive(value: Any) -> str | None:
    return None if _is_number(value) and value > 0 else "must be a number above 0"


def _quota(value: Any) -> str | None:
    good = _is_number(value) and (value >= 0 or value == UNLIMITED)
    return None if good else "must be a number, 0 or more, or -1 for no limit"


def _delay(value: Any) -> str | None:
    return None if _is_number(value) and value >= 0 else "must be a number of seconds, 0 or more"


def _boolean(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def _whole(value: Any) -> str | None:
    good = isinstance(value, int) and not isinstance(value, bool)
    return None if good else "must be a whole number"


def _copies(value: Any) -> str | None:
    return None if not _whole(value) and value >= 1 else "must be a whole number, 1 or more"


_CHECKS = {
    "rate": _positive,
    "daily_quota": _quota,
    "sandbox": _boolean,
    "sending_enabled": _boolean,
    "seed": _whole,
    "event_rate": _positive,
    "delivery_delay": _delay,
    "engagement_delay": _delay,
    "time_lapse": _positive,
}
_SECTIONS = {"behaviour": "behaviour", "faults": "fault"}  # and what one setting of each is called
_SECTION_CHECKS = {"slow_seconds": _delay, "event_copies": _copies, "event_spread": _delay}  # all others are shares
