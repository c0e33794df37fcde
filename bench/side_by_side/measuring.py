"""Measures all contenders by turns, each time in a process of its own, one at a time."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from bench.side_by_side.contender import ENTRIES, HATO, Entry
from bench.side_by_side.result import Figures, Memory, SideBySide
from hato.project import ROOT

ROUNDS = 5
WAITING_ROUNDS = 3  # with 30 ms of latency, which leaves little to chance
MAILS = 2000
SECONDS = 3.0
FEW, MANY = 1_000, 1_000_000
_LATENCY = 30
_PATIENCE = 3600

Run = dict[str, Any]
Tell = Callable[[str], None]


def measure(python: str, tell: Tell, rounds: int = ROUNDS, many: int = MANY) -> SideBySide:
    """Measure; `python` is that of the environment that has all of the peers, `tell` hears how far it is."""
    with stand_in() as endpoint:
        quick = _by_turns(rounds, lambda entry: _child(python, endpoint, entry.name, 0), tell, "at once")
        slow = _by_turns(
            min(rounds, WAITING_ROUNDS),
            lambda entry: _child(python, endpoint, entry.name, _LATENCY),
            tell,
            f"after {_LATENCY} ms",
        )
        memory = _memory(python, endpoint, many, tell)
    return SideBySide([_figures(entry.name, quick[entry.name], slow[entry.name]) for entry in ENTRIES], memory)


@contextmanager
def stand_in() -> Iterator[str]:
    """The stand-in for AWS in a process of its own; its address."""
    command = [sys.executable, "-m", "bench.side_by_side.server"]
    with subprocess.Popen(  # noqa: S603 - our own module
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None and server.stdout is not None  # noqa: S101, PT018 - for the types
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        finally:
            server.stdin.close()


def _by_turns(rounds: int, run: Callable[[Entry], Run], tell: Tell, how: str) -> dict[str, list[Run]]:
    """Every other round the other way round, so that none has always the same one before it."""
    runs: dict[str, list[Run]] = {entry.name: [] for entry in ENTRIES}
    for number in range(rounds):
        for entry in ENTRIES if number % 2 == 0 else reversed(ENTRIES):
            tell(f"AWS answers {how}, round {number + 1} of {rounds}: {entry.title}")
            runs[entry.name].append(run(entry))
    return runs


def _memory(python: str, endpoint: str, many: int, tell: Tell) -> Memory:
    peaks = []
    for mails in (FEW, many):
        tell(f"Hato's memory with {mails:,} recipients")
        peaks.append(_child(python, endpoint, HATO, 0, mails, _PATIENCE)["peak_rss_mb"])
    return Memory(FEW, many, *peaks)


def _child(python: str, endpoint: str, name: str, latency: int, mails: int = MAILS, seconds: float = SECONDS) -> Run:
    environment = {
        "PATH": os.environ["PATH"],
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "MALLOC_ARENA_MAX": "2",  # as the functions are deployed
    }
    command = [python, "-m", "bench.side_by_side.child", name, str(latency), str(mails), str(seconds)]
    done = subprocess.run(  # noqa: S603 - our own module
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, timeout=_PATIENCE, check=True
    )
    run: Run = json.loads(done.stdout.splitlines()[-1])
    return run


def _figures(name: str, quick: list[Run], slow: list[Run]) -> Figures:
    mails = sum(run["mails"] for run in quick)
    calls = {call for run in quick for call in run["calls"]}
    each = {call: sum(run["calls"].get(call, 0) for run in quick) / mails for call in sorted(calls)}
    return Figures(
        name=name,
        cpu_us_per_mail=[run["cpu"] / run["mails"] * 1e6 for run in quick],
        mails_per_s_0ms=[run["mails"] / run["wall"] for run in quick],
        mails_per_s_30ms=[run["mails"] / run["wall"] for run in slow],
        calls_per_mail=sum(each.values()),
        peak_rss_mb=max(run["peak_rss_mb"] for run in quick),
        calls=each,
    )
