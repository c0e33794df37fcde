"""The page that a report is written on: how wide, with which characters, and the few shapes of its lines."""

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from hato.cli.glyphs import Glyphs, glyphs_for

LABEL = 18
_NUMBERS = 36  # two counts with their shares
_NARROWEST, _WIDEST = 8, 48


@dataclass(frozen=True, slots=True)
class Page:
    """So many characters a line, and what charts are drawn with."""

    width: int
    glyphs: Glyphs

    @classmethod
    def of(cls, console: Console) -> "Page":
        """The page that this console is."""
        return cls(console.width, glyphs_for(console))

    @property
    def bar_width(self) -> int:
        """How many characters a bar has, whose line also holds a label and numbers."""
        return max(_NARROWEST, min(_WIDEST, self.width - LABEL - _NUMBERS - 6))

    def bar(self, share: float, more: float = 0.0) -> Text:
        """A bar for a share from 0 to 1, and in another shade for what there is more of; what is not 0 can be seen."""
        cells = self._cells(share)
        rest = max(0, round(self.bar_width * min(1.0, more)) - len(cells))
        return Text(f"{cells}{self.glyphs.rest * rest}".ljust(self.bar_width), "cyan")

    def _cells(self, share: float) -> str:
        parts = len(self.glyphs.widths)
        length = max(int(share > 0), round(self.bar_width * parts * min(1.0, share)))
        whole, part = divmod(length, parts)
        return self.glyphs.full * whole + (self.glyphs.widths[part - 1] if part else "")


def title(words: str) -> Text:
    """The head of a part, with an empty line before it."""
    return Text(f"\n{words}", style="bold")


def share(value: float | None, none: str) -> str:
    """A share as people read it; what is not 0 does not look like it.

    Events may be counted before the batch they are of: a share of more than all there is says nothing yet.
    """
    if value is None or value > 1:
        return none
    return "<0.1%" if 0 < value < 0.0005 else f"{value:.1%}"


def print_lines(console: Console, lines: Iterable[Text]) -> None:
    """Print the lines; one that is longer than the terminal is left to it, so that it can be copied whole."""
    for line in lines:
        line.rstrip()
        console.print(line, soft_wrap=True, highlight=False)
