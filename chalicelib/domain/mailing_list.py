"""Mailing lists: from the bytes of an uploaded CSV to recipients and rejected rows, none forgotten.

**Row numbers** are those a spreadsheet shows: the header is row 1, the first row of data row 2, and a row
whose cell holds line breaks is one row. Blank rows (no cell with anything but spaces) have a number but are
no rows of the list: they are neither yielded nor counted in any total. Every other row comes out once, as
Recipient or as Rejected.

**Refused whole** (ListUnreadable) is a list in which it can no longer be told where rows begin and end, as
after a quotation mark that does not pair up; a row that can be told apart is rejected alone. Either may come
late, so act on no row before the iteration has ended.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from typing import Literal

from chalicelib.domain.decoding import decoded
from chalicelib.domain.fields import RowInvalid, cleaned, is_sendable, plain_length, shown, tolerated
from chalicelib.domain.header import Header, find_header, is_blank, rows_of
from chalicelib.domain.lines import Lines
from chalicelib.domain.recipient import AddressInvalid, Recipient, canonical_address
from chalicelib.errors import ListEmpty, ListUnreadable

_RAW_LENGTH = 254
_DIGEST_BYTES = 15  # as a Python object 48 bytes, of which one byte more would make 64


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that gets no mail: its number, its address cell (254 characters at most), and why."""

    row: int
    raw_email: str
    reason_code: Literal["invalid", "duplicate"]
    reason: str


class MailingList:
    """A list being read: the names of its columns at once, its rows by iterating, which can be done once.

    `columns` are the names a mail may use. The address column is among them: the field of that name is the
    cell as it was written, `Recipient.email` the canonical address. Duplicates are found by 120 bits of hash
    an address: the chance that a list of ten million rows loses anyone to a clash is 1 in 10^22. They take some
    80 bytes of memory a row, 130 for the moments in which the table grows; nothing else grows with the list.
    """

    def __init__(self, lines: Lines, header: Header, encoding: str) -> None:
        self.columns = header.columns
        self.email_column = header.columns[header.email_at]
        self.encoding = encoding
        self._header = header
        self._lines = lines

    def __iter__(self) -> Iterator[Recipient | Rejected]:
        """Yield every row that is not blank, in order; raise ListEmpty at the end if there was none."""
        columns, email_at, width = self.columns, self._header.email_at, len(self.columns)
        plain = plain_length(columns)
        seen: set[bytes] = set()
        fresh_hash = blake2b(digest_size=_DIGEST_BYTES).copy  # making one takes half as long again
        rejected = 0
        for row, record in self._records():
            text = "".join(record)
            try:
                # The usual row takes no call of ours, the usual Japanese one (U+3000 is not printable) only one.
                is_plain = len(record) == width and len(text) <= plain and (text.isprintable() or is_sendable(text))
                cells = record if is_plain else self._odd(record)
                address = canonical_address(cells[email_at])
            except (AddressInvalid, RowInvalid) as error:
                if text.strip():
                    rejected += 1
                    yield self._rejected(row, record, "invalid", error.reason)
                continue
            hashed = fresh_hash()
            hashed.update(address.encode())
            digest = hashed.digest()
            if digest in seen:
                yield self._rejected(row, record, "duplicate", "An earlier row has the same address.")
                continue
            seen.add(digest)
            yield Recipient(row, address, dict(zip(columns, cells, strict=True)))
        if not seen and not rejected:
            raise ListEmpty("The list has a header and no rows.")

    def _odd(self, record: list[str]) -> list[str]:
        if isinstance(record, _BrokenRow):
            raise RowInvalid(record.reason)
        return cleaned(self.columns, tolerated(record, len(self.columns)), self.encoding)

    def _rejected(self, row: int, record: list[str], code: Literal["invalid", "duplicate"], reason: str) -> Rejected:
        raw = shown(record[self._header.email_at], _RAW_LENGTH) if len(record) > self._header.email_at else ""
        return Rejected(row, raw, code, reason)

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the number and the cells of every row below the header, blank ones too."""
        reader = rows_of(chain.from_iterable(self._lines), self._header.delimiter)
        for _ in range(self._header.row):
            next(reader)
        row, line = self._header.row, reader.line_num
        while True:
            try:
                for numbered in enumerate(reader, row + 1):
                    yield numbered
                    row, line = numbered[0], reader.line_num
            except csv.Error as error:
                row += 1
                yield row, self._broken(row, line + 1, reader.line_num, error)
                line = reader.line_num
            else:
                return

    def _broken(self, row: int, first_line: int, last_line: int, error: csv.Error) -> "_BrokenRow":
        """Return what stands for a row that csv.reader gave up; raise ListUnreadable if more may be gone."""
        text = self._lines.line(last_line)
        if first_line < last_line or not _stands_alone(text, self._header.delimiter):
            raise ListUnreadable(
                f"Row {row:,} (line {first_line:,} of the file) has a quotation mark that does not pair up, "
                "so the rows from there on cannot be told apart."
            ) from error
        return _BrokenRow(text, self._header.delimiter, error)


class _BrokenRow(list[str]):
    """Stands for a row that csv.reader gave up: its pieces, and a last one that is never plain."""

    def __init__(self, text: str, delimiter: str, error: csv.Error) -> None:
        super().__init__([*text.split(delimiter), "\0"])
        too_large = "field limit" in str(error)
        self.reason = (
            f"The row has a cell of more than {csv.field_size_limit():,} characters."
            if too_large
            else "The row has text after a closing quotation mark."
        )


def _stands_alone(line: str, delimiter: str) -> bool:
    """Say whether the quotation marks of a broken line are settled where it ends, so that a new row follows."""
    try:
        return len(list(rows_of([line, "the next line"], delimiter, strict=False))) > 1
    except csv.Error:
        return '"' not in line


def read_rows(chunks: Iterable[bytes]) -> MailingList:
    """Return the mailing list in the bytes of a CSV file, of which only the beginning is read now.

    UTF-8, UTF-16 with a mark, or Japanese in Shift_JIS (CP932), each also gzipped; cells divided by comma,
    semicolon, tab or pipe; quoting as Python's csv has it when strict, spaces after a delimiter dropped.
    Raises ListEmpty for a file without a header, ListUnreadable with one sentence for anything that is no
    mailing list.
    """
    encoding, texts = decoded(chunks)
    lines = Lines(texts)
    header = find_header(lines.first)
    if header is None and not all(is_blank(line) for block in lines for line in block):
        raise ListUnreadable("The file begins with so many blank lines that no header was found.")
    if header is None:
        raise ListEmpty("The file is empty.")
    return MailingList(lines, header, encoding)
