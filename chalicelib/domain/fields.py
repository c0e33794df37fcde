"""What a cell of a mailing list may hold once it is a merge field, and how much a row may hold."""

import json
import re
from collections.abc import Iterator, KeysView, Mapping, Sequence, ValuesView

FIELDS_BYTES = 32 * 1024  # of JSON a row: a batch of many rows has to fit into a queue message of 200 KB

_BYTES_PER_CHARACTER = 12  # the most that JSON makes of one, \ud83d\ude00
_BYTES_PER_FIELD = 6  # "": "",

# SQS refuses the C0 controls but tab and line ends, and U+FFFE, U+FFFF; no mail shows DEL and the C1 controls.
_unsendable = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
# All others, but CR: what there is, not what there is not, takes the re module a quarter of the time.
_as_is = re.compile("[\x20-\x7e\n\t\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*+").fullmatch
_undecoded = re.compile("[\ud800-\udfff]")
_line_end = re.compile("\r\n?")


class RowInvalid(ValueError):
    """The row cannot be used, for a reason that is not its address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Fields(Mapping[str, str]):
    """The cells of a row by the names of their columns, read only; made in half the time of a dict.

    `places` says at which place a column's cell is; all rows of a list have the same.
    """

    __slots__ = ("_cells", "_places")

    def __init__(self, places: Mapping[str, int], cells: Sequence[str]) -> None:
        self._places = places
        self._cells = cells

    def __getitem__(self, name: str) -> str:
        return self._cells[self._places[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def keys(self) -> KeysView[str]:
        return self._places.keys()

    def values(self) -> ValuesView[str]:
        return _Cells(self)

    def __repr__(self) -> str:
        return repr(dict(self))


class _Cells(ValuesView[str]):
    _mapping: Fields

    def __iter__(self) -> Iterator[str]:
        return map(self._mapping._cells.__getitem__, self._mapping._places.values())


def plain_length(columns: Sequence[str]) -> int:
    """Return how many characters a row may have without its size being looked at."""
    names = sum(len(name) * _BYTES_PER_CHARACTER + _BYTES_PER_FIELD for name in columns)
    return (FIELDS_BYTES - names) // _BYTES_PER_CHARACTER


def is_sendable(text: str) -> bool:
    """Say whether the cells in the text, put together, may be sent just as they are."""
    return _as_is(text) is not None


def cleaned(columns: Sequence[str], cells: Sequence[str], encoding: str) -> list[str]:
    """Return the cells as they may be sent: control characters dropped, line ends LF, all else as written.

    Raises RowInvalid if some bytes of the row did not decode, or if the row is too large.
    """
    if any(map(_undecoded.search, cells)):
        raise RowInvalid(f"The row has bytes that are not {encoding} text.")
    clean = [_unsendable.sub("", _line_end.sub("\n", cell)) for cell in cells]
    size = len(json.dumps(dict(zip(columns, clean, strict=True))))
    if size > FIELDS_BYTES:
        raise RowInvalid(f"The row takes {size:,} bytes as JSON; {FIELDS_BYTES:,} fit into a message.")
    return clean


def tolerated(cells: Sequence[str], width: int) -> Sequence[str]:
    """Return exactly as many cells as there are columns; only empty cells at the end may be too many."""
    if len(cells) == width:
        return cells
    if len(cells) > width and not "".join(cells[width:]).strip():
        return cells[:width]
    found = len(cells)
    raise RowInvalid(f"The row has {found} cell{'s' * (found != 1)} where the header has {width}.")


def shown(cell: str, length: int) -> str:
    """Return a cell as a report may show it: readable, and no longer than `length` characters."""
    return _unsendable.sub("", _undecoded.sub("\ufffd", cell))[:length]
