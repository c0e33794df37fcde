"""What counts as the same address, and what is none."""

import re

import pytest
from email_validator import validate_email
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.recipient import (
    SHARDS,
    AddressInvalid,
    canonical_address,
    plain_addresses,
    shard_of,
    shard_tag,
    shorten,
)

PIECES = ["taro", "example", ".com", "@example.co.jp", "xn--", ".test", ".invalid", "a" * 40, "日本.jp"]

# Texts made of the pieces that addresses are made of, so that many are addresses, or nearly.
ADDRESS_LIKE = st.lists(
    st.sampled_from([*"abzAZ09.-_+@@\"<> ,;:'()[]\\＠．。ａＺ０²é日\u3000\u200b\ufeff\ud800\x00\n", *PIECES]),
    max_size=12,
).map("".join)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("taro@example.com", "taro@example.com"),
        ("Taro.Yamada+News@Example.CO.JP", "taro.yamada+news@example.co.jp"),
        ("  taro@example.com\r\n", "taro@example.com"),
        ("\u3000taro@example.com\u3000", "taro@example.com"),
        ("\ufefftaro@example.com\u200b", "taro@example.com"),
        ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "taro@example.com"),
        ("山田 太郎 <taro@example.jp>", "taro@example.jp"),
        ('"Yamada, Taro" <taro@example.jp>', "taro@example.jp"),
        ("Taro@Example.jp <taro@example.jp>", "taro@example.jp"),
        ("山田＜taro@example.jp＞", "taro@example.jp"),
        ("taro@日本語.jp", "taro@xn--wgv71a119e.jp"),
        ("taro@xn--wgv71a119e.JP", "taro@xn--wgv71a119e.jp"),
        ("taro@example。jp", "taro@example.jp"),
        ('"taro.y"@example.com', "taro.y@example.com"),
        ("o'brien@example.ie", "o'brien@example.ie"),
        ("taro@mail.test", "taro@mail.test"),
        ("a@b.c", "a@b.c"),
        ("a" * 64 + "@example.com", "a" * 64 + "@example.com"),
    ],
)
def test_the_same_mailbox_has_one_canonical_address(text: str, canonical: str) -> None:
    assert canonical_address(text) == canonical


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no address"),
        (" \u3000 ", "no address"),
        ("taro", "no @"),
        ("@example.com", "nothing before"),
        ("taro@", "nothing after"),
        ("taro@example", "no dot"),
        ("a@example.com; b@example.com", "more than one @"),
        ("a@example.com <b@example.com>", "more than one @"),
        ("ta ro@example.com", "space"),
        ("taro@exa mple.com", "space"),
        ("tarō@example.com", "not ASCII"),
        ("taro²@example.com", "not ASCII"),
        ("taro..y@phone.example.jp", "dot"),
        ("taro.@phone.example.jp", "dot"),
        ('"taro..y"@phone.example.jp', "quotes"),
        ("ta(ro@example.com", "character"),
        ("taro@-example.com", "not a domain name"),
        ("taro@example..com", "not a domain name"),
        ("taro@[192.0.2.1]", "not a domain name"),
        ("taro@example.invalid", "reserved"),
        ("a" * 65 + "@example.com", "64"),
        ("a@" + "b" * 50 + ("." + "c" * 50) * 4 + ".com", "254"),
        ("x" * 1001, "too long"),
    ],
)
def test_what_is_no_address_says_why_without_repeating_it(text: str, reason: str) -> None:
    with pytest.raises(AddressInvalid) as caught:
        canonical_address(text)
    assert reason in caught.value.reason
    assert not text.strip() or text not in caught.value.reason


def canonical_or_none(text: str) -> str | None:
    try:
        return canonical_address(text)
    except AddressInvalid:
        return None


@given(st.one_of(st.text(), ADDRESS_LIKE, st.emails()))
def test_any_text_is_canonical_after_one_pass_or_invalid(text: str) -> None:
    once = canonical_or_none(text)
    if once is not None:
        assert canonical_address(once) == once
        assert once.isascii()
        assert once == once.lower()
        assert len(once) <= 254
        assert len(once.rpartition("@")[0]) <= 64


@given(st.one_of(ADDRESS_LIKE, st.emails()))
def test_the_fast_path_and_the_library_agree(text: str) -> None:
    if plain_addresses([text])[0]:
        judged = validate_email(text, check_deliverability=False, test_environment=True)
        assert judged.ascii_email is not None
        assert judged.ascii_email.lower() == canonical_address(text)


@given(st.lists(st.one_of(ADDRESS_LIKE, st.emails()), min_size=1, max_size=6))
def test_all_at_once_are_what_each_is_alone(texts: list[str]) -> None:
    assert len(plain_addresses(texts)) == len(texts)
    for text, plain in zip(texts, plain_addresses(texts), strict=True):
        assert plain == plain_addresses([text])[0]
        assert not plain or plain == canonical_address(text)


# Where Hato judges otherwise than the library's own tests do, each for a reason in docs/lists.md.
@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("taro@news.test", "taro@news.test"),
        ("<taro@example.jp>", "taro@example.jp"),
        ("Taro Y. <taro@example.jp>", "taro@example.jp"),
        ("hanako@example.jp\n", "hanako@example.jp"),
        ("\nhanako@example.jp", "hanako@example.jp"),
        ('"taro yamada"@example.jp', None),
        ('"taro\\"y"@example.jp', None),
        ('"taro@home"@example.jp', None),
        ('Taro <"taro y"@example.jp>', None),
        ("太郎@example.jp", None),
        ("жук@пример.рф", None),
        ('"λ"@example.jp', None),
        ("ta\u1fefro@example.jp", None),
        ("\uff20@example.jp", None),
    ],
)
def test_the_exceptions_are_those_that_the_docs_list(text: str, canonical: str | None) -> None:
    assert canonical_or_none(text) == canonical


@pytest.mark.parametrize(
    ("address", "short"),
    [
        ("taro@example.com", "t***@example.com"),
        ("t@example.com", "***@example.com"),
        ("no address at all", "***"),
        ("", "***"),
        ("taro@example.com\nforged log line", "t***@example.com"),
        ("日本@example.com", "***@example.com"),
    ],
)
def test_a_log_shows_a_shortened_address(address: str, short: str) -> None:
    assert shorten(address) == short


@given(st.one_of(st.text(), ADDRESS_LIKE))
def test_any_text_is_shortened_to_one_harmless_line(text: str) -> None:
    assert re.fullmatch(r"(?:[A-Za-z0-9]?\*\*\*@[A-Za-z0-9.-]*|\*\*\*)", shorten(text))


def test_a_shard_never_changes_and_all_are_used() -> None:
    assert [shard_of(f"user{n}@example.com") for n in range(4)] == [3, 6, 8, 13]
    shards = [shard_of(f"user{n}@example.com") for n in range(3200)]
    assert set(shards) == set(range(SHARDS))
    assert max(map(shards.count, range(SHARDS))) < 150


def test_a_shard_is_written_with_two_digits() -> None:
    assert [shard_tag(0), shard_tag(7), shard_tag(31)] == ["00", "07", "31"]
