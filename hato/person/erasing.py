"""A person out of the bucket: files of campaigns are rewritten, and the versions that named them deleted for good."""

import codecs
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

from chalicelib.domain.decoding import decoded
from chalicelib.errors import ListUnreadable
from hato.person.naming import Naming
from hato.person.redacting import Kind, kind_of, redacted
from hato.person.versions import Version, Versions

_AT_ONCE = 16


@dataclass(slots=True)
class Erased:
    """What was done in the bucket, and which uploaded lists still name the person, or could not be read."""

    read: int = 0
    rewritten: int = 0
    versions_deleted: int = 0
    lists: Counter[str] = field(default_factory=Counter)  # how many versions of each
    unreadable: list[str] = field(default_factory=list)


class Eraser:
    """Takes one person out of all files of a bucket."""

    def __init__(self, versions: Versions, naming: Naming) -> None:
        self._versions = versions
        self._naming = naming

    def erase(self, progress: Callable[[int], None]) -> Erased:
        """Go through every version of every file; doing it again does what is left."""
        done = Erased()
        versions = (each for each in self._versions.list() if not each.is_marker and kind_of(each.key) is not Kind.MAIL)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            while some := list(islice(versions, 8 * _AT_ONCE)):
                for version, found in zip(some, pool.map(self._look, some), strict=True):
                    self._act(version, found, done)
                progress(done.read)
        return done

    def delete_lists(self, keys: Iterable[str]) -> int:
        """Delete these uploads for good, with all their versions; how many versions that were."""
        wanted, deleted = set(keys), 0
        for key in sorted(wanted):
            for version in [each for each in self._versions.list(key) if each.key == key]:
                self._versions.delete(version)
                deleted += 1
        return deleted

    def _look(self, version: Version) -> bool | None:
        """Whether the file names the person; None where it cannot be read."""
        chunks = self._versions.chunks(version)
        kind = kind_of(version.key)
        if kind is not Kind.LIST:
            text = codecs.iterdecode(chunks, "utf-8", errors="replace")
            return self._naming.named_in_any(text, are_json=kind is not Kind.REPORT)
        try:
            return self._naming.named_in_any(decoded(chunks)[1])
        except ListUnreadable:
            return None

    def _act(self, version: Version, found: bool | None, done: Erased) -> None:
        done.read += 1
        if found is None:
            done.unreadable.append(version.key)
        if not found:
            return
        kind = kind_of(version.key)
        if kind is Kind.LIST:
            done.lists[version.key] += 1
            return
        if version.is_latest and kind is not Kind.RUN:
            self._versions.replace(version, lambda file: redacted(kind, _lines(file, kind), self._naming))
            done.rewritten += 1
        else:
            self._versions.delete(version)
        done.versions_deleted += 1


def _lines(file: IO[bytes], kind: Kind) -> Iterator[str]:
    """The file's lines: of a CSV as they stand, for a cell may hold line ends."""
    if kind is Kind.REPORT:
        return io.TextIOWrapper(file, "utf-8-sig", newline="")
    return io.TextIOWrapper(file, "utf-8", newline="\n")
