"""Rejected rows, kept aside while a list is read: in memory at first, on disk when they are many."""

import json
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile

from chalicelib.domain.outcome import Outcome

_MOST_MEMORY = 4 * 1024 * 1024


class SpooledRejections:
    """Any number of outcomes, in the order they came."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(_MOST_MEMORY, "w+", encoding="utf-8")  # noqa: SIM115 - lives as long as this

    def add(self, outcome: Outcome) -> None:
        """Keep one more."""
        self._file.write(json.dumps(outcome.to_document()) + "\n")

    def __iter__(self) -> Iterator[Outcome]:
        self._file.seek(0)
        for line in self._file:
            yield Outcome.from_document(json.loads(line))
        self._file.close()

    def __del__(self) -> None:
        self._file.close()  # nobody reads the rejections of a list that cannot be sent
