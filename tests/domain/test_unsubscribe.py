"""The way out: a link that is one address's and one mail's, cannot be made by anybody else, and says nothing."""

import base64
import hashlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import Signer

from chalicelib.domain.unsubscribe import UnsubscribeLinks, Unsubscription
from chalicelib.errors import LinkInvalid

LINKS = UnsubscribeLinks("a key of the tests", "https://pages.example.com/")
TARO = "taro@example.com"
EMAILS = st.from_regex(r"[a-z0-9.+-]{1,64}@[a-z0-9-]{1,60}\.example", fullmatch=True)
MAIL_IDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=100)


@given(EMAILS, MAIL_IDS)
def test_a_link_leads_back_to_its_address_and_its_mail(email: str, mail_id: str) -> None:
    link = LINKS.link(email, mail_id)
    page, _, token = link.rpartition("/")
    assert page == "https://pages.example.com/unsubscribe"
    assert LINKS.read(token) == Unsubscription(email, mail_id)
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_a_mail_that_is_sent_again_carries_the_same_link() -> None:
    again = UnsubscribeLinks("a key of the tests", "https://pages.example.com/")
    assert LINKS.link(TARO, "m-1") == again.link(TARO, "m-1")
    assert len({LINKS.token(email, mail) for email in (TARO, "jiro@example.com") for mail in ("m-1", "m-2")}) == 4


def test_a_header_of_ses_has_room_for_the_longest_link() -> None:
    longest = UnsubscribeLinks("k", "https://" + "a" * 63 + ".execute-api.ap-northeast-1.amazonaws.com/api/")
    link = longest.link("a" * 64 + "@" + "b" * 189, "m" * 190)
    assert len("List-Unsubscribe" + f"<{link}>") <= 996


@given(EMAILS, st.integers(0, 2))
def test_a_token_says_nothing_to_who_reads_it(email: str, skipped: int) -> None:
    token = LINKS.token(email, "m-1")
    sealed = token.partition(".")[0]
    told = token.encode() + base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    local, _, domain = email.partition("@")
    assert domain.encode() not in told
    assert len(local) < 5 or local.encode() not in told


def test_addresses_of_about_one_length_have_tokens_of_one_length() -> None:
    assert len({len(LINKS.token("a" * count + "@example.com", "m-1")) for count in range(1, 15)}) == 1


def test_two_tokens_that_begin_with_the_same_letters_have_nothing_in_common() -> None:
    one, other = (base64.urlsafe_b64decode(LINKS.token(f"taro{n}@example.com", "m-1").partition(".")[0]) for n in "12")
    assert sum(a == b for a, b in zip(one, other, strict=True)) < 8


@given(st.text(max_size=200))
def test_what_is_no_token_is_refused_without_a_hint(text: str) -> None:
    with pytest.raises(LinkInvalid, match=r"^This link is not valid\.$"):
        LINKS.read(text)


@given(st.integers(0), st.sampled_from("ABab01-_."))
def test_a_token_that_was_changed_anywhere_is_refused(at: int, letter: str) -> None:
    token = LINKS.token(TARO, "m-1")
    at %= len(token)
    changed = token[:at] + letter + token[at + 1 :]
    if changed == token:
        return
    with suppress(LinkInvalid):  # but for base64, which leaves some bits of its last letter over
        assert LINKS.read(changed) == Unsubscription(TARO, "m-1")


def test_a_token_of_another_stage_is_refused() -> None:
    with pytest.raises(LinkInvalid):
        UnsubscribeLinks("another key").read(LINKS.token(TARO, "m-1"))


@pytest.mark.parametrize("cut", [1, 10, 60])
def test_a_token_that_was_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(LinkInvalid):
        LINKS.read(LINKS.token(TARO, "m-1")[:-cut])


def test_tokens_are_signed_as_itsdangerous_signs_them_so_links_in_old_mails_stay_valid() -> None:
    token = LINKS.token("taro@example.com", "spring")
    signer = Signer(
        "a key of the tests", salt="hato unsubscribe link", key_derivation="hmac", digest_method=hashlib.sha256
    )
    assert signer.sign(token.rpartition(".")[0]).decode() == token
