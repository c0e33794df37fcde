"""Where a view is shown: in a terminal, in lines that change; in a pipe, a line now and then."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from hato.cli.glyphs import glyphs_for
from hato.cli.watch.view import View
from hato.cli.watch.words import line, lines

APART = 5.0


@contextmanager
def showing(console: Console, clock: Callable[[], float]) -> Iterator[Callable[[View], None]]:
    """What is to be told of every new view."""
    if not console.is_terminal:
        yield Plain(console.print, clock)
        return
    glyphs = glyphs_for(console)
    with Live(Text(""), console=console, auto_refresh=False, vertical_overflow="crop") as live:
        yield lambda view: live.update(Group(*lines(view, glyphs, console.width)), refresh=True)


class Plain:
    """A line where the campaign has changed, but none within some seconds of the last, unless it is the end.

    That it has become a little faster or slower alone is no change.
    """

    def __init__(self, say: Callable[..., None], clock: Callable[[], float]) -> None:
        self._say = say
        self._clock = clock
        self._last: object = None
        self._said_at = float("-inf")

    def __call__(self, view: View) -> None:
        now, seen = self._clock(), _numbers(view)
        is_due = now - self._said_at >= APART or view.report.has_ended
        if seen != self._last and is_due:
            self._say(line(view), soft_wrap=True, highlight=False, markup=False)
            self._last, self._said_at = seen, now


def _numbers(view: View) -> object:
    return view.phase, view.report.settled, view.report.rows, [each.count for each in view.harms]
