"""Which workers a fault lab kills, and when: of real processes, for it looks at what the machine knows of them."""

import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import IO

import psutil
import pytest

from hato.faults.kills import Kills, moments
from hato.faults.trouble import Trouble

FUNCTION = "hato-killed-send_batch"
WORKER = """
import sys, threading
for _ in range(int(sys.argv[2])):
    threading.Thread(target=threading.Event().wait, daemon=True).start()
print("up", flush=True)
sys.stdin.read()
"""

StartWorker = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def worker() -> Iterator[StartWorker]:
    """Starts a worker of a function, with so many calls under way."""
    started = []

    def start(calls: int, function: str = FUNCTION) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-c", WORKER, f"{function}-x/_worker.py", str(calls)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        started.append(process)
        said: IO[bytes] | None = process.stdout
        assert said is not None
        assert said.readline() == b"up\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def kills(*due: float) -> Kills:
    return Kills(psutil.Process(), FUNCTION, due, random.Random(1))


def test_a_worker_that_sends_dies_when_so_many_mails_are_out(worker: StartWorker) -> None:
    sends, some = worker(calls=2), kills(10.0)
    some.look(9)
    assert (some.count, sends.poll()) == (0, None)
    some.look(10)
    assert (some.count, sends.wait(10)) == (1, -9)


def test_a_worker_that_idles_is_left_alone_until_it_sends(worker: StartWorker) -> None:
    idles, some = worker(calls=0), kills(10.0)
    some.look(50)
    assert (some.count, idles.poll()) == (0, None)
    sends = worker(calls=1)
    some.look(50)
    assert (some.count, sends.wait(10), idles.poll()) == (1, -9, None)


def test_other_functions_are_left_alone(worker: StartWorker) -> None:
    other, some = worker(calls=2, function="hato-killed-finish_campaign"), kills(10.0)
    some.look(50)
    assert (some.count, other.poll()) == (0, None)


def test_one_dies_at_each_moment_and_no_more(worker: StartWorker) -> None:
    workers, some = [worker(calls=1) for _ in range(3)], kills(10.0, 20.0)
    counts = []
    for sent in (15, 15, 25, 25, 200):
        some.look(sent)
        counts.append(some.count)
    assert counts == [1, 1, 2, 2, 2]
    _, alive = psutil.wait_procs([psutil.Process(each.pid) for each in workers], timeout=0.3)
    assert len(alive) == 1


@pytest.mark.parametrize("seed", range(20))
def test_the_moments_are_spread_over_their_part_of_the_list(seed: int) -> None:
    trouble = Trouble("killed", 1_000, kills=9, kills_within=(0.2, 0.7))
    found = moments(trouble, random.Random(seed))
    assert len(found) == 9
    assert all(200 + 50 * number <= moment < 250 + 50 * number for number, moment in enumerate(found))
    assert moments(Trouble("quiet", 1_000), random.Random(seed)) == []
