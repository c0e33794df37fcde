"""A mail: subject and body with merge fields, and its text for one recipient.

What fills in is in template.py: most functions handle mails and fill in none, and need no Jinja.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.domain.decoding import decoded
from chalicelib.domain.tracking import Tracking, says_no
from chalicelib.errors import MailInvalid

CONTROLS = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Mail:
    """What is sent, before any recipient's fields are filled in."""

    mail_id: str
    subject: str
    body: str
    html: str = ""
    sender: str = ""
    reply_to: tuple[str, ...] = field(default=())
    track_opens: bool = True
    track_clicks: bool = True

    @property
    def tracking(self) -> Tracking:
        """What of this mail is tracked, of whoever has not said no."""
        return Tracking(self.track_opens, self.track_clicks)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Mail":
        """The mail that an item of the Mails table, or a campaign's copy of it, holds. Raises MailInvalid."""
        mail_id = str(document.get("mail_id", ""))
        texts = {name: document.get(name) or "" for name in ("subject", "body", "html", "from")}
        wrong = [name for name, text in texts.items() if not isinstance(text, str)]
        if wrong:
            raise MailInvalid(f"Mail {mail_id!r}: {' and '.join(wrong)} must be text.")
        if not texts["subject"].strip() or not (texts["body"].strip() or texts["html"].strip()):
            raise MailInvalid(f"Mail {mail_id!r} needs a subject and a body.")
        reply_to = document.get("reply_to") or ()
        reply_to = (reply_to,) if isinstance(reply_to, str) else reply_to
        if not isinstance(reply_to, list | tuple | set) or not all(isinstance(each, str) for each in reply_to):
            raise MailInvalid(f"Mail {mail_id!r}: reply_to must be an address or a list of addresses.")
        if any(CONTROLS.search(address) for address in (texts["from"], *reply_to)):
            raise MailInvalid(f"Mail {mail_id!r}: from and reply_to must each be one line.")
        return cls(
            mail_id=mail_id,
            subject=texts["subject"],
            body=texts["body"],
            html=texts["html"],
            sender=texts["from"],
            reply_to=tuple(reply_to),
            track_opens=not says_no(document.get("track_opens")),
            track_clicks=not says_no(document.get("track_clicks")),
        )

    def to_document(self) -> dict[str, Any]:
        """The mail as an item of the Mails table, without what is empty."""
        document = {
            "mail_id": self.mail_id,
            "subject": self.subject,
            "body": self.body,
            "html": self.html,
            "from": self.sender,
            "reply_to": list(self.reply_to),
            "track_opens": "" if self.track_opens else "no",
            "track_clicks": "" if self.track_clicks else "no",
        }
        return {name: value for name, value in document.items() if value}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail for one recipient; `html` is empty where the mail has none."""

    subject: str
    text: str
    html: str


def parse_broadcast(mail_id: str, content: bytes) -> Mail:
    """The mail that a text file is: line 1 the subject, line 2 blank, the rest the body.

    Raises MailInvalid, or ListUnreadable where the file is no text.
    """
    text = "".join(decoded([content])[1])
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise MailInvalid("The text has bytes that are no characters. Save it as UTF-8.")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", 2)
    if len(lines) < 3 or not lines[0].strip() or lines[1].strip() or not lines[2].strip():
        raise MailInvalid("The text must have its subject in line 1, a blank line 2, and the body from line 3 on.")
    return Mail(mail_id=mail_id, subject=lines[0].strip(), body=lines[2])
