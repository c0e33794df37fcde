"""Which encoding a list is in: told from little, and refused where a name would get wrong letters."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.encoding import SAMPLE, choose_encoding, known_as
from chalicelib.domain.mailing_list import read_rows
from chalicelib.domain.recipient import Recipient
from chalicelib.errors import ListUnreadable

JAPANESE = [
    "山田",
    "佐藤 花子",
    "田中　一郎",
    "髙橋",
    "齋藤 慶",
    "林",
    "やまだ",
    "ヤマダ",
    "表 能登",
    "東京都新宿区西新宿2-8-1",
    "株式会社はと",
    "A棟301号室 森",
    "NTT東日本",
    "Tシャツ",
    "ﾔﾏﾀﾞ ﾀﾛｳ",
    "ｽｽﾞｷ",
    "ｶﾅ",
]
WESTERN = [
    "é",
    "André",
    "José Muñoz",
    "Müller & Söhne",
    "Jürgen Groß",
    "Søren Bjørnæs",
    "Åse Ångström",
    "François Lefèvre",
    "João Conceição",
    "Zoë Kräuter",
    "Citroën",
    "CAFÉ À LA CRÈME",
    "CRÉÉE",
    "O’Brien – Galway",
    "“Bob”",
    "10 €",
    "¿Él?",
    "«Été»",
    "Nº 3",
    "Straße 5 ½",
    "Guðrún Jónsdóttir",
]


def a_list(name: str, encoding: str) -> bytes:
    return f"email,name\r\na@example.com,{name}\r\nb@example.com,Bob\r\n".encode(encoding)


@pytest.mark.parametrize("name", JAPANESE)
def test_one_japanese_name_tells_shift_jis(name: str) -> None:
    assert choose_encoding(a_list(name, "cp932")) == "cp932"


@pytest.mark.parametrize("name", [name for name in JAPANESE if "髙" not in name])
def test_one_japanese_name_tells_euc_jp(name: str) -> None:
    assert choose_encoding(a_list(name, "euc_jp")) == "euc_jp"


@pytest.mark.parametrize("name", WESTERN)
def test_one_western_european_name_tells_the_encoding(name: str) -> None:
    assert choose_encoding(a_list(name, "cp1252")) == "cp1252"


@pytest.mark.parametrize(
    ("names", "encoding"), [(JAPANESE[:3] + JAPANESE[4:], "euc_jp"), (JAPANESE, "cp932"), (WESTERN, "cp1252")]
)
def test_all_names_together_are_read_letter_by_letter(names: list[str], encoding: str) -> None:
    text = "email,name\n" + "".join(f'{number}@example.com,"{name}"\n' for number, name in enumerate(names))
    rows = list(read_rows([text.encode(encoding)]))
    assert [row.fields["name"] for row in rows if isinstance(row, Recipient)] == names


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_needs_no_mark(encoding: str) -> None:
    assert choose_encoding(a_list("山田", encoding)) == encoding


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1250", "Dvořák"),
        ("cp1250", "Wałęsa"),
        ("iso8859_2", "Łódź"),
        ("cp1254", "Ayşe Öztürk"),
        ("cp1254", "Erdoğan"),
        ("cp1257", "Jānis Bērziņš"),
        ("cp1251", "Иван"),
        ("koi8_r", "Иван Петров"),
        ("cp1253", "Γιώργος"),
        ("gb18030", "王小明"),
        ("big5", "王小明"),
        ("euc_kr", "김철수"),
        ("cp1255", "שלום"),
        ("cp437", "André"),
        ("cp850", "Señor Muñoz"),
        ("mac_roman", "José Muñoz"),
        ("mac_roman", "Müller"),
        ("iso8859_15", "10 €"),
    ],
)
def test_a_name_that_would_get_wrong_letters_is_refused(encoding: str, name: str) -> None:
    with pytest.raises(ListUnreadable, match=r"which encoding it is in cannot be told: see byte 0x.* line 2"):
        choose_encoding(a_list(name, encoding))


@pytest.mark.parametrize("encoding", ["koi8_r", "mac_cyrillic", "iso8859_5"])
def test_a_long_text_is_not_taken_for_another_encoding_of_its_language(encoding: str) -> None:
    text = "Иванов Сергей, Москва, улица Ленина дом\nПетрова Анна, Санкт-Петербург, Невский проспект\n" * 5
    with pytest.raises(ListUnreadable):
        choose_encoding(a_list(text, encoding))


def test_a_long_text_in_another_encoding_is_known_to_the_library() -> None:
    text = "Иванов Сергей, Москва, улица Ленина дом\nПетрова Анна, Санкт-Петербург, Невский проспект\n" * 5
    assert known_as(choose_encoding(a_list(text, "cp1251"))) == "Windows-1251"


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-8", "utf-16"])
def test_the_sample_may_end_in_a_character(encoding: str) -> None:
    data = a_list("山田花子" * SAMPLE, encoding)
    chosen = {choose_encoding(data[: SAMPLE + cut]) for cut in range(4)}
    assert {known_as(each) for each in chosen} == {known_as(choose_encoding(a_list("山田", encoding)))}


def test_a_sign_at_the_end_of_a_file_is_no_half_of_a_japanese_letter() -> None:
    assert choose_encoding(b"email,name\na@example.com,\xa9") == "cp1252"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp"])
def test_a_list_says_its_encoding_by_the_name_that_people_know(encoding: str) -> None:
    names = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp932": "Shift_JIS", "euc_jp": "EUC-JP"}
    assert read_rows([a_list("山田", encoding)]).encoding == names[encoding]


@given(st.binary(max_size=60))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        codec = choose_encoding(b"email\n" + data)
    except ListUnreadable:
        return
    assert (b"email\n" + data).decode(codec, "surrogateescape" if "16" not in codec else "surrogatepass") is not None


def test_usual_lists_do_not_load_the_library() -> None:
    script = (
        "import sys; from chalicelib.domain.mailing_list import read_rows\n"
        "for name, codec in (('山田', 'utf-8'), ('山田', 'cp932'), ('山田', 'euc_jp'), ('André', 'cp1252')):\n"
        "    list(read_rows([f'email,name\\na@example.com,{name}\\n'.encode(codec)]))\n"
        "assert 'charset_normalizer' not in sys.modules and 'email_validator' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
