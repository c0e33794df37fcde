"""Time that passes only while everybody waits, so that code which sleeps is simulated as it stands.

Each piece of work has a thread, but one at a time runs: who waits gives the turn to whoever's moment comes next, and
the clock jumps there. So hours take seconds, and the same work comes to the same end however busy the machine is.
"""

import heapq
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from itertools import count
from threading import Lock, Thread
from typing import Any, TypeVar

Result = TypeVar("Result")


class VirtualTime:
    """The clock (`now`, in seconds), and who waits for which moment."""

    def __init__(self, start: float) -> None:
        self.now = start
        self.error: BaseException | None = None
        self.idle: list[Worker] = []
        self._moments: list[tuple[float, int, Worker]] = []
        self._number = count()
        self._running: Worker | None = None
        self._over = _closed_lock()

    @property
    def running(self) -> "Worker":
        """Whose turn it is; only work that was started here can wait."""
        if self._running is None:
            raise RuntimeError("No work of this time is under way.")
        return self._running

    def start(self, work: Callable[[], None]) -> None:
        """Begin this work now, beside all other work."""
        worker = self.idle.pop() if self.idle else Worker(self)
        worker.work = work
        self.wake(worker)

    def run(self) -> None:
        """Let time pass until nobody waits for any moment. Raises what any work raised."""
        self.give_turn(self._over)
        for worker in self.idle:
            worker.turn.release()  # it finds nothing to do, and ends
        if self.error:
            raise self.error

    def sleep(self, seconds: float) -> None:
        """Let so many seconds pass."""
        self.sleep_until(self.now + seconds)

    def sleep_until(self, moment: float) -> None:
        """Let time pass until that moment; work whose moment is the same goes on in the order that it came."""
        self.wake(self.running, moment)
        self.pause()

    def pause(self) -> None:
        """Wait until somebody wakes this work."""
        self.give_turn(self.running.turn)

    def wake(self, worker: "Worker", moment: float = 0.0) -> None:
        """Let it go on at that moment, or now."""
        heapq.heappush(self._moments, (max(moment, self.now), next(self._number), worker))

    def give_turn(self, own: Lock) -> None:
        """Let go on whose moment comes next, and wait for one's own turn."""
        turn = self._over
        if self._moments and not self.error:
            self.now, _, self._running = heapq.heappop(self._moments)
            turn = self._running.turn
        if turn is not own:
            turn.release()
            own.acquire()


class Worker(Thread):
    """A thread that does one piece of work after another, each when it has the turn."""

    def __init__(self, time: VirtualTime) -> None:
        super().__init__(daemon=True)
        self.turn = _closed_lock()
        self.work: Callable[[], None] | None = None
        self._time = time
        self.start()

    def run(self) -> None:
        """Work until there is no more."""
        self.turn.acquire()
        while self.work:
            try:
                self.work()
            except BaseException as error:  # raised again by who runs the time
                self._time.error = error
            self.work = None
            self._time.idle.append(self)
            self._time.give_turn(self.turn)


class SideBySide(Executor):
    """So many threads in virtual time, in place of a ThreadPoolExecutor; one work at a time hands in calls."""

    def __init__(self, time: VirtualTime, most: int) -> None:
        self._time = time
        self._free = self._most = most
        self._queue: deque[Callable[[], None]] = deque()
        self._waiting: Worker | None = None

    def submit(self, call: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Make the call as soon as one of the threads is free."""
        future: Future[Result] = Future()

        def work() -> None:
            try:
                future.set_result(call(*args, **kwargs))
            except Exception as error:
                future.set_exception(error)
            self._free += 1
            self._go_on()

        self._queue.append(work)
        self._go_on()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait until all the calls have come to their end."""
        if wait and self._free < self._most:
            self._waiting = self._time.running
            self._time.pause()

    def _go_on(self) -> None:
        while self._free and self._queue:
            self._free -= 1
            self._time.start(self._queue.popleft())
        if self._waiting and self._free == self._most:
            self._time.wake(self._waiting)


def _closed_lock() -> Lock:
    lock = Lock()
    lock.acquire()
    return lock
