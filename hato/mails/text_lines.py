"""Lines of text as they are written: breaks and spaces where they are needed, each line behind its indent."""

import re
import unicodedata

from hato.mails.language import is_wide
from hato.mails.pieces import Pieces

_START = 2  # as if an empty line were before the first
_FIELD_WIDTH = 8  # what a merge field is taken to become, for the line under a heading
_MOST_WIDTH = 60
_PAGE = re.compile(r"(?i)https?://")


class TextLines:
    """A text being written. Words of statements take no part in where lines begin and end."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._out: list[str] = []
        self._breaks = _START  # line breaks that the text ends with
        self._needed = 0
        self._space = False
        self._indents: list[list[str]] = []
        self._last_indents: list[list[str]] = []
        self._link: tuple[int, bool] | None = None
        self._lone_link: tuple[int, str] | None = None
        self._is_behind_address = False
        self._heading = 0

    def text(self) -> str:
        """All that was written."""
        self.need(1)
        return "".join(self._out).rstrip() + "\n"

    def need(self, breaks: int) -> None:
        """Let what comes stand behind so many line breaks, of which those count that are there."""
        self._needed = max(self._needed, breaks - self._breaks)
        self._space = False
        self._settle_link()

    def line_break(self) -> None:
        """A line break more, whatever there is."""
        self._settle_link()
        self._needed += 1
        self._space = False

    def write(self, text: str) -> None:
        """Text within a line; spaces at its ends count where they are between words."""
        words = text.strip(" ")
        if text.startswith(" ") and self._is_within_line():
            self._space = True
        if not words:
            return
        if self._is_behind_address and is_wide(words[0]):  # else a mail program takes it for more of the address
            self._space = True
        self._lone_link, self._is_behind_address = None, False
        self._begin_line()
        self._out.append(words)
        self._space = text.endswith(" ")

    def preformatted(self, text: str) -> None:
        """Text whose line breaks and spaces stay."""
        for at, line in enumerate(text.split("\n")):
            if at:
                self.line_break()
            if line.strip():
                self._begin_line()
                self._out.append(line)

    def statement(self, word: str) -> None:
        """A statement's word, behind the breaks that come before it either way."""
        self._settle_link()
        self._break()
        if self._space and self._is_within_line():
            self._out.append(" ")
            self._space = False
        self._out.append(word)

    def indent(self, first: str, others: str) -> None:
        """Begin each line from here with `others`, the first with `first`."""
        self._indents.append([first, others])

    def outdent(self) -> None:
        """End the last indent."""
        del self._indents[-1:]

    def begin_link(self) -> None:
        """What comes now are a link's words."""
        is_first = not self._is_within_line()
        self._begin_line()
        self._link = (len(self._out), is_first)

    def end_link(self, address: str) -> None:
        """The link's words have ended; its address is written where they do not say it."""
        begin, is_first = self._link or (len(self._out), False)
        words = "".join(self._out[begin:]).strip()
        self._link = None
        if address.startswith("#") or not address or words == address.partition(":")[2]:
            return
        if _PAGE.match(words) and " " not in words:
            self._out[begin:] = [address]
            self._is_behind_address = True
            return
        self._begin_line()
        self._out.append(f" ({address})" if words else address)
        self._is_behind_address = True
        if is_first and words:
            self._lone_link = (len(self._out) - 1, address)

    def begin_heading(self) -> None:
        """What comes now is a heading's text."""
        self._heading = len(self._out)

    def underline(self, mark: str) -> None:
        """Draw a line under the heading that ends here."""
        text = re.sub(self._pieces.pattern, "x" * _FIELD_WIDTH, "".join(self._out[self._heading :]).strip())
        width = sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
        if width:
            self.need(1)
            self.write(mark * min(width, _MOST_WIDTH))

    def _settle_link(self) -> None:
        if self._lone_link:
            at, address = self._lone_link
            self._out[at] = f": {address}"
            self._lone_link = None

    def _is_within_line(self) -> bool:
        return not self._breaks and not self._needed

    def _break(self) -> None:
        if self._needed > 0:
            blank = f"{self._quote()}\n"
            self._out.append(blank * self._needed if self._breaks else "\n" + blank * (self._needed - 1))
            self._breaks += self._needed
        self._needed = 0

    def _quote(self) -> str:
        """What an empty line begins with: the marks of the quotations that the lines around it are both in."""
        both = [each for each, last in zip(self._indents, self._last_indents, strict=False) if each is last]
        return "".join(indent[1] for indent in both).rstrip()

    def _begin_line(self) -> None:
        self._break()
        if self._breaks:
            for indent in self._indents:
                self._out.append(indent[0])
                indent[0] = indent[1]
            self._last_indents = list(self._indents)
        elif self._space:
            self._out.append(" ")
        self._breaks, self._space = 0, False


def without_statement_lines(text: str, pieces: Pieces) -> str:
    """The text, in which a line of nothing but statements leaves no line behind."""
    word = pieces.statement_pattern
    return re.sub(rf"^[ \t]*({word}(?:[ \t]*{word})*)[ \t]*\n", r"\1", text, flags=re.MULTILINE)
