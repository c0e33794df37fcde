"""The upload bucket: lists that come in, and the files that each campaign keeps."""

import io
import json
from collections import deque
from collections.abc import Iterable, Iterator, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, cast

from botocore.exceptions import ClientError

from chalicelib.domain.batch import Batch
from chalicelib.domain.mail import Mail
from chalicelib.domain.outcome import Outcome, as_lines, read_lines
from chalicelib.domain.report_file import csv_chunks, read_csv
from chalicelib.errors import ListNotFound, MailInvalid

_CHUNK = 256 * 1024
_MOST_MAIL_BYTES = 300_000  # an item of the Mails table holds 400 KB at most
_FETCH_AT_ONCE = 16
_MISSING = {"NoSuchKey", "NoSuchVersion", "404"}


class Files:
    """Objects of the upload bucket."""

    def __init__(self, s3: Any, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def read_small(self, bucket: str, key: str, version: str) -> tuple[bytes, dict[str, str]]:
        """The whole object, and what its uploader said of it.

        Raises ListNotFound, or MailInvalid where it is too large for a mail.
        """
        answer = self._answer(key, bucket, version)
        content = bytes(answer["Body"].read(_MOST_MAIL_BYTES + 1))
        if len(content) > _MOST_MAIL_BYTES:
            raise MailInvalid(f"{key} is larger than {_MOST_MAIL_BYTES // 1000} KB, too large for a mail.")
        return content, dict(answer["Metadata"])

    def metadata(self, key: str, version: str = "") -> dict[str, str]:
        """What its uploader said of the file, in this version or the newest. Raises ListNotFound."""
        answer = self._answer(key, version=version)  # by a GET, whose right names versions; the content is left alone
        answer["Body"].close()
        return dict(answer["Metadata"])

    def read_list(self, key: str, version: str = "") -> Iterator[bytes]:
        """The file in chunks, in this version or the newest. Raises ListNotFound."""
        body = self._get(key, version=version)
        return cast("Iterator[bytes]", body.iter_chunks(_CHUNK))

    def write_batches(self, campaign_id: str, lines: Iterable[str], number: int = 1) -> str:
        """Write the batches of this round while the lines come; returns the file's key.

        Nothing is left behind if the lines fail. The first round's file, batches.jsonl, holds all batches.
        """
        key = _key(campaign_id, "batches.jsonl" if number == 1 else f"batches-r{number}.jsonl")
        self._stream(key, (f"{line}\n".encode() for line in lines), "application/x-ndjson")
        return key

    def batches(self, campaign_id: str) -> Iterator[Batch]:
        """The batches as they were prepared."""
        for line in self._get(_key(campaign_id, "batches.jsonl")).iter_lines(_CHUNK):
            yield Batch.from_document(json.loads(line))

    def write_rejected(self, campaign_id: str, outcomes: Iterable[Outcome]) -> None:
        """Write rejected.csv."""
        self._stream(_key(campaign_id, "rejected.csv"), csv_chunks(outcomes), "text/csv; charset=utf-8")

    def rejected(self, campaign_id: str) -> Iterator[Outcome]:
        """The rows that were rejected before sending."""
        body = self._get(_key(campaign_id, "rejected.csv"))
        lines = io.TextIOWrapper(io.BufferedReader(_Chunks(body.iter_chunks(_CHUNK))), "utf-8-sig", newline="")
        return read_csv(lines)

    def write_report(self, campaign_id: str, outcomes: Iterable[Outcome]) -> None:
        """Write report.csv while the outcomes come."""
        self._stream(report_key(campaign_id), csv_chunks(outcomes), "text/csv; charset=utf-8")

    def write_mail(self, campaign_id: str, mail: Mail) -> None:
        """Keep the mail as it is now, so that a later edit cannot change half a campaign."""
        self._put(_key(campaign_id, "mail.json"), json.dumps(mail.to_document(), ensure_ascii=False))

    def mail(self, campaign_id: str) -> Mail | None:
        """The mail as the campaign keeps it; None where it keeps none."""
        try:
            return Mail.from_document(json.loads(self._get(_key(campaign_id, "mail.json")).read()))
        except ListNotFound:
            return None

    def write_outcomes(self, campaign_id: str, batch: int, outcomes: Sequence[Outcome]) -> None:
        """Write the batch's outcome file."""
        self._put(_outcomes_key(campaign_id, batch), as_lines(outcomes))

    def write_unsent(self, campaign_id: str, number: int, batch: int, outcomes: Sequence[Outcome]) -> None:
        """Write how the rows of a batch stand that was given up in this round; a later round may still send it."""
        self._put(_unsent_key(campaign_id, number, batch), as_lines(outcomes))

    def batches_with_outcomes(self, campaign_id: str) -> set[int]:
        """The numbers of the batches that have an outcome file."""
        return self._numbers(_key(campaign_id, "outcomes/"))

    def unsent_batches(self, campaign_id: str, number: int) -> set[int]:
        """The numbers of the batches that are written down as given up in this round."""
        return self._numbers(_key(campaign_id, f"unsent/{number}/"))

    def outcomes(self, campaign_id: str, batches: int, number: int, unsent: Set[int]) -> Iterator[Outcome]:
        """The outcomes of all batches, in their order; of the unsent ones, as this round left them."""

        def content(batch: int) -> bytes:
            given_up = batch in unsent
            key = _unsent_key(campaign_id, number, batch) if given_up else _outcomes_key(campaign_id, batch)
            return bytes(self._get(key).read())

        numbers = iter(range(batches))
        with ThreadPoolExecutor(_FETCH_AT_ONCE) as pool:
            ahead = deque(pool.submit(content, batch) for batch in islice(numbers, 4 * _FETCH_AT_ONCE))
            while ahead:
                lines = ahead.popleft().result()
                ahead.extend(pool.submit(content, batch) for batch in islice(numbers, 1))
                yield from read_lines(lines)

    def _numbers(self, prefix: str) -> set[int]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        keys = (item["Key"] for page in pages for item in page.get("Contents", ()))
        return {int(key.rsplit("/", 1)[-1].removesuffix(".jsonl")) for key in keys}

    def _get(self, key: str, bucket: str = "", version: str = "") -> Any:
        return self._answer(key, bucket, version)["Body"]

    def _answer(self, key: str, bucket: str = "", version: str = "") -> Any:
        wanted = {"VersionId": version} if version else {}
        try:
            return self._s3.get_object(Bucket=bucket or self._bucket, Key=key, **wanted)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _MISSING:
                raise
            where = f"s3://{bucket or self._bucket}/{key}"
            raise ListNotFound(f"There is no file {where}.") from None

    def _put(self, key: str, text: str) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=text.encode(), ContentType="application/json")

    def _stream(self, key: str, chunks: Iterable[bytes], content_type: str) -> None:
        """Upload what comes, part by part; boto3 takes the unfinished upload back where the source raises."""
        from boto3.s3.transfer import TransferConfig  # here: most functions upload nothing so

        self._s3.upload_fileobj(
            io.BufferedReader(_Chunks(chunks), _CHUNK),
            self._bucket,
            key,
            ExtraArgs={"ContentType": content_type},
            Config=TransferConfig(use_threads=False, multipart_chunksize=8 * 1024 * 1024),
        )


class _Chunks(io.RawIOBase):
    """Chunks of bytes as a file to read from."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._rest = chunk
        some, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(some)] = some
        return len(some)


def report_key(campaign_id: str) -> str:
    """Where a campaign's report.csv lies in the bucket."""
    return _key(campaign_id, "report.csv")


def _key(campaign_id: str, name: str) -> str:
    return f"campaigns/{campaign_id}/{name}"


def _outcomes_key(campaign_id: str, batch: int) -> str:
    return _key(campaign_id, f"outcomes/{batch}.jsonl")


def _unsent_key(campaign_id: str, number: int, batch: int) -> str:
    return _key(campaign_id, f"unsent/{number}/{batch}.jsonl")
