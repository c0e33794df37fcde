"""Moments between two effects, at which a test cuts the power or lets something else happen."""

from collections.abc import Callable


class PowerCut(BaseException):
    """The Lambda is gone in mid-air; no `except Exception` of its own notices."""


class Moments:
    """What the fakes tell of, as "before send" and "after send"; nothing happens unless it is planned."""

    def __init__(self) -> None:
        self._planned: dict[str, list[Callable[[], object]]] = {}
        self.left: int | None = None

    def at(self, moment: str, action: Callable[[], object]) -> None:
        """Do this the next time that the moment comes; what is planned for it already comes first."""
        self._planned.setdefault(moment, []).append(action)

    def cut(self, moment: str) -> None:
        """Cut the power the next time that the moment comes."""
        self.at(moment, _cut)

    def clear(self) -> None:
        """Call off what is planned and did not happen."""
        self._planned.clear()

    def cut_after(self, count: int | None) -> None:
        """Cut the power after so many moments, whichever they are; None calls it off."""
        self.left = count

    def reached(self, moment: str) -> None:
        """Told by the fakes."""
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self.left = None
                _cut()
        if self._planned.get(moment):
            self._planned[moment].pop(0)()


def _cut() -> None:
    raise PowerCut
