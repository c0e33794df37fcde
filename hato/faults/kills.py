"""Workers die in the middle of sending: which, and when."""

import random
from collections.abc import Sequence

import psutil

from hato.faults.trouble import Trouble


def moments(trouble: Trouble, chance: random.Random) -> list[float]:
    """How many mails are out when a worker dies, for each who does: spread over a part of the list by chance."""
    begin, end = (share * trouble.recipients for share in trouble.kills_within)
    part = (end - begin) / (trouble.kills + 1)
    return [begin + part * (number + chance.random()) for number in range(trouble.kills)]


class Kills:
    """Ends workers of the function as hard as can be, one at each of the moments, and counts them."""

    def __init__(self, emulator: psutil.Process, function: str, due: Sequence[float], chance: random.Random) -> None:
        self._emulator, self._function, self._due, self._chance = emulator, function, due, chance
        self._killed: set[int] = set()

    @property
    def count(self) -> int:
        """How many have been killed."""
        return len(self._killed)

    def look(self, sent: int) -> None:
        """End a worker that sends, if by now so many mails are out that it is time; later, where none sends."""
        if self.count == len(self._due) or sent < self._due[self.count]:
            return
        if sending := [each for each in self._emulator.children() if self._sends(each)]:
            one = self._chance.choice(sending)
            one.kill()
            self._killed.add(one.pid)

    def _sends(self, process: psutil.Process) -> bool:
        """Whether it is one of the function's workers, and has calls to SES under way or more of them to make.

        These have threads of their own; to kill a worker that idles would be no trouble at all.
        """
        try:
            found = self._function in " ".join(process.cmdline()) and process.num_threads() > 1
        except psutil.Error:
            return False
        return found and process.pid not in self._killed
