"""The little of Markdown that the pages are written in."""

import re
from collections.abc import Iterable, Sequence

_CODE = re.compile(r"(`[^`]*`)")


def text(plain: str) -> str:
    """The text as Markdown, which takes a bare `<` for the beginning of HTML; what stands in backticks is code."""
    parts = _CODE.split(plain)
    return "".join(part if part.startswith("`") else part.replace("<", "\\<") for part in parts)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; a bar in a cell does not end it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def code(plain: object) -> str:
    """The text as code."""
    return f"`{plain}`"


def anchor(heading: str) -> str:
    """What GitHub calls a heading in a link."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
