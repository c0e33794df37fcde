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

    def add(self, address: str) -> bool:
        """Remember an address; False where it came before."""
        key = _key(address)
        for known in self._sets:
            if key in known:
                return False
        self._one_to_fill(1).add(key)
        return True

    def add_all(self, addresses: Sequence[str]) -> bool:
        """Remember addresses that are all new, and each there once; if any is not, do nothing and return False."""
        new = {hash(address) * _APART + hash(address + "\n") for address in addresses}  # as _key does, without calls
        if len(new) < len(addresses) or not all(known.isdisjoint(new) for known in self._sets):
            return False
        self._one_to_fill(len(new)).update(new)
        return True

    def _one_to_fill(self, more: int) -> set[int]:
        while True:
            for known in self._sets:
                if len(known) + more <= self._limit:
                    return known
            self._limit *= 2


def _key(address: str) -> int:
    return hash(address) * _APART + hash(address + "\n")
