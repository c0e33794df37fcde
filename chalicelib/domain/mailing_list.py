"""Mailing lists: from the bytes of an uploaded CSV to recipients and rejected rows, none forgotten.

**Row numbers** are those a spreadsheet shows: the header is row 1, the first row of data row 2, and a row
whose cell holds line breaks is one row. Blank rows (no cell with anything but spaces) have a number but are
no rows of the list: they are neither yielded nor counted in any total. Every other row comes out once, as
Recipient or as Rejected.

**Refused whole** (ListUnreadable) is a list in which it can no longer be told where rows begin and end, as
after a quotation mark that does not pair up; a row that can be told apart is rejected alone. Either may come
late, so act on no row before the iteration has ended.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, count, repeat
from typing import Any, Literal

from chalicelib.domain.decoding import decoded
from chalicelib.domain.encoding import known_as
from chalicelib.domain.fields import Fields, RowInvalid, cleaned, is_sendable, plain_length, shown, tolerated
from chalicelib.domain.header import Header, find_header, is_blank
from chalicelib.domain.lines import lines_of, whole_lines
from chalicelib.domain.recipient import AddressInvalid, Recipient, canonical_address, plain_addresses
from chalicelib.domain.records import Block, BrokenRow, Records
from chalicelib.domain.seen import Seen
from chalicelib.errors import ListEmpty, ListUnreadable

_RAW_LENGTH = 254
_recipient = partial(tuple.__new__, Recipient)


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
    cell as it was written, `Recipient.email` the canonical address. What is remembered to find duplicates is
    all that grows with the list.
    """

    def __init__(self, records: Records, header: Header, encoding: str) -> None:
        self.columns = header.columns
        self.email_column = header.columns[header.email_at]
        self.delimiter = header.delimiter
        self.encoding = encoding
        self._email_at = header.email_at
        self._places = {name: place for place, name in enumerate(self.columns)}
        self._records = records
        self._plain_length = plain_length(header.columns)
        self._seen = Seen()
        self._is_read = False

    def __iter__(self) -> Iterator[Recipient | Rejected]:
        """Yield every row that is not blank, in order; raise ListEmpty at the end if there was none."""
        if self._is_read:
            raise RuntimeError("A mailing list can be read once.")
        self._is_read = True
        return chain.from_iterable(self._blocks())

    def _blocks(self) -> Iterator[Iterable[Recipient | Rejected]]:
        is_empty = True
        for block in self._records:
            addresses = [""] * len(block.records)
            rows: Iterator[Any] = iter(block.records)
            if block.columns:
                addresses = list(plain_addresses(block.columns[self._email_at]))
                fields = map(Fields, repeat(self._places), block.rows())
                rows = map(_recipient, zip(count(block.row), addresses, fields, strict=False))
            # Nothing is to be said of most rows, so no function of ours is called for each.
            odd = {} if all(addresses) else self._judged(block, addresses)
            are_new = self._seen.add(list(filter(None, addresses)))
            is_empty = is_empty and not are_new and not any(odd.values())
            yield self._told_apart(rows, odd, are_new) if odd or not all(are_new) else rows
        if is_empty:
            raise ListEmpty("The list has a header and no rows.")

    def _judged(self, block: Block, addresses: list[str]) -> dict[int, Recipient | Rejected | None]:
        """Return what becomes of each row without an address by its place, and put in the address that was found."""
        odd: dict[int, Recipient | Rejected | None] = {}
        for at in [at for at, address in enumerate(addresses) if not address]:
            record = [column[at] for column in block.columns] or block.records[at]
            row = odd[at] = self._row(block.row + at, record)
            addresses[at] = row.email if isinstance(row, Recipient) else ""
        return odd

    def _told_apart(
        self, rows: Iterable[Any], odd: Mapping[int, Recipient | Rejected | None], are_new: Iterable[bool]
    ) -> Iterator[Recipient | Rejected]:
        """Yield the rows but for blank ones, the odd in their places, those rejected whose address came before."""
        is_new = iter(are_new).__next__
        for at, usual in enumerate(rows):
            row = odd.get(at, usual)
            if row is not None:
                yield row if isinstance(row, Rejected) or is_new() else self._duplicate(row)

    def _duplicate(self, row: Recipient) -> Rejected:
        raw = shown(row.fields[self.email_column], _RAW_LENGTH)
        return Rejected(row.row, raw, "duplicate", "An earlier row has the same address.")

    def _row(self, row: int, record: Sequence[str]) -> Recipient | Rejected | None:
        """Return what becomes of a row if no other has its address; None for a blank one."""
        try:
            cells = self._cells(record)
            return Recipient(row, canonical_address(cells[self._email_at]), Fields(self._places, cells))
        except (AddressInvalid, RowInvalid) as error:
            raw = shown(record[self._email_at], _RAW_LENGTH) if len(record) > self._email_at else ""
            return Rejected(row, raw, "invalid", error.reason) if "".join(record).strip() else None

    def _cells(self, record: Sequence[str]) -> Sequence[str]:
        text = "".join(record)
        if len(record) == len(self.columns) and len(text) <= self._plain_length and is_sendable(text):
            return record
        if isinstance(record, BrokenRow):
            raise RowInvalid(record.reason)
        return cleaned(self.columns, tolerated(record, len(self.columns)), self.encoding)


def read_rows(chunks: Iterable[bytes], email_column: str = "") -> MailingList:
    """Return the mailing list in the bytes of a CSV file, of which only the beginning is read now.

    UTF-8, UTF-16, Shift_JIS (CP932), EUC-JP or Windows-1252, each also gzipped; cells divided by comma,
    semicolon, tab or pipe; quoting as Python's csv has it when strict, spaces after a delimiter dropped.
    `email_column` names the column of addresses where it is not to be found by its name. Raises ListEmpty for a
    file without a header, ListUnreadable with one sentence for anything that is no mailing list.
    """
    encoding, texts = decoded(chunks)
    pieces = whole_lines(texts)
    first = next(pieces, "")
    header = find_header(lines_of(first), email_column)
    if header is None and not all(map(is_blank, pieces)):
        raise ListUnreadable("The file begins with so many blank lines that no header was found.")
    if header is None:
        raise ListEmpty("The file is empty.")
    return MailingList(Records(first, pieces, header), header, known_as(encoding))
