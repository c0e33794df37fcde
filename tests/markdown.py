"""What a Markdown page holds besides its prose: blocks of code, spans of code, headings and links."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from hato.reference.markdown import anchor

_BLOCK = re.compile(r"^(`{3,})[^\n`]*\n(.*?)^\1$\n?", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_HEADING = re.compile(r"^(#{1,6}) +(.+?) *$", re.MULTILINE)
_LINK = re.compile(r"""\]\(([^)\s]+)[^)]*\)|^\[[^\]]+\]: *(\S+)|(?:href|src)="([^"]+)\"""", re.MULTILINE)
_CONTINUED = re.compile(r" *\\\n\s*")


@dataclass(frozen=True)
class Page:
    """A page, or a section of one."""

    file: Path
    text: str

    @classmethod
    def read(cls, file: Path) -> "Page":
        return cls(file, file.read_text(encoding="utf-8"))

    @cached_property
    def blocks(self) -> list[str]:
        """The blocks of code, without their fences."""
        return [found[2] for found in _BLOCK.finditer(self.text)]

    @cached_property
    def prose(self) -> str:
        """Everything but the blocks."""
        return _BLOCK.sub("\n", self.text)

    @cached_property
    def spans(self) -> list[str]:
        """What stands in backticks, each on one line."""
        paragraphs = re.split(r"\n\s*\n", self.prose)
        return [" ".join(found[2].split()) for each in paragraphs for found in _SPAN.finditer(each)]

    @cached_property
    def lines_of_code(self) -> list[str]:
        """The lines of all blocks, without a prompt; a line that is continued is one with the next."""
        return [line.removeprefix("$ ") for each in self.blocks for line in _CONTINUED.sub(" ", each).splitlines()]

    @cached_property
    def anchors(self) -> set[str]:
        """What its headings are called in links, as GitHub calls them."""
        found: list[str] = []
        for _, heading in _HEADING.findall(self.prose):
            name = anchor(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading))
            found.append(name if name not in found else f"{name}-{found.count(name)}")
        return set(found)

    @cached_property
    def links(self) -> list[str]:
        """Where its links lead, and where its pictures lie."""
        return ["".join(found) for found in _LINK.findall(_SPAN.sub("code", self.prose))]

    def section(self, title: str) -> "Page":
        """What stands under this heading, up to the next that is no smaller. Raises KeyError."""
        blanked = _BLOCK.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), self.text)  # no heading stands in code
        headings = list(_HEADING.finditer(blanked))
        for number, found in enumerate(headings):
            if found[2] == title:
                ends = (each.start() for each in headings[number + 1 :] if len(each[1]) <= len(found[1]))
                return Page(self.file, self.text[found.end() : next(ends, len(self.text))])
        raise KeyError(f"{self.file.name} has no section {title!r}")
