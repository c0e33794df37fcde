"""What a Django project writes where it sends a message to each person, whichever backend it uses."""

from collections.abc import Callable, Sequence
from typing import Any

from bench.side_by_side.contenders.in_django import message
from bench.side_by_side.letter import Letter, Person


class DjangoSingle:
    """Makes and sends one message after the other."""

    def __init__(self, letter: Letter, connection: Any) -> None:
        self._letter = letter
        self._connection = connection

    def ready(self, people: Sequence[Person]) -> Callable[[], object]:
        """It needs the people and no more."""
        return lambda: [message(self._letter, person, self._connection).send() for person in people]
