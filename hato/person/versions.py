"""Every version of every object of a bucket: what is replaced or deleted in S3 is there until its versions are gone."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

_IN_MEMORY = 16 * 1024 * 1024
_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Version:
    """One version of one object; `is_marker` where it only says that the object was deleted."""

    key: str
    id: str
    is_latest: bool
    is_marker: bool = False


class Versions:
    """A bucket's objects, version by version."""

    def __init__(self, s3: Any, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def list(self, prefix: str = "") -> Iterator[Version]:
        """All of them, by key."""
        for page in self._s3.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix):
            yield from (_version(each) for each in page.get("Versions", ()))
            yield from (_version(each, is_marker=True) for each in page.get("DeleteMarkers", ()))

    def chunks(self, version: Version) -> Iterator[bytes]:
        """The content in pieces."""
        answer = self._s3.get_object(Bucket=self._bucket, Key=version.key, VersionId=version.id)
        return cast("Iterator[bytes]", answer["Body"].iter_chunks(_CHUNK))

    def replace(self, version: Version, rewrite: Callable[[IO[bytes]], Iterable[bytes]]) -> None:
        """Put what `rewrite` makes of the content into the object's place, and delete this version for good."""
        with SpooledTemporaryFile(_IN_MEMORY) as old, SpooledTemporaryFile(_IN_MEMORY) as new:
            for chunk in self.chunks(version):
                old.write(chunk)
            old.seek(0)
            for piece in rewrite(cast("IO[bytes]", old)):
                new.write(piece)
            new.seek(0)
            of = {"Bucket": self._bucket, "Key": version.key}
            kind = self._s3.head_object(**of, VersionId=version.id)["ContentType"]
            self._s3.upload_fileobj(new, self._bucket, version.key, ExtraArgs={"ContentType": kind})
        if (self._s3.head_object(**of).get("VersionId") or "null") != version.id:  # without versions it is gone already
            self.delete(version)

    def delete(self, version: Version) -> None:
        """Delete it for good."""
        self._s3.delete_object(Bucket=self._bucket, Key=version.key, VersionId=version.id)


def _version(each: dict[str, Any], *, is_marker: bool = False) -> Version:
    return Version(each["Key"], each.get("VersionId") or "null", bool(each.get("IsLatest")), is_marker)
