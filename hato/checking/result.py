"""The whole answer of a check, for people and programs, and what it comes to as an exit status."""

from dataclasses import dataclass
from typing import Any

from hato.checking.estimating import Estimate
from hato.checking.knowing import Known
from hato.checking.looking import Look

SENDABLE, REFUSED_ROWS, UNREADABLE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Result:
    """A list that was read to its end; nothing is known of contacts and time where no account was asked."""

    look: Look
    mail_id: str = ""
    known: Known | None = None
    estimate: Estimate | None = None

    @property
    def exit_status(self) -> int:
        """0 where every row is sendable, 1 where some are refused."""
        return REFUSED_ROWS if self.look.refused else SENDABLE

    @property
    def to_send(self) -> int:
        """How many would get the mail."""
        return self.look.sendable - (self.known.passed_over if self.known else 0)

    def to_document(self) -> dict[str, Any]:
        """The result as a JSON object."""
        look = self.look
        document: dict[str, Any] = {
            "readable": True,
            "encoding": look.encoding,
            "delimiter": look.delimiter,
            "columns": list(look.columns),
            "email_column": look.email_column,
            "rows": look.rows,
            "sendable": look.sendable,
            **{kind: look.refused[kind] for kind in ("invalid", "duplicate", "failed")},
            "normalised": look.normalised,
            "untracked": look.untracked,
            "web_addresses": dict(look.web_addresses),
            "refused": [
                {"row": each.row, "email": each.raw_email, "kind": each.kind, "reason": each.reason}
                for each in look.refusals
            ],
            "mail_id": self.mail_id,
        }
        return document | self._example() | self._account()

    def _example(self) -> dict[str, Any]:
        if self.look.example is None:
            return {}
        person, mail = self.look.example
        return {"example": {"row": person.row, "subject": mail.subject, "text": mail.text, "html": mail.html}}

    def _account(self) -> dict[str, Any]:
        told: dict[str, Any] = {}
        if self.known is not None:
            told |= {
                "suppressed": self.known.suppressed.total(),
                "suppressed_because": dict(self.known.suppressed),
                "already_sent": self.known.already_sent,
                "to_send": self.to_send,
            }
        if self.estimate is not None:
            told |= {"seconds": round(self.estimate.seconds, 1), "cost_usd": self.estimate.cost}
        return told
