"""Signed links: one campaign or all, for a while, with our key."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from chalicelib.domain.grant import DASHBOARD, Grant, read, sign
from chalicelib.errors import LinkExpired, LinkInvalid

KEY = "a key of the tests"
SHA_256 = {"digest_method": hashlib.sha256}
INVALID = "^This link is not valid.$"

grants = st.builds(
    Grant,
    subject=st.text(st.characters(exclude_categories=["Cs"])),
    expires_at=st.integers(0, 10**10),
    addresses=st.booleans(),
)


@given(grants)
def test_a_token_says_what_was_signed_until_it_expires(grant: Grant) -> None:
    token = sign(KEY, grant)
    assert read(KEY, token, grant.expires_at - 1) == grant
    for now in (grant.expires_at, grant.expires_at + 0.1, grant.expires_at + 5000):
        with pytest.raises(LinkExpired, match="has expired"):
            read(KEY, token, now)


def test_a_campaigns_link_shows_no_other_campaign_and_not_the_dashboard() -> None:
    grant = Grant("c-1", 1000)
    assert [grant.allows(each) for each in ("c-1", "c-2", "c-", "", DASHBOARD)] == [True, False, False, False, False]


def test_the_dashboards_link_shows_every_campaign() -> None:
    grant = Grant(DASHBOARD, 1000)
    assert all(map(grant.allows, ("c-1", "c-2", DASHBOARD)))


@pytest.mark.parametrize("addresses", [False, True])
def test_what_the_dashboard_allows_of_one_campaign_is_never_more(addresses: bool) -> None:
    assert Grant(DASHBOARD, 1000, addresses).for_campaign("c-1") == Grant("c-1", 1000, addresses)


@pytest.mark.parametrize("now", [0, 2000])
def test_a_link_for_something_else_does_not_say_whether_it_was_ever_good(now: int) -> None:
    with pytest.raises(LinkInvalid, match=INVALID):
        read(KEY, sign(KEY, Grant("c-1", 1000)), now, "c-2")


def test_a_link_for_the_right_thing_says_that_it_has_expired() -> None:
    for subject in ("c-1", DASHBOARD):
        with pytest.raises(LinkExpired):
            read(KEY, sign(KEY, Grant(subject, 1000)), 1000, "c-1")


def test_another_key_opens_nothing() -> None:
    with pytest.raises(LinkInvalid, match=INVALID):
        read(KEY, sign("another key", Grant("c-1", 1000)), 0)


@pytest.mark.parametrize("salt", ["another purpose", "itsdangerous", "hato report link"])
def test_what_was_signed_for_another_purpose_opens_nothing(salt: str) -> None:
    token = str(URLSafeSerializer(KEY, salt=salt, signer_kwargs=SHA_256).dumps(["c-1", 1000, 0]))
    with pytest.raises(LinkInvalid, match=INVALID):
        read(KEY, token, 0)


@pytest.mark.parametrize(
    "better", [Grant("c-1", 9000), Grant("c-2", 1000), Grant(DASHBOARD, 1000), Grant("c-1", 1000, addresses=True)]
)
def test_a_token_with_its_payload_exchanged_opens_nothing(better: Grant) -> None:
    signature = sign(KEY, Grant("c-1", 1000)).rpartition(".")[2]
    forged = f"{sign('another key', better).rpartition('.')[0]}.{signature}"
    with pytest.raises(LinkInvalid, match=INVALID):
        read(KEY, forged, 0)


@given(st.text())
@pytest.mark.parametrize("before", ["", ".", sign(KEY, Grant("c-1", 10**9)).rpartition(".")[0] + "."])
def test_no_text_at_all_is_anything_but_an_invalid_link(before: str, text: str) -> None:
    with pytest.raises(LinkInvalid, match=INVALID):
        read(KEY, before + text, 0)


def test_every_letter_of_a_token_counts() -> None:
    token = sign(KEY, Grant("c-1", 1000))
    for place in range(len(token) - 1):  # the last letter of the signature holds bits that say nothing
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(LinkInvalid, match=INVALID):
            read(KEY, f"{token[:place]}{other}{token[place + 1 :]}", 0)


def test_a_token_does_not_hold_the_key() -> None:
    assert KEY not in sign(KEY, Grant("c-1", 1000))
