"""The bucket's files: the fake and S3 promise the same."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.aws.files import report_key
from chalicelib.domain.batch import Batch
from chalicelib.domain.mail import Mail
from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.recipient import Recipient
from chalicelib.errors import ListNotFound, MailInvalid
from tests.fakes.files import FakeFiles

MIB = 1024 * 1024
# Line separators that are no line ends, and what a spreadsheet would run.
ODD = ["plain", "名前\u2028様", 'quote " and, comma', "two\nlines", "=1+1", "'=1+1", "\u0085", ""]


def batch(number: int, *names: str) -> Batch:
    people = (Recipient(row, f"{name}@example.com", {"n": ODD[row % 8]}) for row, name in enumerate(names, 2))
    return Batch("c1", "m1", number, tuple(people))


def upload(files: Any, key: str, content: bytes, **said: str) -> None:
    if isinstance(files, FakeFiles):
        files.uploaded[key] = content
        files.said[key] = said
    else:
        files._s3.put_object(Bucket="uploads", Key=key, Body=content, Metadata=said)


def later(files: Any, number: int, *batches: Batch) -> str:
    """Write the batches of a later round; the key of their file."""
    return str(files.write_batches("c1", (each.to_line() for each in batches), number))


def lines(files: Any, number: int) -> list[str]:
    """The batches of a later round, as its state machine reads them."""
    if isinstance(files, FakeFiles):
        return files.later_lines["c1", number]
    body = files._s3.get_object(Bucket="uploads", Key=f"campaigns/c1/batches-r{number}.jsonl")["Body"].read()
    return body.decode().splitlines()


class TestFiles:
    def test_what_an_uploader_said_of_a_file_is_read_without_it(self, files):
        upload(files, "lists/m1/list.csv", b"x" * 700_000)
        assert files.metadata("lists/m1/list.csv") == {}
        upload(files, "lists/m1/said.csv", b"x", **{"email-column": "to"})
        assert files.metadata("lists/m1/said.csv", "") == {"email-column": "to"}
        with pytest.raises(ListNotFound):
            files.metadata("lists/m1/none.csv")

    def test_an_uploaded_list_is_read_whole(self, files):
        content = random.Random(1).randbytes(700_000)
        upload(files, "lists/m1/list.csv", content)
        assert b"".join(files.read_list("lists/m1/list.csv")) == content

    def test_an_uploaded_text_is_read_whole(self, files):
        upload(files, "broadcasts/news.txt", "件名\n\n本文".encode())
        assert files.read_small("uploads", "broadcasts/news.txt", "")[0].decode() == "件名\n\n本文"

    def test_a_text_of_300_kb_is_a_mail_and_a_byte_more_is_not(self, files):
        upload(files, "broadcasts/news.txt", b"x" * 300_000)
        assert len(files.read_small("uploads", "broadcasts/news.txt", "")[0]) == 300_000
        upload(files, "broadcasts/news.txt", b"x" * 300_001)
        with pytest.raises(MailInvalid):
            files.read_small("uploads", "broadcasts/news.txt", "")

    def test_a_file_that_is_not_there_is_not_found(self, files):
        with pytest.raises(ListNotFound, match="list"):
            files.read_list("lists/m1/list.csv")
        with pytest.raises(ListNotFound, match="news"):
            files.read_small("uploads", "broadcasts/news.txt", "")

    def test_batches_come_back_as_they_were_written(self, files):
        batches = [batch(0, *"abcdefgh"), batch(1, "i"), batch(2, "j")]
        key = files.write_batches("c1", (each.to_line() for each in batches))
        assert key == "campaigns/c1/batches.jsonl"
        assert list(files.batches("c1")) == batches

    def test_a_campaign_of_no_batches_has_none(self, files):
        files.write_batches("c1", iter(()))
        assert list(files.batches("c1")) == []

    def test_a_later_round_has_a_file_of_its_own_and_the_first_keeps_all_batches(self, files):
        files.write_batches("c1", (batch(number, "a").to_line() for number in range(3)))
        assert later(files, 2, batch(1, "a"), batch(2, "a")) == "campaigns/c1/batches-r2.jsonl"
        assert later(files, 12, batch(2, "a")) == "campaigns/c1/batches-r12.jsonl"
        assert lines(files, 2) == [batch(number, "a").to_line() for number in (1, 2)]
        assert lines(files, 12) == [batch(2, "a").to_line()]
        assert [each.number for each in files.batches("c1")] == [0, 1, 2]

    def test_a_later_round_for_which_nothing_is_left_has_an_empty_file(self, files):
        files.write_batches("c1", [batch(0, "a").to_line()])
        later(files, 2)
        assert lines(files, 2) == []

    def test_batches_of_a_campaign_that_wrote_none_are_not_found(self, files):
        with pytest.raises(ListNotFound):
            list(files.batches("c1"))

    def test_rejected_rows_come_back_as_they_were_written(self, files):
        rows = [Outcome(row, ODD[row], OutcomeKind.INVALID, f"why {ODD[row]}") for row in range(8)]
        files.write_rejected("c1", iter(rows))
        assert list(files.rejected("c1")) == rows

    def test_no_rejected_rows_come_back_as_none(self, files):
        files.write_rejected("c1", [])
        assert list(files.rejected("c1")) == []

    def test_a_campaign_keeps_its_mail_and_another_has_none(self, files):
        mail = Mail("m1", "件名", "本文", "<p>", "a@example.com", ("b@example.com",))
        files.write_mail("c1", mail)
        assert files.mail("c1") == mail
        assert files.mail("c2") is None


class SourceFailed(Exception):
    """The list turned out to be unreadable."""


def lines_that_fail(megabytes: int) -> Iterator[str]:
    for _ in range(megabytes):
        yield "x" * (MIB - 1)
    raise SourceFailed


@pytest.mark.parametrize("megabytes", [0, 1, 8, 20])
def test_an_upload_whose_source_raises_leaves_nothing_behind(s3_files, megabytes):
    with pytest.raises(SourceFailed):
        s3_files.write_batches("c1", lines_that_fail(megabytes))
    assert "Contents" not in s3_files._s3.list_objects_v2(Bucket="uploads")
    assert "Uploads" not in s3_files._s3.list_multipart_uploads(Bucket="uploads")


@pytest.mark.parametrize("size", [8 * MIB - 1, 8 * MIB, 8 * MIB + 1, 20 * MIB])
def test_an_upload_of_several_parts_arrives_whole(s3_files, size):
    content = random.Random(1).randbytes(size // 2).hex().ljust(size, "-")
    s3_files.write_batches("c1", (content[start : start + 100_000] for start in range(0, size, 100_000)))
    body = s3_files._s3.get_object(Bucket="uploads", Key="campaigns/c1/batches.jsonl")["Body"].read()
    assert body.replace(b"\n", b"") == content.encode()


def test_a_certain_version_of_a_file_is_read_and_without_one_the_newest(s3_files):
    s3 = s3_files._s3
    s3.put_bucket_versioning(Bucket="uploads", VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket="uploads", Key="a.txt", Body=b"first")["VersionId"]
    s3.put_object(Bucket="uploads", Key="a.txt", Body=b"second")
    for version, content in ((first, b"first"), ("", b"second")):
        assert s3_files.read_small("uploads", "a.txt", version) == (content, {})
        assert b"".join(s3_files.read_list("a.txt", version)) == content


def test_the_report_is_a_table_with_a_line_for_every_row(s3_files):
    s3_files.write_report("c1", iter([Outcome(2, "a@example.com", OutcomeKind.FAILED, '名前, "x"', "")]))
    body = s3_files._s3.get_object(Bucket="uploads", Key=report_key("c1"))["Body"].read().decode()
    assert body == '\ufeffrow,email,outcome,reason,message_id\r\n2,a@example.com,failed,"名前, ""x""",\r\n'
