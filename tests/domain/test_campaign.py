"""Where a campaign's id, mail and source come from, and the sum that must come out even."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.campaign import (
    ENDED,
    RESUMABLE,
    Status,
    Upload,
    broadcast_mail_id,
    check_input,
    imbalance,
    slug,
)
from chalicelib.domain.outcome import OutcomeKind
from chalicelib.errors import InputIncomplete, KeyUnexpected


def record(key: str, **thing: Any) -> dict[str, Any]:
    """A record as S3 sends it."""
    return {
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": "uploads"}, "object": {"key": key, "size": 10, "sequencer": "0055", **thing}},
    }


def upload(key: str, version: str = "v1") -> Upload:
    return Upload("uploads", key, version)


def test_an_upload_is_read_from_its_record_with_its_key_decoded() -> None:
    key = "lists/may%2Bjune/%E5%90%8D%E7%B0%BF+1.csv"
    assert Upload.from_record(record(key, versionId="v1", eTag="e1")) == Upload(
        "uploads", "lists/may+june/名簿 1.csv", "v1", "e1"
    )


def test_an_upload_to_a_bucket_without_versions_has_none() -> None:
    assert Upload.from_record(record("lists/m/a.csv", versionId=None)) == Upload("uploads", "lists/m/a.csv", "", "")


def test_the_same_upload_is_always_the_same_campaign() -> None:
    once, again = (Upload.from_record(record("lists/m/a.csv", eTag="e1", sequencer=n)) for n in ("01", "02"))
    assert once.campaign_id == again.campaign_id


def test_whatever_makes_the_upload_another_makes_the_campaign_another() -> None:
    uploads = [
        Upload("uploads", "lists/m/a.csv", "v1", "e1"),
        Upload("uploads", "lists/m/a.csv", "v2", "e1"),
        Upload("uploads", "lists/m/a.csv", "", "e1"),
        Upload("uploads", "lists/m/a.csv", "", "e2"),
        Upload("uploads", "lists/n/a.csv", "v1", "e1"),
        Upload("elsewhere", "lists/m/a.csv", "v1", "e1"),
    ]
    assert len({each.campaign_id for each in uploads}) == len(uploads)


def test_an_uploads_version_decides_where_it_has_one() -> None:
    assert Upload("b", "k", "v1", "e1").campaign_id == Upload("b", "k", "v1", "e2").campaign_id


def test_a_campaign_id_begins_with_the_files_name() -> None:
    assert re.fullmatch(r"may-list-[0-9a-f]{16}", upload("lists/m/May List.csv").campaign_id)
    assert re.fullmatch(r"campaign-[0-9a-f]{16}", upload("lists/m/名簿.csv").campaign_id)


@given(st.text())
def test_a_campaign_id_can_name_an_execution_whatever_the_key(key: str) -> None:
    if not any("\ud800" <= character <= "\udfff" for character in key):
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", upload(key).campaign_id)
        assert len(upload(key).campaign_id) <= 80


@given(st.text() | st.text("ab -", min_size=38, max_size=50))
def test_a_slug_is_a_short_word_of_letters_digits_and_single_dashes(text: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(text))
    assert len(slug(text)) <= 40
    assert slug(slug(text)) == slug(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [("May 2026!", "may-2026"), ("Café Ｎｅｗｓ", "cafe-news"), ("--", "campaign"), ("a" * 39 + " b", "a" * 39)],
)
def test_a_slug_keeps_what_people_read(text: str, word: str) -> None:
    assert slug(text) == word


@pytest.mark.parametrize(
    ("key", "mail_id"),
    [("lists/m/a.csv", "m"), ("lists/m/2026/a.csv", "m"), ("lists/五月/a.csv.gz", "五月")],
)
def test_a_lists_key_names_its_mail(key: str, mail_id: str) -> None:
    assert upload(key).list_mail_id() == mail_id
    assert not upload(key).is_broadcast
    assert not upload(key).is_nothing_to_send


@pytest.mark.parametrize(
    "key",
    ["a.csv", "lists/a.csv", "lists//a.csv", "lists/m/", "list/m/a.csv", "my/lists/m/a.csv", "broadcasts/a.md", ""],
)
def test_a_file_anywhere_else_is_refused_and_told_where_to_go(key: str) -> None:
    assert not upload(key).is_broadcast
    with pytest.raises(KeyUnexpected, match=r"lists/<mail_id>/<name>\.csv"):
        upload(key).list_mail_id()


@pytest.mark.parametrize(
    ("key", "is_broadcast"),
    [
        ("broadcasts/a.txt", True),
        ("broadcasts/A.TXT", True),
        ("broadcasts/a.csv", False),
        ("lists/m/a.txt", False),
        ("my/broadcasts/a.txt", False),
    ],
)
def test_a_text_among_the_broadcasts_is_one(key: str, is_broadcast: bool) -> None:
    assert upload(key).is_broadcast is is_broadcast


@pytest.mark.parametrize(
    ("key", "is_nothing_to_send"),
    [
        ("campaigns/c/report.csv", True),
        ("lists/welcome/", True),
        ("lists/campaigns/a.csv", False),
        ("campaigns", False),
    ],
)
def test_a_campaigns_own_files_and_folders_start_no_campaign(key: str, is_nothing_to_send: bool) -> None:
    assert upload(key).is_nothing_to_send is is_nothing_to_send


def test_the_same_text_is_the_same_mail_and_a_changed_text_another() -> None:
    mail_id = broadcast_mail_id("broadcasts/May News.txt", b"Hello")
    assert re.fullmatch(r"may-news-[0-9a-f]{12}", mail_id)
    assert broadcast_mail_id("broadcasts/May News.txt", b"Hello") == mail_id
    assert broadcast_mail_id("broadcasts/May News.txt", b"Hello!") != mail_id


def test_the_input_of_the_articles_is_enough() -> None:
    assert check_input({"file_name": "lists/m/a.csv", "mail_id": "m", "more": 1}) == ("lists/m/a.csv", "m")


@pytest.mark.parametrize(
    ("document", "lacks"),
    [
        ({}, "lacks file_name and mail_id:"),
        ({"file_name": "a"}, "lacks mail_id:"),
        ({"mail_id": "m"}, "lacks file_name:"),
        ({"file_name": "", "mail_id": "m"}, "lacks file_name:"),
        ({"file_name": "a", "mail_id": 7}, "lacks mail_id:"),
    ],
)
def test_an_incomplete_input_is_told_what_it_lacks(document: dict[str, object], lacks: str) -> None:
    with pytest.raises(InputIncomplete, match=lacks):
        check_input(document)


@given(st.dictionaries(st.sampled_from([kind.value for kind in OutcomeKind]), st.integers(0, 1000)), st.integers(0, 9))
def test_a_campaign_balances_when_its_seven_ends_make_up_its_rows(totals: dict[str, int], missing: int) -> None:
    rows = sum(totals.values()) + missing
    assert imbalance(rows, totals | {"delivered": 5, "rows": 7}) == missing


def test_a_campaign_that_sends_or_may_send_has_not_ended() -> None:
    assert set(Status) - ENDED == {Status.PREPARING, Status.SENDING, Status.PAUSED}


def test_only_what_was_sent_to_its_end_or_given_up_by_its_owner_cannot_be_resumed() -> None:
    assert set(Status) - RESUMABLE == {Status.FINISHED, Status.CANCELLED}


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"s3": None},
        {"s3": {}},
        {"s3": {"bucket": {"name": "uploads"}}},
        {"s3": {"bucket": "uploads", "object": {"key": "lists/m/a.csv"}}},
        {"s3": {"bucket": {"name": "uploads"}, "object": []}},
        {"s3": {"bucket": {"name": ""}, "object": {"key": "lists/m/a.csv"}}},
        {"s3": {"bucket": {"name": "uploads"}, "object": {"key": 7}}},
    ],
)
def test_a_record_that_names_no_object_of_a_bucket_is_no_upload(odd: dict[str, object]) -> None:
    assert Upload.from_record(odd) is None
