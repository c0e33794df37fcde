"""What a check comes to: a mark, a sentence, and what mends it."""

from dataclasses import dataclass
from enum import StrEnum

from chalicelib.errors import HatoError


class Mark(StrEnum):
    """How something stands."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, what was found, and the command or the step that mends it, where one is due."""

    mark: Mark
    subject: str
    text: str
    mend: str = ""


class NotKnown(HatoError):
    """A fact cannot be had; the text says why, in a sentence."""

    def __init__(self, why: str, mend: str = "") -> None:
        super().__init__(why)
        self.mend = mend
