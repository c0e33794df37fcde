"""Where a text names an address."""

import json

import pytest

from chalicelib.domain.recipient import AddressInvalid
from hato.person.address import what_was_changed
from hato.person.naming import Naming, as_named

TARO = Naming("taro@example.com")


@pytest.mark.parametrize(
    "text",
    [
        "taro@example.com",
        "Taro@Example.COM",
        "Taro Yamada <taro@example.com>",
        "hanako@example.com, taro@example.com",
        '{"email":"taro@example.com"}',
        "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ",
        "Write to taro@example.com.",
        "名前taro@example.com様",
    ],
)
def test_an_address_is_found_in_any_spelling(text: str) -> None:
    assert TARO.named_in(text)
    assert not TARO.named_in(TARO.without(text))
    assert "taro" not in TARO.without(text).lower()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kentaro@example.com",
        "ken.taro@example.com",
        "taro@example.com.au",
        "taro@example.community",
        "taro@example.com-mail.jp",
        "taro+news@example.com",
        "taro at example.com",
    ],
)
def test_a_longer_address_is_somebody_elses(text: str) -> None:
    assert not TARO.named_in(text)
    assert TARO.without(text) == text


def test_what_else_a_text_says_stays() -> None:
    assert TARO.without("hanako@example.com, Taro@example.com (home)") == "hanako@example.com, forgotten (home)"


def test_an_international_domain_is_found_as_people_write_it() -> None:
    naming = Naming("taro@xn--wgv71a.jp")
    assert naming.named_in("Taro@日本.jp")
    assert naming.without("Taro@日本.jp") == "forgotten"
    assert naming.named_in("taro@xn--wgv71a.jp")


@pytest.mark.parametrize("cell", ["see\ntaro@example.com", "see\ttaro@example.com", "<taro@example.com>"])
def test_in_json_an_address_is_found_behind_what_is_written_as_an_escape(cell: str) -> None:
    text = json.dumps({"note": cell}).replace("<", "\\u003c")
    assert TARO.named_in_json(text)
    assert TARO.named_in_any(text, are_json=True)
    assert not TARO.named_in_json(json.dumps({"note": "kentaro@example.com"}))


def test_an_address_that_hato_could_not_write_to_can_be_looked_for_all_the_same() -> None:
    assert as_named("Taro..Y@docomo.ne.jp ") == "taro..y@docomo.ne.jp"
    naming = Naming("taro..y@docomo.ne.jp")
    assert naming.is_it("Taro..Y@docomo.ne.jp")
    assert naming.without("taro..y@docomo.ne.jp") == "forgotten"
    assert as_named("Taro <TARO@example.com>") == "taro@example.com"
    for nobody in ("taro", "", "a@b@c.example", "taro y@example.com", "@example.com"):
        with pytest.raises(AddressInvalid):
            as_named(nobody)


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
def test_an_address_is_found_wherever_the_text_was_cut(size: int) -> None:
    text = "x\n" * 30 + "Taro <taro@example.com>,1\n" + "y\n" * 30
    assert TARO.named_in_any(text[at : at + size] for at in range(0, len(text), size))
    other = text.replace("taro@", "kentaro@")
    assert not TARO.named_in_any(other[at : at + 1000] for at in range(0, len(other), 1000))


@pytest.mark.parametrize(
    ("typed", "email", "words"),
    [
        ("taro@example.com", "taro@example.com", []),
        (" Taro@Example.com ", "taro@example.com", ["spaces around it were dropped", "capitals were made small"]),
        ("Taro <taro@example.com>", "taro@example.com", ["the name was dropped"]),
        ("ｔａｒｏ＠example.com", "taro@example.com", ["full-width letters were made plain"]),
        ("taro@日本.jp", "taro@xn--wgv71a.jp", ["the domain was put into punycode"]),
    ],
)
def test_what_was_done_to_an_address_is_told(typed: str, email: str, words: list[str]) -> None:
    assert [word for word in what_was_changed(typed, email) if word in words] == words
    assert bool(what_was_changed(typed, email)) == (typed != email)
