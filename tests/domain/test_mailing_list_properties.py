"""What holds for every list, whatever its bytes: nothing is lost, and nothing depends on how it was cut."""

import csv
import gzip
import io
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.mailing_list import read_rows
from chalicelib.domain.recipient import Recipient
from chalicelib.errors import ListEmpty, ListUnreadable


def result(chunks: Iterable[bytes]) -> object:
    try:
        mailing_list = read_rows(chunks)
        return mailing_list.columns, list(mailing_list)
    except (ListUnreadable, ListEmpty) as error:
        return repr(error)


CELL = st.lists(st.sampled_from([*'ab@.,;|"\t\n\r é山　\x00\x01', "a@example.com", "ｂ＠example.jp"]), max_size=3).map(
    "".join
)
TEXT = st.lists(
    st.sampled_from([*'ab,;"\n\r\t|', "email,name\n", "a@example.com,", "山田", "\n", "\r\n"]), max_size=30
).map("".join)
ENCODED = st.builds(str.encode, TEXT, st.sampled_from(["utf-8", "cp932", "euc_jp", "utf-16", "utf-16-le"]))
BYTES = st.builds(lambda a, b, c: a + b + c, st.sampled_from([b"", b"email\n", b"email,name\n"]), ENCODED, st.binary())


@given(BYTES, st.lists(st.integers(1, 40), max_size=20), st.booleans())
def test_it_does_not_matter_how_the_bytes_were_cut(data: bytes, sizes: list[int], packed: bool) -> None:
    data = gzip.compress(data, mtime=0) if packed else data
    chunks, rest = [], data
    for size in sizes:
        chunks.append(rest[:size])
        rest = rest[size:]
    assert result([*chunks, rest]) == result([data])


@given(st.lists(st.lists(CELL, min_size=1, max_size=4), max_size=8), st.sampled_from([",", ";", "\t", "|"]))
def test_every_row_that_was_written_comes_out_once(table: list[list[str]], delimiter: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows([["email", "name"], *table])
    data = text.getvalue().encode("utf-16")  # the only encoding in which a cell may hold NUL
    expected = [number for number, cells in enumerate(table, 2) if "".join(cells).strip()]
    found = result([data])
    assert ([row.row for row in found[1]] if isinstance(found, tuple) else []) == expected
    assert isinstance(found, tuple) or "header and no rows" in str(found)


@given(st.text(st.characters(exclude_characters='"\0\x1b')).map(lambda text: f"email\n{text}"))
def test_without_quotation_marks_every_line_that_is_not_blank_is_a_row(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[1:]
    found = result([text.encode("utf-8", "surrogatepass")])
    if isinstance(found, tuple):
        assert [row.row for row in found[1]] == [n for n, line in enumerate(lines, 2) if line.replace(",", "").strip()]


UNQUOTED = st.sampled_from(["x", " y", "  ", "", "山田", "a b ", "\u3000", "é", "\t"])


@given(st.lists(st.lists(UNQUOTED, min_size=1, max_size=4), min_size=1, max_size=8), st.booleans())
def test_what_is_split_is_what_csv_reads(table: list[list[str]], is_quoted: bool) -> None:
    lines = [f"{number}@example.com,{','.join(cells)}" for number, cells in enumerate(table)]
    lines += ['"end@example.com",x,y' if is_quoted else "end@example.com,x,y"]
    found = list(read_rows(["\r\n".join(["email,b,c", *lines]).encode()]))
    records = list(csv.reader(lines, skipinitialspace=True))
    assert [row.row for row in found] == list(range(2, len(lines) + 2))
    for row, cells in zip(found, records, strict=True):
        if isinstance(row, Recipient):
            assert list(row.fields.values()) == cells[:3]
            assert "".join(cells[3:]).strip() == ""
        else:
            assert len(cells) != 3
