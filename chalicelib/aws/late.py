"""A client that is not there until it is asked for something: a function whose first answer ends it makes no other."""

from collections.abc import Callable
from threading import Lock
from typing import Any

_one_at_a_time = Lock()  # boto3's session does not stand it that two threads make a client


class Late:
    """Stands in for what `make` makes, and makes it when first used; `make` gives the same one every time."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def __getattr__(self, name: str) -> Any:
        """Asked once for each name: what is found is kept here."""
        with _one_at_a_time:
            found = getattr(self._make(), name)
        setattr(self, name, found)
        return found
