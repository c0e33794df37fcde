"""How fast a number grows, measured over the last seconds."""

from collections import deque

SECONDS = 30.0
_FEWEST_SECONDS = 2.0


class Window:
    """What a counter showed, and when; times are seconds of any clock that only goes forward."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._seen: deque[tuple[float, int]] = deque()
        self._moved_at = 0.0

    def add(self, at: float, count: int) -> None:
        """Note what the counter shows now; what is older than the window is left out, but for one to compare with."""
        if not self._seen or count != self._seen[-1][1]:
            self._moved_at = at
        self._seen.append((at, count))
        while len(self._seen) > 2 and self._seen[1][0] <= at - self._seconds:
            self._seen.popleft()

    @property
    def rate(self) -> float | None:
        """How much a second; None until there is something to measure, or the whole window has seen nothing."""
        if not self._seen:
            return None
        (start, before), (end, after) = self._seen[0], self._seen[-1]
        needed = _FEWEST_SECONDS if after > before else self._seconds
        return max(0, after - before) / (end - start) if end - start >= needed else None

    @property
    def quiet(self) -> float:
        """For how many seconds the counter has not moved."""
        return self._seen[-1][0] - self._moved_at if self._seen else 0.0
