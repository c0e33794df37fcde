"""Numbers as columns of characters, two lines high, and the times below them."""

from collections.abc import Sequence

from hato.cli.glyphs import Glyphs

HEIGHT = 2
_WIDEST = 6


def column_width(count: int, room: int) -> int:
    """How many characters each of so many columns takes, for all to have room."""
    return max(1, min(_WIDEST, room // max(1, count)))


def columns(values: Sequence[int], width: int, glyphs: Glyphs) -> list[str]:
    """The lines of the chart, the highest first; every number that is not 0 can be seen."""
    peak = max(values, default=0)
    steps = len(glyphs.levels)
    heights = [max(1, round(value / peak * HEIGHT * steps)) if value else 0 for value in values]
    return [
        "".join(_cell(height - line * steps, glyphs) * width for height in heights) for line in reversed(range(HEIGHT))
    ]


def axis(labels: Sequence[str], width: int, room: int) -> str:
    """The labels, each below the beginning of its column; but for the first, one that has no room is left out."""
    line = ""
    for number, label in enumerate(labels):
        start = number * width
        if not number or (len(line) + 2 <= start and start + len(label) <= room):
            line = line.ljust(start) + label
    return line


def _cell(height: int, glyphs: Glyphs) -> str:
    return glyphs.levels[min(height, len(glyphs.levels)) - 1] if height > 0 else " "
