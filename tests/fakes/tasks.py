"""The state machine that waits for batches."""

from collections.abc import Mapping
from typing import Any

from tests.fakes.moments import Moments


class FakeTasks:
    """What it was told, in order: the token, and the totals or the error's name."""

    def __init__(self, moments: Moments | None = None) -> None:
        self.told: list[tuple[str, dict[str, Any] | str]] = []
        self.causes: list[str] = []
        self._moments = moments or Moments()

    def succeed(self, token: str, result: Mapping[str, Any]) -> None:
        self._moments.reached("before success")
        self.told.append((token, dict(result)))

    def fail(self, token: str, error: str, cause: str) -> None:
        self.told.append((token, error))
        self.causes.append(cause)
