"""Every row of a list comes out once, whatever the file looks like; what cannot be read says so."""

import csv
import gzip
import io

import pytest

from chalicelib.domain.mailing_list import Rejected, read_rows
from chalicelib.domain.recipient import Recipient
from chalicelib.errors import ListEmpty, ListUnreadable

JAPANESE = "メールアドレス,氏名,住所\r\nhanako@example.jp,表　花子,ソウル能登\r\njiro@example.jp,林 次郎,東京\r\n"


def rows(data: bytes | str) -> list[Recipient | Rejected]:
    return list(read_rows([data.encode() if isinstance(data, str) else data]))


def rejected(data: bytes | str) -> list[tuple[int, str, str]]:
    return [(row.row, row.reason_code, row.reason) for row in rows(data) if isinstance(row, Rejected)]


def refusal(data: bytes | str) -> str:
    with pytest.raises(ListUnreadable) as caught:
        rows(data)
    return str(caught.value)


def test_rows_have_the_numbers_of_a_spreadsheet_and_blank_rows_count_only_for_those() -> None:
    found = rows('email,note\na@example.com,"two\nlines"\n\n , \nb@example.com,x\n')
    assert found == [
        Recipient(2, "a@example.com", {"email": "a@example.com", "note": "two\nlines"}),
        Recipient(5, "b@example.com", {"email": "b@example.com", "note": "x"}),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_japanese_lists_are_read_in_every_usual_encoding(encoding: str, pack: type[bytes]) -> None:
    mailing_list = read_rows([pack(JAPANESE.encode(encoding))])
    assert mailing_list.columns == ("メールアドレス", "氏名", "住所")
    assert mailing_list.email_column == "メールアドレス"
    assert [row.fields["氏名"] for row in mailing_list if isinstance(row, Recipient)] == ["表　花子", "林 次郎"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiter_and_newline_are_found_out(delimiter: str, newline: str) -> None:
    lines = ["first name,E-mail", "Taro,a@example.com", "Jiro,b@example.com"]
    mailing_list = read_rows([newline.join(lines).replace(",", delimiter).encode()])
    assert mailing_list.columns == ("first name", "E-mail")
    assert [row.row for row in mailing_list] == [2, 3]


@pytest.mark.parametrize("name", ["EMAIL", " e-mail ", "Mail Address", "ｅｍａｉｌ", "ﾒｰﾙｱﾄﾞﾚｽ", "Ｅメール"])
def test_the_email_column_is_known_by_many_names(name: str) -> None:
    assert [row.row for row in rows(f"id,{name}\n1,a@example.com\n")] == [2]


def test_columns_without_a_name_and_with_the_same_name_get_one() -> None:
    columns = read_rows([b"email,name,,name,name_2,,\n"]).columns
    assert columns == ("email", "name", "column_3", "name_3", "name_2")


def test_each_bad_row_is_rejected_alone_with_its_reason() -> None:
    data = (
        "email,name\na@example.com,A\nA@Example.com ,again\nnobody,B\n,C\nc@example.com\n"
        'd@example.com,D,,\ne@example.com,E,x\nf@example.com,"F" f\ng@example.com,G\n'
    )
    found = rows(data)
    assert [row.row for row in found] == list(range(2, 11))
    assert [row.row for row in found if isinstance(row, Recipient)] == [2, 7, 10]
    assert rejected(data) == [
        (3, "duplicate", "An earlier row has the same address."),
        (4, "invalid", "There is no @ in the address."),
        (5, "invalid", "There is no address."),
        (6, "invalid", "The row has 1 cell where the header has 2."),
        (8, "invalid", "The row has 3 cells where the header has 2."),
        (9, "invalid", "The row has text after a closing quotation mark."),
    ]
    assert [row.raw_email for row in found if isinstance(row, Rejected)][-1] == "f@example.com"


def test_a_broken_character_costs_only_its_own_row() -> None:
    data = (
        "email,name\na@example.com,山田\nb@example.com,鈴木\n".encode() + b"c@example.com,\xe5\xb1\nd@example.com,D\n"
    )
    assert rejected(data) == [(4, "invalid", "The row has bytes that are not UTF-8 text.")]
    assert len(rows(data)) == 4


def test_what_sqs_refuses_is_removed_and_line_ends_are_made_plain() -> None:
    (row,) = rows('email,note\n"a@example.com","x\x01\x7f\x85y\ufffe\tz\r\nw"\n')
    assert isinstance(row, Recipient)
    assert row.fields["note"] == "xy\tz\nw"


def test_a_row_too_large_for_a_message_is_rejected() -> None:
    data = f"email,note\na@example.com,{'x' * 33_000}\nb@example.com,{'あ' * 6_000}\nc@example.com,{'あ' * 5_000}\n"
    assert [(row, reason[:12]) for row, _, reason in rejected(data)] == [(2, "The row take"), (3, "The row take")]


def test_a_cell_beyond_the_limit_of_csv_is_rejected_alone() -> None:
    data = f"email,note\na@example.com,{'x' * 200_000}\nb@example.com,B\n"
    assert rejected(data) == [(2, "invalid", "The row has a cell of more than 131,072 characters.")]


@pytest.mark.parametrize("rest", ["b@example.com,B\n" * 3, "b@example.com,B\n" * 30_000, 'b@example.com,"B"\n'])
def test_an_unclosed_quotation_mark_swallows_no_row(rest: str) -> None:
    assert "Row 3 (line 3 of the file) has a quotation mark" in refusal(
        'email,name\na@example.com,A\nx@example.com,"X\n' + rest
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'"name","city"\nTaro,Tokyo\n', "row 1 names name, city;"),
        (b"email,name,e-mail\n", "2 email columns (email, e-mail)"),
        (b"a@example.com\nb@example.com\n", "Row 1 holds an address"),
        (b"Taro,a@example.com\n", "Row 1 holds an address"),
        (b"PK\x03\x04\x14\0\x06\0[Content_Types].xml", "Excel workbook"),
        (b"PK\x03\x04\x14\0\x06\0a.txt", "zip archive"),
        (b"%PDF-1.7\n", "PDF"),
        (b"email\na@example.com\0\n", "NUL bytes"),
        ("email,name\na@example.com,Wałęsa\n".encode("cp1250"), "byte 0xB3 at offset 27, line 2"),
        ("メール,氏名\r\na@example.jp,山田\r\n".encode("iso2022_jp"), "ISO-2022-JP"),
        (gzip.compress(b"email\na@example.com\n", mtime=0)[:-9], "cut short"),
        (b"\x1f\x8b\x08\0damaged for certain", "damaged gzip"),
        ("email\na@example.com\n".encode("utf-16")[:-1], "middle of a character"),
        (b'email,"name\n', "The header in row 1 has a quotation mark"),
        (b"\n" * 300_000 + b"email\n", "so many blank lines"),
        (b"email\n" + b"a" * 1_100_000, "more than 1,048,576 characters"),
    ],
)
def test_what_is_no_mailing_list_is_refused_by_saying_what_was_found(data: bytes, said: str) -> None:
    assert said in refusal(data)


@pytest.mark.parametrize("data", [b"", b"\n\r\n , \n", b"email,name\n", b"email\n\n \n", gzip.compress(b"", mtime=0)])
def test_a_list_without_rows_is_empty(data: bytes) -> None:
    with pytest.raises(ListEmpty):
        rows(data)


def test_a_list_cannot_be_read_twice_by_mistake() -> None:
    mailing_list = read_rows([b"email\na@example.com\n"])
    assert len(list(mailing_list)) == 1
    with pytest.raises(RuntimeError):
        list(mailing_list)


def test_gzip_members_one_after_another_are_one_list() -> None:
    packed = gzip.compress(b"email\na@exam") + gzip.compress(b"ple.com\nb@example.com\n") + b"\0" * 9
    assert [row.row for row in rows(packed)] == [2, 3]


@pytest.mark.parametrize(
    "named", ["連絡先", " 連絡先 ", "Contact Address", "ＣＯＮＴＡＣＴ　ａｄｄｒｅｓｓ", "contact_address"]
)
def test_the_column_of_addresses_may_be_named(named: str) -> None:
    name = "連絡先" if "連" in named else "contact address"
    mailing_list = read_rows([f"email,{name}\nx,a@example.com\n".encode()], named)
    assert (mailing_list.email_column, mailing_list.columns) == (name, ("email", name))
    assert [row.email for row in mailing_list if isinstance(row, Recipient)] == ["a@example.com"]


@pytest.mark.parametrize(
    ("named", "email"), [("email", "a@example.com"), ("e-mail", "b@example.com"), ("MAIL", "c@example.com")]
)
def test_the_name_decides_between_columns_that_look_the_same(named: str, email: str) -> None:
    data = b"email,e-mail,mail\na@example.com,b@example.com,c@example.com\n"
    assert [row.email for row in read_rows([data], named) if isinstance(row, Recipient)] == [email]


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("address", "no column named address: row 1 names email, e-mail, name."),
        ("E Mail", "2 columns named E Mail: row 1 names"),
    ],
)
def test_a_name_that_says_no_column_is_refused_with_those_there_are(named: str, said: str) -> None:
    with pytest.raises(ListUnreadable, match=said):
        read_rows([b"email,e-mail,name\n"], named)


def test_a_list_says_how_it_was_read() -> None:
    mailing_list = read_rows([b"name;E-Mail\nBob;Bob@Example.com\n"])
    assert (mailing_list.delimiter, mailing_list.encoding, mailing_list.email_column) == (";", "UTF-8", "E-Mail")
    (row,) = mailing_list
    assert isinstance(row, Recipient)
    assert (row.fields["E-Mail"], row.email) == ("Bob@Example.com", "bob@example.com")


def test_a_long_list_with_something_odd_in_each_part_is_read_as_csv_reads_it() -> None:
    lines = [f"{n}@example.com,名 {n}" for n in range(20_000)]
    odd = ['"5@example.com","two\nlines"', "nobody,x", "", "1@EXAMPLE.com,again", " 7@x.example.com, spaced", "a@b,c,d"]
    for at, line in enumerate(odd):
        lines.insert(2_500 * (at + 1), line)
    found = rows("email,name\n" + "\n".join(lines))
    records = list(csv.reader(io.StringIO("\n".join(lines)), skipinitialspace=True))
    assert [row.row for row in found] == [number for number, cells in enumerate(records, 2) if cells]
    cells = {row.row: list(row.fields.values()) for row in found if isinstance(row, Recipient)}
    assert all(cells[number] == records[number - 2] for number in cells)
    assert len(found) - len(cells) == 4


def test_fields_are_read_only_and_equal_to_a_dict() -> None:
    (row,) = rows("email,name\na@example.com,A\n")
    assert isinstance(row, Recipient)
    assert dict(row.fields) == row.fields == {"name": "A", "email": "a@example.com"}
    assert (len(row.fields), "name" in row.fields, row.fields.get("x")) == (2, True, None)
    assert repr(row.fields) == "{'email': 'a@example.com', 'name': 'A'}"
