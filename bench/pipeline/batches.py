"""The queue of a campaign's batches, from the Distributed Map to SQS and Lambda: who may begin when."""

from collections import deque
from dataclasses import dataclass
from random import Random

from bench.pipeline.parameters import Parameters


@dataclass(slots=True)
class Batch:
    """A batch on its way: how often it was tried, for whom it still has to do what, and when it was first claimed."""

    number: int
    mails: int
    tries: int = 0
    unclaimed: int = 0
    unrecorded: int = 0
    waits: int = 0
    claimed_at: float = -1.0
    began: float = 0.0
    is_sent: bool = False


class Children:
    """Starts children as fast as Step Functions does, no more at once than the Map's MaxConcurrency."""

    def __init__(self, parameters: Parameters, most_at_once: int, batches: int) -> None:
        self.most_at_once = most_at_once
        self.left = batches
        self.running = 0
        self._apart = max(
            1 / parameters.children_a_second, parameters.transitions_a_child / parameters.transitions_a_second
        )
        self._next = 0.0

    def may_start(self) -> bool:
        """Whether there is another batch, and room for it."""
        return self.left > 0 and self.running < self.most_at_once

    def start(self, now: float) -> float:
        """Start one; returns when it begins."""
        self.left -= 1
        self.running += 1
        self._next = max(self._next + self._apart, now)
        return self._next


class Pollers:
    """Lambda's pollers of the queue: five at first, and more by and by, up to the maximum concurrency."""

    def __init__(self, parameters: Parameters, most_at_once: int, chance: Random) -> None:
        self.queue: deque[Batch] = deque()
        self.busy = self.most_busy = self.longest_queue = self.cold_starts = 0
        self._warm = 0
        self._parameters = parameters
        self._most = most_at_once
        self._chance = chance
        self._first = -1.0

    @property
    def start_up(self) -> float:
        """Seconds until as many batches run as ever will, the first cold start included."""
        more = max(0, self.most_busy - self._parameters.pollers_at_first)
        return self._parameters.cold_start + more * self.until_more() + sum(self._parameters.child_start)

    def put(self, now: float, batch: Batch) -> None:
        """A message comes to the queue."""
        if self._first < 0:
            self._first = now
        self.queue.append(batch)
        self.longest_queue = max(self.longest_queue, len(self.queue))

    def take(self, now: float) -> tuple[Batch, float] | None:
        """The next batch and when its code runs; None where there is none, or no environment may run it yet."""
        if not self.queue or self.busy >= self._pollers(now):
            return None
        self.busy += 1
        self.most_busy = max(self.most_busy, self.busy)
        start = now + self._chance.uniform(*self._parameters.poll)
        if self._warm >= self.busy:
            return self.queue.popleft(), start
        self._warm += 1
        self.cold_starts += 1
        return self.queue.popleft(), start + self._parameters.cold_start

    def is_growing(self, now: float) -> bool:
        """Whether there will be more pollers than there are now."""
        return self._pollers(now) < self._most

    def until_more(self) -> float:
        """Seconds until there is another poller."""
        return 60 / self._parameters.pollers_a_minute

    def _pollers(self, now: float) -> int:
        more = int((now - self._first) * self._parameters.pollers_a_minute / 60)
        return min(self._most, self._parameters.pollers_at_first + more)
