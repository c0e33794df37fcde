"""The header of a mailing list: which delimiter, which columns, and which of them holds the address."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.recipient import AddressInvalid, canonical_address
from chalicelib.errors import ListUnreadable

if TYPE_CHECKING:
    from _csv import Reader

DELIMITERS = ",;\t|"

# Names of the address column: NFKC, lower case, without spaces and the marks -_.:*
# fmt: off
EMAIL_NAMES = frozenset(
    {
        "email", "emails", "mail", "mailaddress", "emailaddress", "emailaddr", "mailaddr",
        "メール", "メールアドレス", "eメール", "eメールアドレス",
        "電子メール", "電子メールアドレス", "メルアド", "メアド",
        "邮箱", "电子邮箱", "电子邮件", "郵箱", "電子郵件", "이메일", "이메일주소",
        "mailadresse", "emailadresse", "courriel", "adressemail", "adresseemail",
        "correo", "correoelectrónico", "correoelectronico",
    }
)
# fmt: on
_marks = re.compile(r"[\s\-_.:*]+")
_UNSEEN = r"\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2060\ufeff"
_unseen = re.compile(f"[{_UNSEEN}]")
_something = re.compile(rf"[^\s{DELIMITERS}{_UNSEEN}]")
_undecoded = re.compile(r"[\ud800-\udfff]")
_SHOWN_COLUMNS = 20


@dataclass(frozen=True, slots=True)
class Header:
    """What the header row says; `row` is its number (1, unless blank rows come first)."""

    row: int
    delimiter: str
    columns: tuple[str, ...]
    email_at: int


def find_header(lines: Sequence[str], email_column: str = "") -> Header | None:
    """Read the header from the first lines of a list; None if they are all blank.

    The delimiter is the one that shows an address column, then the one that makes the most columns. The address column
    is the one named, else the one whose name says so. Raises ListUnreadable, naming what was found, if there is no
    such column or more than one.
    """
    found = [candidate for d in DELIMITERS if (candidate := _first_row(lines, d))]
    if not found:
        return None
    row, delimiter, cells = max(found, key=partial(_likelihood, email_column))
    if not cells:
        raise ListUnreadable(f"The header in row {row} has a quotation mark that does not pair up.")
    if any(map(_undecoded.search, cells)):
        raise ListUnreadable(f"The header in row {row} has bytes that are not in the encoding of the file.")
    columns = _column_names(cells)
    email_at = _named_at(row, columns, email_column) if email_column.strip() else _email_at(row, cells, columns)
    return Header(row, delimiter, columns, email_at)


def _likelihood(email_column: str, candidate: tuple[int, str, list[str]]) -> tuple[bool, bool, bool, int]:
    """Rank a delimiter: an address column, several columns, one that quotation marks spoil, one column."""
    cells = candidate[2]
    wanted = {_plain(email_column)} if email_column.strip() else EMAIL_NAMES
    return any(_plain(cell) in wanted for cell in cells), len(cells) > 1, not cells, len(cells)


def rows_of(lines: Iterable[str], delimiter: str, strict: bool = True) -> "Reader":
    """Return the CSV rows of some lines; when strict, a stray quotation mark raises and swallows no row."""
    return csv.reader(lines, delimiter=delimiter, strict=strict, skipinitialspace=True)


def is_blank(text: str) -> bool:
    """Say whether the text is nothing but spaces, line ends and delimiters."""
    return _something.search(text) is None


def is_email_name(name: str) -> bool:
    """Say whether a column of this name holds addresses; case, width, spaces and hyphens do not matter."""
    return _plain(name) in EMAIL_NAMES


def _plain(name: str) -> str:
    return _marks.sub("", unicodedata.normalize("NFKC", _unseen.sub("", name)).lower())


def _first_row(lines: Sequence[str], delimiter: str) -> tuple[int, str, list[str]] | None:
    """Return number, delimiter and cells of the first row that is not blank; no cells if it cannot be read."""
    row = 0
    try:
        for row, cells in enumerate(rows_of(lines, delimiter), 1):
            if not is_blank("".join(cells)):
                return row, delimiter, cells
    except csv.Error:
        return row + 1, delimiter, []
    return None


def _column_names(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the names as the mail may use them: as written, without spaces around and doubled spaces within.

    Unnamed columns at the end are not columns; another unnamed one is called `column_<position>`. A name that
    comes again gets `_2`, `_3`, …, so the first keeps what its name says.
    """
    names = [" ".join(_unseen.sub("", cell).split()) for cell in cells]
    while not names[-1]:
        names.pop()
    columns: list[str] = []
    for position, name in enumerate(names, 1):
        wanted = name or f"column_{position}"
        unique, again = wanted, 1
        while unique in columns or (again > 1 and unique in names):
            again += 1
            unique = f"{wanted}_{again}"
        columns.append(unique)
    return tuple(columns)


def _named_at(row: int, columns: Sequence[str], name: str) -> int:
    exact = [at for at, column in enumerate(columns) if column == " ".join(name.split())]
    places = exact or [at for at, column in enumerate(columns) if _plain(column) == _plain(name)]
    if len(places) == 1:
        return places[0]
    found = f"{len(places)} columns" if places else "no column"
    raise ListUnreadable(f"The list has {found} named {name.strip()[:40]}: row {row} names {_shown(columns)}.")


def _email_at(row: int, cells: Sequence[str], columns: Sequence[str]) -> int:
    places = [at for at, cell in enumerate(cells) if is_email_name(cell)]
    if len(places) == 1:
        return places[0]
    if places:
        names = ", ".join(cells[at].strip() for at in places)
        raise ListUnreadable(
            f"The list has {len(places)} email columns ({names}); say which one is meant, or rename the others."
        )
    if any(map(_is_address, cells)):
        raise ListUnreadable(
            f"Row {row} holds an address where the column names should be; add a header row, such as email,name."
        )
    raise ListUnreadable(
        f"The list has no email column: row {row} names {_shown(columns)}; name the column of addresses email."
    )


def _shown(columns: Sequence[str]) -> str:
    names = ", ".join(name[:40] for name in columns[:_SHOWN_COLUMNS])
    return f"{names} and {len(columns) - _SHOWN_COLUMNS} more" if len(columns) > _SHOWN_COLUMNS else names


def _is_address(cell: str) -> bool:
    try:
        canonical_address(cell)
    except AddressInvalid:
        return False
    return True
