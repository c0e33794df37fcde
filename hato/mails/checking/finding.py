"""What a look at a mail finds: how bad it is, where it stands, and what to do."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

_added = re.compile(r"[?&]utm_")


class Level(StrEnum):
    """How bad it is: an error fails the check, a warning only where the author wants that, a note never."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a part of the mail; `mark` is what to look for in the source, to tell the line."""

    level: Level
    part: str
    text: str
    mend: str = ""
    mark: str = ""
    line: int | None = None

    def to_document(self) -> dict[str, object]:
        """The finding as JSON has it."""
        return {
            "level": self.level.value,
            "part": self.part,
            "line": self.line,
            "text": self.text,
            "mend": self.mend,
        }


def error(part: str, text: str, mend: str = "", mark: str = "") -> Finding:
    """What must be mended."""
    return Finding(Level.ERROR, part, text, mend, mark)


def warning(part: str, text: str, mend: str = "", mark: str = "") -> Finding:
    """What had better be mended."""
    return Finding(Level.WARNING, part, text, mend, mark)


def note(part: str, text: str, mend: str = "") -> Finding:
    """What is good to know."""
    return Finding(Level.NOTE, part, text, mend)


def located(findings: Iterable[Finding], source: str) -> Iterator[Finding]:
    """The findings with the line of the source on which what they are about stands first, where that is known."""
    for finding in findings:
        own = _added.split(finding.mark)[0]  # the file has the link as it was before UTM parameters were added
        at = source.find(own) if own else -1
        yield replace(finding, line=source.count("\n", 0, at) + 1) if at >= 0 else finding
