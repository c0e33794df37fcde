"""What is to happen when: the heart of the simulation."""

import heapq
from collections.abc import Callable, Iterator

from bench.pipeline.batches import Batch

Step = Callable[[float, Batch], None]


class Agenda:
    """Moments and what happens to a batch in them, each in its turn; of two at one moment, who was noted first."""

    def __init__(self) -> None:
        self._moments: list[tuple[float, int, Step, Batch]] = []
        self._number = 0

    def at(self, moment: float, step: Step, batch: Batch) -> None:
        """Note what is to happen."""
        self._number += 1
        heapq.heappush(self._moments, (moment, self._number, step, batch))

    def __iter__(self) -> Iterator[tuple[float, Step, Batch]]:
        """All that happens, in the order of time, also what is noted meanwhile."""
        while self._moments:
            now, _, step, batch = heapq.heappop(self._moments)
            yield now, step, batch
