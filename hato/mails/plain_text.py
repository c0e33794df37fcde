"""The text part of a mail, made of its HTML."""

import re
from html.parser import HTMLParser

from hato.mails.html import VOID, is_hidden
from hato.mails.pieces import Pieces
from hato.mails.text_lines import TextLines

_SKIPPED = {"head", "style", "script", "title", "template", "svg"}
_PARAGRAPHS = {"p", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "dl", "figure"}
_LINES = {"div", "tr", "li", "dt", "dd", "section", "article", "header", "footer", "main", "center", "figcaption"}
_RULES = {"h1": "=", "h2": "-"}
_RULE_WIDTH = 40
_SPACES = re.compile(r"[ \t\n\r\f]+")


def to_text(html: str, pieces: Pieces) -> str:
    """The HTML as text for people to read.

    Links are `words (address)`, or `words: address` where they stand alone; nothing is wrapped. Statements stand so
    that what they leave out leaves no blank lines.
    """
    reader = _Reader(pieces)
    reader.feed(html)
    reader.close()
    return reader.lines.text()


class _Reader(HTMLParser):
    """Reads HTML as css-inline writes it: every element is closed."""

    def __init__(self, pieces: Pieces) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = TextLines(pieces)
        self._pieces = pieces
        self._statement = re.compile(pieces.statement_pattern)
        self._skipping = 0
        self._links: list[str] = []
        self._lists: list[int] = []
        self._pre = 0
        self._tables: list[bool] = []
        self._in_row = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if self._skipping or tag in _SKIPPED or is_hidden(given):
            self._skipping += tag not in VOID
            return
        if tag in _PARAGRAPHS | _LINES:
            is_inner_list = tag in {"ul", "ol"} and self._lists
            self.lines.need(1 if tag in _LINES or is_inner_list else 2)
        if begin := getattr(self, f"_begin_{tag}", None):
            begin(given)

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            self._skipping -= tag not in VOID
            return
        if end := getattr(self, f"_end_{tag}", None):
            end()
        if tag in _RULES:
            self.lines.underline(_RULES[tag])
        if tag in _PARAGRAPHS | _LINES:
            self.lines.need(1 if tag in _LINES or (tag in {"ul", "ol"} and self._lists) else 2)

    def handle_comment(self, data: str) -> None:
        if not self._skipping and self._statement.fullmatch(data):
            self.lines.statement(data)

    def handle_data(self, data: str) -> None:
        if self._skipping:
            return
        if self._pre:
            self.lines.preformatted(data)
        else:
            self.lines.write(_SPACES.sub(" ", data))

    def _begin_br(self, given: dict[str, str]) -> None:
        self.lines.line_break()

    def _begin_hr(self, given: dict[str, str]) -> None:
        self.lines.need(2)
        self.lines.write("-" * _RULE_WIDTH)
        self.lines.need(2)

    def _begin_img(self, given: dict[str, str]) -> None:
        if alt := given.get("alt", "").strip():
            self.lines.write(f"[{alt}]")

    def _begin_a(self, given: dict[str, str]) -> None:
        self._links.append(given.get("href", "").strip())
        self.lines.begin_link()

    def _end_a(self) -> None:
        if self._links:
            self.lines.end_link(self._links.pop())

    def _begin_ul(self, given: dict[str, str]) -> None:
        self._lists.append(-1)

    def _begin_ol(self, given: dict[str, str]) -> None:
        start = given.get("start", "")
        self._lists.append(int(start) if start.isdecimal() else 1)

    def _end_ul(self) -> None:
        del self._lists[-1:]

    _end_ol = _end_ul

    def _begin_li(self, given: dict[str, str]) -> None:
        marker = "- "
        if self._lists and self._lists[-1] >= 0:
            marker = f"{self._lists[-1]}. "
            self._lists[-1] += 1
        self.lines.indent(marker, " " * len(marker))

    def _end_li(self) -> None:
        self.lines.outdent()

    def _begin_blockquote(self, given: dict[str, str]) -> None:
        self.lines.indent("> ", "> ")

    _end_blockquote = _end_li

    def _begin_pre(self, given: dict[str, str]) -> None:
        self._pre += 1
        self.lines.indent("    ", "    ")

    def _end_pre(self) -> None:
        self._pre -= 1
        self.lines.outdent()

    def _begin_h1(self, given: dict[str, str]) -> None:
        self.lines.begin_heading()

    _begin_h2 = _begin_h1

    def _begin_table(self, given: dict[str, str]) -> None:
        self._tables.append("data" in given.get("class", "").split())

    def _end_table(self) -> None:
        del self._tables[-1:]

    def _begin_tr(self, given: dict[str, str]) -> None:
        self._in_row = False

    def _begin_td(self, given: dict[str, str]) -> None:
        is_data = bool(self._tables) and self._tables[-1]
        if not is_data:
            self.lines.need(1)
        elif self._in_row:
            self.lines.write(" | ")
        self._in_row = True

    _begin_th = _begin_td
