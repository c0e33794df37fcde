"""How many functions a contender calls for each mail: `python -m bench.side_by_side.counted NAME MAILS`.

A count in place of a time, which any machine finds alike: Python's own and C's functions, in all threads, against the
stand-in within the process. It prints JSON: `functions_per_mail` and `calls_per_mail`, those to AWS.
"""

import contextlib
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from bench.side_by_side.contender import ENTRIES
from bench.side_by_side.in_process import InProcess
from bench.side_by_side.letter import LETTER, people

_COUNTED = frozenset({"call", "c_call"})


def main(name: str, mails: int) -> None:
    """Count and print."""
    with (
        Path(os.devnull).open("w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        figures = count(name, mails)
    print(json.dumps(figures))  # noqa: T201 - who started it reads this line


def count(name: str, mails: int) -> dict[str, float]:
    """Send once for warming up, then so many mails with every function counted."""
    stand_in, seen, is_counting = InProcess(), [0], [False]

    def see(frame: Any, event: str, argument: Any) -> None:
        seen[0] += is_counting[0] and event in _COUNTED

    threading.setprofile(see)  # for threads that begin in the first round and stay, too
    contender = next(entry for entry in ENTRIES if entry.name == name).make(LETTER)
    contender.ready(list(people(0, mails)))()
    send = contender.ready(list(people(mails, mails)))
    stand_in.calls.clear()
    is_counting[0] = True
    sys.setprofile(see)
    try:
        send()
    finally:
        sys.setprofile(None)
    return {"functions_per_mail": seen[0] / mails, "calls_per_mail": sum(stand_in.calls.values()) / mails}


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
