"""The template pieces of a mail, kept safe while its Markdown, HTML and CSS are worked on.

Each `{{ … }}`, `{% … %}` and `{# … #}` becomes a short word of lower-case letters and digits, which no Markdown, HTML
or CSS tool changes, wherever it stands; in the end each word becomes its piece again.
"""

import re
from collections.abc import Iterator

_QUOTED = r""""(?:\\.|[^"\\])*+"|'(?:\\.|[^'\\])*+'"""
_piece = re.compile(rf"""\{{\{{(?:{_QUOTED}|[^"'])*?\}}\}}|\{{%(?:{_QUOTED}|[^"'])*?%\}}|\{{#.*?#\}}""", re.DOTALL)
_keyword = re.compile(r"\{%[-+]?\s*(\w+)")
_UNSUBSCRIBE = re.compile(r"\bunsubscribe_url\b")


class Pieces:
    """The pieces of one mail. `text` is all that will be hidden with it, so that no word of it looks like ours."""

    def __init__(self, text: str) -> None:
        mark = "zq"
        while mark in text.lower():
            mark += "q"
        self._mark = mark
        self._pieces: list[str] = []
        self._word = re.compile(rf"{mark}([vs])(\d+)x")
        self.pattern = rf"{mark}[vs]\d+x"
        self.statement_pattern = rf"{mark}s\d+x"
        # A statement stands in HTML as a comment, which may be anywhere, even between the rows of a table.
        self._shown = re.compile(rf"<!--({self.pattern})-->|{self.pattern}")

    def hide(self, text: str) -> str:
        """The text with a word in the place of each piece."""
        return _piece.sub(lambda found: self._hidden(found[0]), text)

    def show(self, text: str) -> str:
        """The text with its pieces again; comments of the author's are left out."""
        return self._shown.sub(lambda found: self._piece_of(found[1] or found[0]), text)

    def used_in(self, text: str) -> Iterator[str]:
        """The pieces whose words stand in the text, in order."""
        return (self._pieces[int(found[2])] for found in self._word.finditer(text))

    def unsubscribes(self, text: str) -> bool:
        """Whether a piece in the text gives the recipient's unsubscribe link."""
        return any(_UNSUBSCRIBE.search(piece) for piece in self.used_in(text) if not piece.startswith("{#"))

    def keywords(self, text: str) -> list[str]:
        """What the statements in the text begin with: `if`, `endif`, `for`, …"""
        found = (_keyword.match(piece) for piece in self.used_in(text))
        return [keyword[1] for keyword in found if keyword]

    def _hidden(self, piece: str) -> str:
        self._pieces.append(piece)
        kind = "v" if piece.startswith("{{") else "s"
        return f"{self._mark}{kind}{len(self._pieces) - 1}x"

    def _piece_of(self, word: str) -> str:
        found = self._word.fullmatch(word)
        piece = self._pieces[int(found[2])] if found and int(found[2]) < len(self._pieces) else word
        return "" if piece.startswith("{#") else piece


def is_balanced(keywords: list[str]) -> bool:
    """Whether every block that these statements open is closed by them, and none that they did not open."""
    depth = 0
    for keyword in keywords:
        depth += (keyword in {"if", "for"}) - (keyword in {"endif", "endfor"})
        if depth < 0 or (depth == 0 and keyword in {"else", "elif"}):
            return False
    return depth == 0
