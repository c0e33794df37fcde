"""Which fault befalls which request: a share for each kind, drawn from a seed, and counted."""

import dataclasses
from collections import Counter
from collections.abc import Mapping
from enum import Enum
from random import Random

from hato.faults.proxy_messages import Message
from hato.faults.proxy_throttles import can_throttle


class BadSetting(ValueError):
    """A setting that cannot be taken; the text is a sentence for the person who sent it."""


class Fault(Enum):
    """What can befall a request, by the name of its share."""

    THROTTLE = "throttles"  # refused as AWS refuses; not carried out
    RESET_BEFORE = "resets_before"  # the connection is reset; not carried out
    RESET_AFTER = "resets_after"  # carried out, then the connection is reset in the place of an answer


@dataclasses.dataclass(frozen=True, slots=True)
class Settings:
    """Shares of all requests, from 0 to 1."""

    on: bool = True
    throttles: float = 0.0
    resets_before: float = 0.0
    resets_after: float = 0.0

    def changed(self, changes: object) -> "Settings":
        """These settings with a JSON object's worth of changes. Raises BadSetting."""
        known = dataclasses.asdict(self)
        if not isinstance(changes, Mapping):
            raise BadSetting("The settings must be a JSON object.")
        for name, value in changes.items():
            if name not in known:
                raise BadSetting(f"There is no setting {name!r}; there are {', '.join(known)}.")
            if isinstance(known[name], bool) != isinstance(value, bool):
                raise BadSetting(f"{name} must be {'true or false' if name == 'on' else 'a number'}.")
            if not isinstance(value, int | float) or not 0 <= value <= 1:
                raise BadSetting(f"{name} must be from 0 to 1.")
        settings = dataclasses.replace(self, **changes)
        if sum(settings.share(fault) for fault in Fault) > 1:
            raise BadSetting("The shares together must be at most 1.")
        return settings

    def share(self, fault: Fault) -> float:
        """The share of requests that this fault befalls."""
        return float(getattr(self, fault.value))


class Faults:
    """The same seed injects the same faults into the same sequence of requests."""

    def __init__(self, settings: Settings, seed: int) -> None:
        self.settings = settings
        self.chance = Random(seed)  # noqa: S311 - nothing secret
        self._requests = 0
        self._counts: Counter[Fault] = Counter()
        self._operations: Counter[str] = Counter()

    def draw(self, request: Message) -> Fault | None:
        """The fault that befalls this request, if any; while switched off, none, and nothing is drawn."""
        self._requests += 1
        fault = self._draw() if self.settings.on else None
        if fault is Fault.THROTTLE and not can_throttle(request.service):
            fault = None
        if fault is not None:
            self._counts[fault] += 1
            self._operations[f"{fault.value} {request.operation}"] += 1
        return fault

    def _draw(self) -> Fault | None:
        drawn = self.chance.random()
        for fault in Fault:
            drawn -= self.settings.share(fault)
            if drawn < 0:
                return fault
        return None

    def status(self) -> dict[str, object]:
        """The counts: of requests, of each fault, and of each fault by operation."""
        counts = {fault.value: self._counts[fault] for fault in Fault}
        return {"requests": self._requests, **counts, "operations": dict(self._operations)}
