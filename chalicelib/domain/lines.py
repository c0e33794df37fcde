"""The physical lines of a text, whatever ends them: LF, CRLF, CR, or a mixture."""

from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain

from chalicelib.errors import ListUnreadable

LINE_LENGTH = 1024 * 1024


class Lines:
    """Lines with their ends on, in blocks, read as they are asked for; the block being read can be looked
    into.

    Blocks, so that no Python code runs for a single line. Raises ListUnreadable for a line over LINE_LENGTH
    characters.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._blocks = _line_blocks(texts)
        self.first = next(self._blocks, [])
        self._current = self.first
        self._before = 0

    def __iter__(self) -> Iterator[list[str]]:
        before, first, self.first = 0, self.first, []
        for block in chain([first], self._blocks):
            self._current, self._before = block, before
            yield block
            before += len(block)

    def line(self, number: int) -> str:
        """Return a line of the block being read by its number in the file, which begins at 1."""
        return self._current[number - self._before - 1]


def _line_blocks(texts: Iterable[str]) -> Iterator[list[str]]:
    rest = ""
    for piece in texts:
        text = rest + piece
        cut = 1 + max(text.rfind("\n"), text.rfind("\r", 0, -1))  # a CR at the end may be half of a CRLF
        rest = text[cut:]
        yield from _block(text[:cut])
        if len(rest) > LINE_LENGTH:
            raise _too_long()
    yield from _block(rest)


def _block(text: str) -> Iterator[list[str]]:
    lines = StringIO(text, newline="").readlines()
    if lines and len(lines[0]) > LINE_LENGTH:  # a piece is shorter, so only what was carried over can be as long
        raise _too_long()
    if lines:
        yield lines


def _too_long() -> ListUnreadable:
    return ListUnreadable(f"The file has a line of more than {LINE_LENGTH:,} characters, so it is no mailing list.")
