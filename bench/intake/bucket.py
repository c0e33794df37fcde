"""A bucket that holds one list and the outcome files of one campaign, made up when they are asked for."""

import io
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from bench.intake.wire import Answer, Request
from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.report_file import csv_chunks

PER_BATCH = 500
_PER_PAGE = 1000  # keys that S3 names at once
_OUTCOME = (
    '{"row": %d, "email": "sato.taro%d@example.co.jp", "outcome": "accepted", '
    '"message_id": "0100018d7a9e-%08d-4c1b-9d3e-5f60718293a4-000000"}\n'
)


class Bucket:
    """Answers for S3; `taken` is how many bytes were uploaded.

    The campaign has `rows` rows, of which the last one was rejected and SES accepted all others.
    """

    def __init__(self, rows: int, path: Path | None = None, per_batch: int = PER_BATCH) -> None:
        self.taken = 0
        self._per_batch = per_batch
        self._people = rows - 1
        self._path = path
        self._full = (_OUTCOME * per_batch).encode()

    @property
    def batches(self) -> int:
        """How many batches the campaign has."""
        return -(-self._people // self._per_batch)

    def answer(self, request: Request) -> Answer:
        """What S3 says to a request."""
        parts = urlsplit(request.url)
        query, key = parse_qs(parts.query, keep_blank_values=True), parts.path.rpartition("/")[2]
        if request.method != "GET":
            self.taken += request.size
            return Answer(_UPLOADS, {"etag": '"tag"'}) if "uploads" in query else Answer(_DONE, {"etag": '"tag"'})
        if "list-type" in query:
            return Answer(self._listed(int(query.get("continuation-token", ["0"])[0])))
        return self._content(key)

    def _content(self, key: str) -> Answer:
        if key == "list.csv" and self._path:
            size = str(self._path.stat().st_size)
            return Answer(_Streamed(self._path), {"content-length": size})
        if key == "rejected.csv":
            last = Outcome(self._people + 2, "nobody", OutcomeKind.INVALID, "There is no @ in the address.")
            return Answer(b"".join(csv_chunks([last])))
        return Answer(self._outcomes(int(key.removesuffix(".jsonl"))))

    def _outcomes(self, batch: int) -> bytes:
        first = batch * self._per_batch
        rows = range(first + 2, min(first + self._per_batch, self._people) + 2)
        form = self._full if len(rows) == self._per_batch else (_OUTCOME * len(rows)).encode()
        return form % tuple(row for row in rows for _ in range(3))

    def _listed(self, start: int) -> bytes:
        end = min(start + _PER_PAGE, self.batches)
        more = f"<IsTruncated>true</IsTruncated><NextContinuationToken>{end}</NextContinuationToken>"
        keys = "".join(
            f"<Contents><Key>campaigns/c1/outcomes/{batch}.jsonl</Key><LastModified>2026-01-31T08:00:00.000Z"
            "</LastModified><ETag>tag</ETag><Size>70000</Size><StorageClass>STANDARD</StorageClass></Contents>"
            for batch in range(start, end)
        )
        return f"<ListBucketResult>{more if end < self.batches else ''}{keys}</ListBucketResult>".encode()


class _Streamed(io.FileIO):
    """A file that lets go of itself when all was read, as a connection does."""

    def read(self, size: int | None = -1) -> bytes:
        content = super().read(size) or b""
        if not content:
            self.close()
        return content


_UPLOADS = b"<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>"
_DONE = b"<CompleteMultipartUploadResult><ETag>tag</ETag></CompleteMultipartUploadResult>"
