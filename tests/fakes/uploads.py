"""What was uploaded to the bucket."""

from collections.abc import Iterator

from chalicelib.errors import ListNotFound, MailInvalid


class FakeUploads:
    """Uploaded files by their key, and older versions of them by key and version."""

    def __init__(self) -> None:
        self.uploaded: dict[str, bytes] = {}
        self.versions: dict[tuple[str, str], bytes] = {}
        self.said: dict[str, dict[str, str]] = {}

    def read_small(self, bucket: str, key: str, version: str) -> tuple[bytes, dict[str, str]]:
        content = self._find(key)
        if len(content) > 300_000:
            raise MailInvalid(f"{key} is too large for a mail.")
        return content, self.said.get(key, {})

    def metadata(self, key: str, version: str = "") -> dict[str, str]:
        if (key, version) not in self.versions:
            self._find(key)
        return self.said.get(key, {})

    def read_list(self, key: str, version: str = "") -> Iterator[bytes]:
        content = self.versions.get((key, version)) or self._find(key)
        return (content[start : start + 7] for start in range(0, len(content), 7))

    def _find(self, key: str) -> bytes:
        if key not in self.uploaded:
            raise ListNotFound(f"There is no file {key}.")
        return self.uploaded[key]
