"""What the emulator wrote down, read and summed up."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

AMOUNTS = ("calls", "reads", "writes", "chunks", "cpu", "bytes")


class Kind(NamedTuple):
    """What calls are summed up by."""

    who: str
    what: str
    on: str


Sums = dict[str, float]
Tally = Mapping[Kind, Sums]


class Reader:
    """Reads the file, each time from where it stopped."""

    def __init__(self, path: Path) -> None:
        self._path, self._done = path, 0

    def skip(self) -> None:
        """What is there by now does not count."""
        self._done = self._path.stat().st_size

    def tally(self) -> Tally:
        """The sums of all that came since. The processor's time is that of warm calls, as if all were warm."""
        sums: dict[Kind, Sums] = defaultdict(lambda: dict.fromkeys((*AMOUNTS, "warm"), 0.0))
        for call in self._lines():
            sum_ = sums[Kind(call.pop("who"), call.pop("what"), call.pop("on"))]
            if call.get("warm") == 0:
                call.pop("cpu")
            sum_["calls"] += 1
            for name in call.keys() & sum_.keys():
                sum_[name] += call[name]
        return {kind: _as_if_warm(each) for kind, each in sums.items()}

    def _lines(self) -> Iterator[dict[str, Any]]:
        with self._path.open("rb") as file:
            file.seek(self._done)
            for line in file:
                yield json.loads(line)
            self._done = file.tell()


def _as_if_warm(sums: Sums) -> Sums:
    warm = sums.pop("warm")
    return sums | {"cpu": sums["cpu"] * sums["calls"] / warm if warm else 0.0}


def part(sums: Sums, share: float) -> Sums:
    """So many times these sums, rounded for reading."""
    return {name: round(value * share, 7) for name, value in sums.items()}


def minus(one: Tally, other: Tally) -> dict[Kind, Sums]:
    """What is in one beyond the other, never below nothing."""
    return {
        kind: {name: max(0.0, value - other.get(kind, {}).get(name, 0.0)) for name, value in sums.items()}
        for kind, sums in one.items()
    }
