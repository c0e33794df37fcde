"""Signed report links: one campaign, for a while, with our key."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from chalicelib.domain.token import check_report_link, sign_report_link
from chalicelib.errors import LinkInvalid

KEY = "a key of the tests"
SHA_256 = {"digest_method": hashlib.sha256}


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 10**10), st.integers(1, 10**9))
def test_a_link_shows_its_campaign_until_it_expires(campaign_id: str, now: int, left: int) -> None:
    token = sign_report_link(KEY, campaign_id, now + left)
    check_report_link(KEY, token, campaign_id, now)
    with pytest.raises(LinkInvalid, match="has expired"):
        check_report_link(KEY, token, campaign_id, now + left)


@pytest.mark.parametrize("now", [1000.0, 1000.1, 5000.0])
def test_a_link_has_expired_from_its_last_second_on(now: float) -> None:
    token = sign_report_link(KEY, "c-1", 1000.9)
    check_report_link(KEY, token, "c-1", 999.9)
    with pytest.raises(LinkInvalid, match="has expired"):
        check_report_link(KEY, token, "c-1", now)


def test_a_link_opens_no_other_campaign() -> None:
    token = sign_report_link(KEY, "c-1", 1000)
    with pytest.raises(LinkInvalid, match="not valid"):
        check_report_link(KEY, token, "c-2", 0)


def test_an_expired_link_for_another_campaign_does_not_say_that_it_was_once_good() -> None:
    token = sign_report_link(KEY, "c-1", 1000)
    with pytest.raises(LinkInvalid, match="not valid"):
        check_report_link(KEY, token, "c-2", 2000)


def test_another_key_opens_nothing() -> None:
    token = sign_report_link("another key", "c-1", 1000)
    with pytest.raises(LinkInvalid, match="not valid"):
        check_report_link(KEY, token, "c-1", 0)


@pytest.mark.parametrize("salt", ["another purpose", "itsdangerous"])  # the latter is the library's own
def test_what_was_signed_for_another_purpose_opens_nothing(salt: str) -> None:
    token = str(URLSafeSerializer(KEY, salt=salt, signer_kwargs=SHA_256).dumps(["c-1", 1000]))
    with pytest.raises(LinkInvalid, match="not valid"):
        check_report_link(KEY, token, "c-1", 0)


def test_a_link_with_its_payload_exchanged_opens_nothing() -> None:
    early, late = (sign_report_link(KEY, "c-1", at) for at in (1000, 9000))
    forged = late.rpartition(".")[0] + "." + early.rpartition(".")[2]
    with pytest.raises(LinkInvalid, match="not valid"):
        check_report_link(KEY, forged, "c-1", 0)


@given(st.text())
@pytest.mark.parametrize("before", ["", ".", sign_report_link(KEY, "c-1", 10**9).rpartition(".")[0] + "."])
def test_no_text_at_all_is_anything_but_an_invalid_link(before: str, text: str) -> None:
    with pytest.raises(LinkInvalid, match="not valid"):
        check_report_link(KEY, before + text, "c-1", 0)


def test_a_link_does_not_hold_the_key() -> None:
    assert KEY not in sign_report_link(KEY, "c-1", 1000)
