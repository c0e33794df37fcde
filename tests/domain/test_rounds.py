"""A campaign's later rounds: the executions that they are, and what those are told."""

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.campaign import Upload, check_input, execution_name, round_input

LONGEST = 80  # an execution's name may have no more characters
ROUNDS = st.integers(1, 12) | st.integers(1, 10**6)
# As uploads make them: never with an ending that is a round's.
IDS = st.builds(
    lambda name, number: f"{name}-{number:016x}", st.from_regex(r"[a-z][a-z0-9]{0,62}", fullmatch=True), ROUNDS
)


def test_the_first_round_has_the_campaigns_own_name() -> None:
    assert execution_name("may-list-0123456789abcdef", 1) == "may-list-0123456789abcdef"


def test_a_later_round_says_which_it_is() -> None:
    assert execution_name("may-list-0123456789abcdef", 2) == "may-list-0123456789abcdef-r2"
    assert execution_name("may-list-0123456789abcdef", 13) == "may-list-0123456789abcdef-r13"


@pytest.mark.parametrize("length", [76, 77, 78, LONGEST])
@pytest.mark.parametrize("number", [2, 9, 10, 1000])
def test_the_name_of_a_round_is_never_too_long_and_begins_as_the_campaigns(length: int, number: int) -> None:
    name = execution_name("a" * length, number)
    assert len(name) <= LONGEST
    assert re.fullmatch(rf"a{{50,}}(-[0-9a-f]{{16}})?-r{number}", name)


def test_a_name_is_shortened_only_where_it_must_be() -> None:
    assert execution_name("a" * 77, 2) == "a" * 77 + "-r2"
    assert execution_name("a" * 78, 2) != "a" * 78 + "-r2"


@given(st.lists(st.tuples(IDS, ROUNDS), unique=True, max_size=20))
def test_no_two_rounds_have_the_same_name(rounds: list[tuple[str, int]]) -> None:
    names = {execution_name(campaign_id, number) for campaign_id, number in rounds}
    assert len(names) == len(rounds)
    assert all(re.fullmatch(r"[a-z0-9-]+", name) and len(name) <= LONGEST for name in names)


def test_long_ids_that_differ_only_at_their_end_have_rounds_of_their_own() -> None:
    ids = ["a" * (LONGEST - 1) + end for end in "abc"]
    names = {execution_name(campaign_id, number) for campaign_id, number in product(ids, range(1, 30))}
    assert len(names) == 3 * 29


@pytest.mark.parametrize(
    ("source", "file_name"),
    [
        ("s3://uploads/lists/m/a.csv", "lists/m/a.csv"),
        ("s3://uploads/lists/五月/2026/名簿 1.csv", "lists/五月/2026/名簿 1.csv"),
        ("s3://uploads/lists//m//a.csv", "lists//m//a.csv"),
        ("s3://uploads/broadcasts/news.txt", "broadcasts/news.txt"),
        ("lists/m/a.csv", "lists/m/a.csv"),  # started by hand
    ],
)
def test_a_later_round_is_told_the_list_the_mail_and_whose_it_is(source: str, file_name: str) -> None:
    document = round_input("c-1", 3, {"source": source, "mail_id": "m", "status": "stopped", "batches": 7})
    assert document == {"file_name": file_name, "mail_id": "m", "campaign": {"id": "c-1", "round": 3}}
    assert check_input(document) == (file_name, "m")


def test_a_later_round_reads_the_version_of_the_list_that_was_uploaded() -> None:
    upload = Upload("uploads", "lists/m/a.csv", "v1")
    summary = {"source": f"s3://{upload.bucket}/{upload.key}", "mail_id": "m", "version_id": upload.version}
    assert round_input("c-1", 2, summary)["version_id"] == "v1"


def test_a_later_round_of_a_list_without_versions_is_told_none() -> None:
    assert "version_id" not in round_input("c-1", 2, {"source": "s3://b/lists/m/a.csv", "mail_id": "m"})
    assert "version_id" not in round_input("c-1", 2, {"source": "s3://b/lists/m/a.csv", "version_id": ""})


def test_a_later_round_is_told_again_what_the_first_was_told_by_hand() -> None:
    # Else a broadcast to some, resumed after it failed before it began, would go to all.
    summary = {"source": "broadcasts/x.txt", "mail_id": "m", "input_options": {"where": {"plan": "pro"}}}
    assert round_input("c-1", 2, summary)["where"] == {"plan": "pro"}


def test_a_campaign_of_which_little_is_known_can_be_closed_by_a_round_all_the_same() -> None:
    assert round_input("c-1", 2, {}) == {"file_name": "", "mail_id": "", "campaign": {"id": "c-1", "round": 2}}
