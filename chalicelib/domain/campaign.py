"""A campaign: one mail to one list. Its id, its states, and the sum that must come out even."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from chalicelib.domain.outcome import OutcomeKind
from chalicelib.errors import InputIncomplete, KeyUnexpected

LISTS = "lists/"
BROADCASTS = "broadcasts/"
CAMPAIGN_FILES = "campaigns/"

_LONGEST_EXECUTION_NAME = 80


class Status(StrEnum):
    """Where a campaign stands."""

    PREPARING = "preparing"
    SENDING = "sending"
    PAUSED = "paused"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    FAILED = "failed"


ENDED = frozenset({Status.FINISHED, Status.CANCELLED, Status.STOPPED, Status.FAILED})
# What a new round may pick up: all but what has been sent to its end, or was given up by its owner.
RESUMABLE = frozenset(Status) - {Status.FINISHED, Status.CANCELLED}


class PausedBy(StrEnum):
    """Who paused a campaign."""

    OWNER = "owner"
    BREAKER = "breaker"


@dataclass(frozen=True, slots=True)
class Upload:
    """One object that S3 says was created."""

    bucket: str
    key: str
    version: str = ""
    etag: str = ""

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> "Upload | None":
        """The upload that a record of an S3 notification tells of; None where it names no object of a bucket."""
        s3 = _object(record.get("s3"))
        bucket, thing = _object(s3.get("bucket")).get("name"), _object(s3.get("object"))
        key = thing.get("key")
        if not (isinstance(bucket, str) and bucket and isinstance(key, str) and key):
            return None
        return cls(
            bucket=bucket,
            key=unquote_plus(key),  # keys arrive URL-encoded
            version=str(thing.get("versionId") or ""),
            etag=str(thing.get("eTag") or ""),
        )

    @property
    def is_nothing_to_send(self) -> bool:
        """Whether this is one of the files that a campaign writes itself, or a folder that somebody made."""
        return self.key.startswith(CAMPAIGN_FILES) or self.key.endswith("/")

    @property
    def campaign_id(self) -> str:
        """The id of the campaign that this upload starts: the same for each notification of the same upload."""
        name = self.key.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        return f"{slug(name)}-{_digest(self.bucket, self.key, self.version or self.etag)}"

    @property
    def is_broadcast(self) -> bool:
        """Whether this is a text to send to all contacts."""
        return self.key.startswith(BROADCASTS) and self.key.lower().endswith(".txt")

    def list_mail_id(self) -> str:
        """The id of the mail that this list is for. Raises KeyUnexpected where the key names none."""
        parts = self.key.split("/")
        if self.key.startswith(LISTS) and len(parts) >= 3 and parts[1] and parts[-1]:
            return parts[1]
        raise KeyUnexpected(
            f"{self.key!r} is not a place where Hato looks for uploads: put a list at lists/<mail_id>/<name>.csv "
            "or a text for all contacts at broadcasts/<name>.txt."
        )


class Newest(NamedTuple):
    """Some campaigns' summaries, the newest first, and before what the next ones lie; empty where there are none."""

    summaries: Sequence[Mapping[str, Any]]
    before: str


def slug(text: str) -> str:
    """The text as a short word of ASCII letters, digits and `-`, for ids that people read."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].rstrip("-") or "campaign"


def broadcast_mail_id(key: str, content: bytes) -> str:
    """The id of the mail that a broadcast text is: the same text is the same mail, a changed text another."""
    name = key.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return f"{slug(name)}-{hashlib.sha256(content).hexdigest()[:12]}"


def check_input(document: Mapping[str, object]) -> tuple[str, str]:
    """`file_name` and `mail_id` of a state machine's input. Raises InputIncomplete."""
    found = [document.get(name) for name in ("file_name", "mail_id")]
    missing = [
        name
        for name, value in zip(("file_name", "mail_id"), found, strict=True)
        if not (isinstance(value, str) and value)
    ]
    if missing:
        raise InputIncomplete(
            f"The input lacks {' and '.join(missing)}: start with "
            '{"file_name": "<key of the list in the upload bucket>", "mail_id": "<id of the mail>"}.'
        )
    return str(found[0]), str(found[1])


def execution_name(campaign_id: str, number: int) -> str:
    """The name of the execution that is the campaign's round of this number; the first has the campaign's own."""
    if number == 1:
        return campaign_id
    ending = f"-r{number}"
    if len(campaign_id) + len(ending) <= _LONGEST_EXECUTION_NAME:
        return campaign_id + ending
    ending = f"-{_digest(campaign_id)}{ending}"
    return campaign_id[: _LONGEST_EXECUTION_NAME - len(ending)] + ending


def round_input(campaign_id: str, number: int, summary: Mapping[str, object]) -> dict[str, object]:
    """The state machine's input for a later round of a campaign whose summary this is."""
    source = str(summary.get("source", ""))
    key = source.split("/", 3)[-1] if source.startswith("s3://") else source
    document: dict[str, object] = {"file_name": key, "mail_id": summary.get("mail_id", "")}
    if summary.get("version_id"):
        document["version_id"] = summary["version_id"]
    told = summary.get("input_options")
    document |= told if isinstance(told, Mapping) else {}
    return document | {"campaign": {"id": campaign_id, "round": number}}


def imbalance(rows: int, totals: Mapping[str, int]) -> int:
    """How many rows are unaccounted for: rows minus the sum of all seven ends; 0 when the campaign balances."""
    return rows - sum(totals.get(kind.value, 0) for kind in OutcomeKind)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _object(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
