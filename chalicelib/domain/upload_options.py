"""What an upload says of itself beside its content, as metadata of the S3 object; by hand, in the execution's input.

| metadata key   | input key      | what it says |
|----------------|----------------|--------------|
| `email-column` | `email_column` | which column of the list holds the addresses |
| `where`        | `where`        | to which contacts a broadcast goes: `plan=pro`; several, with `&`, must all hold |
| `mail-id`      |                | that a broadcast is not its own text but this mail |

Values of metadata are URL-encoded, since S3 takes only ASCII there; those of the input are plain, `where` an object.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """How an upload is to be read, and to whom it goes."""

    email_column: str = ""
    where: Mapping[str, str] = field(default_factory=dict, hash=False)
    mail_id: str = ""

    @classmethod
    def read(cls, metadata: Mapping[str, str], document: Mapping[str, Any] | None = None) -> "UploadOptions":
        """What the object's metadata say, or where it says it too, the execution's input."""
        document = document or {}
        where = document.get("where")
        return cls(
            email_column=str(document.get("email_column") or unquote(metadata.get("email-column", ""))),
            where={str(name): str(value) for name, value in where.items()}
            if isinstance(where, Mapping)
            else dict(parse_qsl(metadata.get("where", ""), keep_blank_values=True)),
            mail_id=unquote(metadata.get("mail-id", "")),
        )

    @staticmethod
    def told_by_hand(document: Mapping[str, Any]) -> dict[str, Any]:
        """What of an execution's input a later round of the campaign must be told again: no file says it."""
        return {name: document[name] for name in ("email_column", "where") if document.get(name)}

    def to_metadata(self) -> dict[str, str]:
        """The options as metadata of an S3 object; those that say nothing are left out."""
        said = {
            "email-column": quote(self.email_column),
            "where": urlencode(self.where),
            "mail-id": quote(self.mail_id),
        }
        return {name: value for name, value in said.items() if value}
