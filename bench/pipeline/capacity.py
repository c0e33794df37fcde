"""DynamoDB's capacity: units a second, of which so many are left at any moment."""

from collections.abc import Sequence


class Capacity:
    """Units that come at an even rate; of those that nobody takes, a second's worth is kept."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._left = rate
        self._at = 0.0

    def left(self, now: float) -> float:
        """The units that may be taken at this moment."""
        if now > self._at:
            self._left = min(self.rate, self._left + (now - self._at) * self.rate)
            self._at = now
        return self._left

    def take(self, now: float, units: float) -> float:
        """Take so many units or as many as there are; returns how many that was."""
        granted = min(units, max(0.0, self.left(now)))
        self._left -= granted
        return granted


class GrowingCapacity(Capacity):
    """A table on demand: it takes twice what its largest second of an earlier half hour was."""

    def __init__(self, rate: float, most: float, doubles_within: float) -> None:
        super().__init__(rate)
        self._most = most
        self._period = doubles_within
        self._period_ends = doubles_within
        self._second, self._in_second, self._peak = 0, 0.0, 0.0

    def take(self, now: float, units: float) -> float:
        """Take units, and grow by and by where they are used."""
        if now >= self._period_ends:
            self.rate = max(self.rate, min(self._most, 2 * min(self.rate, max(self._peak, self._in_second))))
            self._period_ends, self._peak, self._in_second = now + self._period, 0.0, 0.0
        granted = super().take(now, units)
        if int(now) != self._second:
            self._peak = max(self._peak, self._in_second)
            self._second, self._in_second = int(now), 0.0
        self._in_second += granted
        return granted


def take_of_all(capacities: Sequence[Capacity], now: float, units: float) -> float:
    """Take from all of them as many units as each has; returns how many that was."""
    granted = max(0.0, min(units, *(each.left(now) for each in capacities)))
    for each in capacities:
        each.take(now, granted)
    return granted
