"""A mail's file as it is read: its front matter, its body, and what kind of text that is."""

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from chalicelib.domain.decoding import decoded
from chalicelib.errors import ListUnreadable, MailInvalid
from hato.mails import front_matter
from hato.mails.front_matter import FrontMatter


class Kind(Enum):
    """What the body is written in."""

    MARKDOWN = auto()
    TEXT = auto()
    HTML = auto()


KINDS = {".md": Kind.MARKDOWN, ".markdown": Kind.MARKDOWN, ".txt": Kind.TEXT, ".html": Kind.HTML, ".htm": Kind.HTML}
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file with a mail; `body_line` is the number of the line on which its body begins."""

    name: str
    kind: Kind
    front: FrontMatter
    body: str
    body_line: int
    text: str

    @property
    def mail_id(self) -> str:
        """The mail's id: what the front matter says, else the file's name without its ending."""
        return self.front.mail_id or Path(self.name).stem


def is_mail_file(path: Path) -> bool:
    """Whether the path is one of a mail's file, by its ending."""
    return path.suffix.lower() in KINDS


def read_mail_file(path: Path) -> MailFile:
    """The mail that the file holds. Raises MailInvalid, which names the file and the line, or OSError."""
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise MailInvalid(f"{path}: a mail is a file that ends in {', '.join(KINDS)}.")
    try:
        return parse_mail_file(path.name, kind, _text(path.read_bytes()))
    except FileNotFoundError:
        raise MailInvalid(f"There is no file {path}.") from None
    except MailInvalid as error:
        raise MailInvalid(f"{path}, {error}") from None


def parse_mail_file(name: str, kind: Kind, text: str) -> MailFile:
    """The mail that this text is. Raises MailInvalid, which begins with the line."""
    parts = front_matter.split(text)
    front = front_matter.parse(parts.front)
    if not front.subject:
        raise MailInvalid("line 1: a mail's file begins with its front matter, which needs a `subject: …`.")
    if not parts.body.strip():
        raise MailInvalid(f"line {parts.body_line}: the mail has no body.")
    return MailFile(name, kind, front, parts.body, parts.body_line, text)


def _text(content: bytes) -> str:
    if len(content) > _MOST_BYTES:
        raise MailInvalid(f"the file has more than {_MOST_BYTES:,} bytes, so it is no mail.")
    try:
        text = "".join(decoded([content])[1])
    except ListUnreadable:
        raise MailInvalid("the file is no text that can be read; save it as UTF-8.") from None
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise MailInvalid("the file has bytes that are no characters; save it as UTF-8.")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
