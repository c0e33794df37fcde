"""How fast events may be published, learnt from how the emulator bears them.

ministack runs an SNS message's Lambda at once in a thread of its own: no queue, no limit, no retry. A message
that finds no idle worker starts a new Python process, and a burst of them starts hundreds. Stock ministack
counts nothing of this over HTTP: its health page lists services only, and its AWS/Lambda metrics leave out
what SNS invoked. So two signs are read instead:

- new child processes of the emulator: each is one message that came before an earlier one was answered. One at a time
  is a function's first start, or a little more at once than before, and only stops the rate from growing;
- how long `Publish` itself took: it answers late when the emulator is short of processor time.

Several new processes, or a slow answer, halve the rate; without them it grows until it is back at the top.
"""

from __future__ import annotations

START = 2.0  # events a second: a cold start of a Python worker takes most of a second of a processor
GROWTH = 3.0  # a second
LOOK_EVERY = 0.5
SLOW_ANSWER = 0.5


class Pace:
    """A slot for every publish, and a rate between `START` and `top`. Times are monotonic seconds."""

    def __init__(self, top: float, now: float) -> None:
        self.top = top
        self._rate = min(START, top)
        self._next_slot = now
        self._looked_at = now
        self._workers: int | None = None
        self._slowest = 0.0
        self._used = False

    @property
    def rate(self) -> float:
        return min(self._rate, self.top)

    def reserve(self, now: float) -> float:
        """Take the next slot; the seconds to wait for it."""
        slot = max(now, self._next_slot)
        self._next_slot = slot + 1.0 / self.rate
        self._used = True
        return slot - now

    def answered(self, seconds: float) -> None:
        self._slowest = max(self._slowest, seconds)

    def wants_a_look(self, now: float) -> bool:
        return now - self._looked_at >= LOOK_EVERY

    def look(self, workers: int | None, now: float) -> None:
        """Adjust to the emulator's worker processes; None where they cannot be counted."""
        grew = 0 if workers is None or self._workers is None else workers - self._workers
        if grew > 1 or self._slowest > SLOW_ANSWER:
            self._rate = max(min(START, self.top), self.rate / 2)
        elif self._used and grew < 1:  # an idle time proves nothing
            self._rate = min(self.top, self.rate * GROWTH ** min(1.0, now - self._looked_at))
        self._workers, self._slowest, self._used, self._looked_at = workers, 0.0, False, now
