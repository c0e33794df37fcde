"""Ids as SES tag values."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.tag import from_tag, to_tag

IDS = st.text(st.characters(exclude_categories=["Cs"])) | st.text("xX-_09aé", max_size=9).map("x--".__add__)


@given(IDS)
def test_any_id_comes_back_from_its_tag(value: str) -> None:
    assert from_tag(to_tag(value)) == value


@given(IDS | st.text("鳩", max_size=42))
def test_a_tag_holds_nothing_but_what_ses_takes(value: str) -> None:
    while len(value.encode()) > 128:
        value = value[:-1]
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,256}", to_tag(value))


@given(st.text("abcXYZ019_-", min_size=1, max_size=256).filter(lambda value: not value.startswith("x--")))
def test_an_id_that_ses_takes_is_its_own_tag(value: str) -> None:
    assert to_tag(value) == value


@given(st.lists(IDS, unique=True))
def test_no_two_ids_share_a_tag(values: list[str]) -> None:
    assert len({to_tag(value) for value in values}) == len(values)


@pytest.mark.parametrize("value", ["", "五月", "a b", "a.b", "a\n", "x--YQ", "a" * 257])
def test_an_id_that_ses_does_not_take_as_it_is_is_encoded(value: str) -> None:
    assert to_tag(value).startswith("x--")
    assert from_tag(to_tag(value)) == value


@given(st.text() | st.text().map("x--".__add__) | st.text("YQ=-_!A", max_size=6).map("x--".__add__))
def test_a_tag_that_we_did_not_make_is_left_as_it_is(tag: str) -> None:
    assert from_tag(tag) == tag or to_tag(from_tag(tag)) == tag


@pytest.mark.parametrize("tag", ["x--YQ", "x--!!!!", "x--A", "x--gA", "x--é", "x--5LqU=", "x--5LqU!"])
def test_a_tag_that_only_looks_like_ours_is_left_as_it_is(tag: str) -> None:
    assert from_tag(tag) == tag
