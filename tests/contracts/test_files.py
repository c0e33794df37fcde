"""The bucket's files: the fake and S3 promise the same."""

import random
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.aws.files import Files, report_key
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


def outcomes(batch_number: int, count: int = 2) -> list[Outcome]:
    rows = range(batch_number * count, (batch_number + 1) * count)
    return [Outcome(row, f"p{row}@example.com", OutcomeKind.ACCEPTED, ODD[row % 8], f"id-{row}") for row in rows]


def upload(files: Any, key: str, content: bytes) -> None:
    if isinstance(files, FakeFiles):
        files.uploaded[key] = content
    else:
        files._s3.put_object(Bucket="uploads", Key=key, Body=content)


@pytest.fixture
def s3_files(moto: dict[str, Any]) -> Files:
    moto["s3"].create_bucket(Bucket="uploads")
    return Files(moto["s3"], "uploads")


class TestFiles:
    @pytest.fixture(params=["fake", "s3"])
    def files(self, request: pytest.FixtureRequest) -> Any:
        return FakeFiles() if request.param == "fake" else request.getfixturevalue("s3_files")

    def test_an_uploaded_list_is_read_whole(self, files):
        content = random.Random(1).randbytes(700_000)
        upload(files, "lists/m1/list.csv", content)
        assert b"".join(files.read_list("lists/m1/list.csv")) == content

    def test_an_uploaded_text_is_read_whole(self, files):
        upload(files, "broadcasts/news.txt", "件名\n\n本文".encode())
        assert files.read_small("uploads", "broadcasts/news.txt", "").decode() == "件名\n\n本文"

    def test_a_text_of_300_kb_is_a_mail_and_a_byte_more_is_not(self, files):
        upload(files, "broadcasts/news.txt", b"x" * 300_000)
        assert len(files.read_small("uploads", "broadcasts/news.txt", "")) == 300_000
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

    def test_the_outcomes_of_many_batches_come_in_the_order_of_the_batches(self, files):
        numbers = list(range(150))
        random.Random(1).shuffle(numbers)
        for number in numbers:
            files.write_outcomes("c1", number, outcomes(number))
        assert list(files.outcomes("c1", 150)) == [each for number in range(150) for each in outcomes(number)]

    def test_an_outcome_file_that_is_missing_is_noticed(self, files):
        files.write_outcomes("c1", 0, outcomes(0))
        with pytest.raises(ListNotFound):
            list(files.outcomes("c1", 2))

    def test_writing_outcomes_again_replaces_them(self, files):
        files.write_outcomes("c1", 0, outcomes(7))
        files.write_outcomes("c1", 0, outcomes(0))
        assert list(files.outcomes("c1", 1)) == outcomes(0)

    def test_batches_with_outcomes_are_those_of_this_campaign(self, files):
        for campaign, number in (("c1", 0), ("c1", 12), ("c11", 3)):
            files.write_outcomes(campaign, number, outcomes(number))
        assert files.batches_with_outcomes("c1") == {0, 12}
        assert files.batches_with_outcomes("c2") == set()


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


def test_more_than_a_thousand_outcome_files_are_all_seen(s3_files):
    for number in range(1005):
        s3_files.write_outcomes("c1", number, outcomes(number, 1))
    assert s3_files.batches_with_outcomes("c1") == set(range(1005))


def test_a_certain_version_of_a_text_is_read(s3_files):
    s3 = s3_files._s3
    s3.put_bucket_versioning(Bucket="uploads", VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket="uploads", Key="broadcasts/news.txt", Body=b"first")["VersionId"]
    s3.put_object(Bucket="uploads", Key="broadcasts/news.txt", Body=b"second")
    assert s3_files.read_small("uploads", "broadcasts/news.txt", first) == b"first"


def test_the_report_is_a_table_with_a_line_for_every_row(s3_files):
    s3_files.write_report("c1", iter([Outcome(2, "a@example.com", OutcomeKind.FAILED, '名前, "x"', "")]))
    body = s3_files._s3.get_object(Bucket="uploads", Key=report_key("c1"))["Body"].read().decode()
    assert body == '\ufeffrow,email,outcome,reason,message_id\r\n2,a@example.com,failed,"名前, ""x""",\r\n'
