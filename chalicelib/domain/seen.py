"""Which addresses came before, in at most 100 bytes an address, also in the moments in which a table grows."""

from collections.abc import Sequence

_FIRST_LIMIT = 1200  # a little below 3/5 of 2^11
_APART = 2**64


class Seen:
    """Remembers addresses, each as two hashes of 64 bits in one number of 48 bytes.

    The chance that a list of ten million rows loses anyone to a clash is 1 in 10^24. The hashes are Python's own, with
    a secret of the process, so nobody can make addresses that clash.

    A set doubles its table when it fills 3/5 of 2^n, and has the old one and the new one in memory for that moment. So
    there are three sets, filled by turns up to just below that point, and of all addresses no more than a third is in
    the one that grows.
    """

    def __init__(self) -> None:
        self._sets: tuple[set[int], ...] = (set(), set(), set())
        self._limit = _FIRST_LIMIT

    def add(self, addresses: Sequence[str]) -> list[bool]:
        """Remember addresses; say of each whether it is new."""
        keys = [hash(address) * _APART + hash(address + "\n") for address in addresses]
        new = set(keys)
        are_new = len(new) == len(keys) and all(known.isdisjoint(new) for known in self._sets)
        if not are_new:
            new.difference_update(*(known.intersection(new) for known in self._sets))
        self._one_to_fill(len(new)).update(new)
        return [True] * len(keys) if are_new else [self._is_first(key, new) for key in keys]

    @staticmethod
    def _is_first(key: int, new: set[int]) -> bool:
        """Whether the key is new, and now for the first time."""
        is_first = key in new
        new.discard(key)
        return is_first

    def _one_to_fill(self, more: int) -> set[int]:
        while True:
            for known in self._sets:
                if len(known) + more <= self._limit:
                    return known
            self._limit *= 2
