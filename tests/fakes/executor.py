"""Calls side by side, one after another: what a test sees happens in one order."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any


class OneAtATime(Executor):
    """Does at once what is submitted; a power cut gets through to who submitted it."""

    def submit(self, call: Callable[..., Any], /, *arguments: Any, **options: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        try:
            future.set_result(call(*arguments, **options))
        except Exception as error:
            future.set_exception(error)
        return future
