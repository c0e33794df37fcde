"""A system of bench.articles as it is compared here."""

from collections.abc import Callable, Sequence
from typing import Protocol

from bench.side_by_side.letter import Person


class System(Protocol):
    """What bench.articles gives."""

    people_at_once: int

    def send(self, people: Sequence[Person]) -> object:
        """Send to these."""
        ...


class Article:
    """Hands it as many people at once as it takes."""

    def __init__(self, system: System) -> None:
        self._system = system

    def ready(self, people: Sequence[Person]) -> Callable[[], object]:
        """It needs the people and no more."""
        size = self._system.people_at_once
        return lambda: [self._system.send(people[start : start + size]) for start in range(0, len(people), size)]
