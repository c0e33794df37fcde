"""Chance that can be repeated: every draw is a pure function of the seed, of what it is about, and of its own name."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


class Draws:
    """Shares from 0 to 1 by name, even over what they are about and independent of each other."""

    def __init__(self, seed: int, *about: str) -> None:
        self._base = hashlib.blake2b("\0".join((str(seed), *about)).encode())

    def share(self, name: str) -> float:
        digest = self._base.copy()
        digest.update(f"\0{name}".encode())
        return int.from_bytes(digest.digest()[:7]) / (1 << 56)

    def pick(self, name: str, things: Sequence[str]) -> str:
        """One of the things, each as likely as any other."""
        return things[int(self.share(name) * len(things))]
