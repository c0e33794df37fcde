"""Several calls to AWS under way at once: a batch's claims take twenty, and each waits for its answer."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Executor

Item = TypeVar("Item")
Result = TypeVar("Result")


class RunAll(Protocol):
    """Makes a call for each item; the results in the items' order. What a call raises is raised when all have ended."""

    def __call__(self, call: Callable[[Any], Result], items: Iterable[Any]) -> list[Result]:
        """Make them."""
        ...


def one_by_one(call: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Make the calls in their order, until one raises."""
    return [call(item) for item in items]


class SideBySide:
    """Makes the calls in threads of its own, which are kept while the Lambda is warm; a single call needs none.

    No call is under way any more when it raises: who then takes back what the calls did finds all of it.
    """

    def __init__(self, most: int) -> None:
        self._most = most

    def __call__(self, call: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """Make the calls, so many at once."""
        some = list(items)
        if len(some) < 2:
            return one_by_one(call, some)
        from concurrent.futures import wait

        futures = [self._pool.submit(call, item) for item in some]
        wait(futures)
        return [future.result() for future in futures]

    @cached_property
    def _pool(self) -> "Executor":
        from concurrent.futures import ThreadPoolExecutor

        return ThreadPoolExecutor(self._most)
