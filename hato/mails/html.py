"""A whole HTML page made ready for mail programs: CSS inlined, and the statements of its template in their places."""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

import css_inline

from chalicelib.errors import MailInvalid
from hato.mails.pieces import Pieces

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])

_ATTRIBUTES = r"""(?:[^>"']++|"[^"]*+"|'[^']*+')*+"""
_construct = re.compile(
    rf"(?P<comment><!--.*?-->)|(?P<raw><(?P<name>style|script|title|textarea|xmp|iframe)\b{_ATTRIBUTES}>.*?</(?P=name)\s*>)"
    rf"|(?P<tag></?[a-z]{_ATTRIBUTES}>)",
    re.IGNORECASE | re.DOTALL,
)
_value = re.compile(r"""=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+)""")
_CODE = {"style", "script", "xmp", "iframe"}
_hidden = re.compile(r"(?i)display\s*:\s*none|mso-hide\s*:\s*all")
_is_whole = re.compile(r"(?i)<(?:!doctype|html|body)\b")
_first_style = re.compile(r"(.{0,500}?<head[^>]*>)(<style>.*?</style>)", re.DOTALL)
_inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def is_whole(html: str) -> bool:
    """Whether this is a page, and no part of one."""
    return _is_whole.search(html) is not None


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """Whether an element with these attributes is not shown."""
    return "hidden" in attributes or _hidden.search(attributes.get("style", "")) is not None


def ready(html: str, pieces: Pieces) -> str:
    """The page with its CSS inlined; media queries stay in its head. Raises MailInvalid.

    Every statement stands as a comment where it is between elements, and whole elements are between it and its end.
    """
    marked = _marked(html, pieces)
    try:
        made = _with_styles_last(_inliner.inline(marked))
    except css_inline.InlineError as error:
        raise MailInvalid(f"the CSS cannot be read: {error}.") from None
    kept = set(re.findall(pieces.pattern, made))
    for word in re.findall(pieces.pattern, html):
        if word not in kept:
            raise MailInvalid(f"{pieces.show(word)} stands where it cannot stay; put it into an element's text.")
    _Blocks(pieces).check(made)
    return made


def _with_styles_last(html: str) -> str:
    """The page with the media queries, which css-inline puts before even the character set, at the end of its head."""
    found = _first_style.match(html)
    at = html.find("</head>")
    return found[1] + html[found.end() : at] + found[2] + html[at:] if found else html


def _marked(html: str, pieces: Pieces) -> str:
    """With statements as comments where there can be some. Raises MailInvalid for pieces in code or loose in tags."""
    made, rest = [], 0
    for found in _construct.finditer(html):
        made.append(_commented(html[rest : found.start()], pieces))
        _refuse_loose(found, pieces)
        made.append(found[0])
        rest = found.end()
    return _with_bodies("".join([*made, _commented(html[rest:], pieces)]), pieces)


def _with_bodies(html: str, pieces: Pieces) -> str:
    """With the <tbody> that a parser would put between a statement and the rows that it is about."""
    return re.sub(
        rf"(?i)(<table\b{_ATTRIBUTES}>)(\s*(?:<!--{pieces.statement_pattern}-->\s*)+<tr\b)", r"\1<tbody>\2", html
    )


def _commented(text: str, pieces: Pieces) -> str:
    if found := re.search(rf"</?({pieces.pattern})", text):
        raise MailInvalid(
            f"{pieces.show(found[1])} stands behind a <, where its value would be the name of an element."
        )
    return re.sub(pieces.statement_pattern, lambda found: f"<!--{found[0]}-->", text)


def _refuse_loose(found: re.Match[str], pieces: Pieces) -> None:
    if found["raw"] and found["name"].lower() in _CODE:
        name = found["name"].lower()
        for piece in _shown(found["raw"], pieces):
            raise MailInvalid(f"{piece} stands in a <{name}> element, where its value could be code.")
    if found["tag"]:
        for piece in _shown(_value.sub("", found["tag"]), pieces):
            raise MailInvalid(
                f"{piece} stands in a tag outside of an attribute's value; put it around the element, or into a value."
            )


def _shown(text: str, pieces: Pieces) -> Iterator[str]:
    return (pieces.show(word) for word in re.findall(pieces.pattern, text) if pieces.show(word))


class _Blocks(HTMLParser):
    """Looks whether tags are free of the template, and each of its blocks ends in the element that it begins in."""

    def __init__(self, pieces: Pieces) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces = pieces
        self._elements: list[int] = []
        self._count = 0
        self._blocks: list[tuple[str, int]] = []

    def check(self, html: str) -> None:
        """Raises MailInvalid."""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        for name in (tag, *(name for name, _ in attributes)):
            if re.search(self._pieces.pattern, name):
                raise MailInvalid(f"{self._pieces.show(name)} stands where its value would be part of a tag.")
        if tag not in VOID:
            self._count += 1
            self._elements.append(self._count)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            del self._elements[-1:]

    def handle_comment(self, data: str) -> None:
        if not re.fullmatch(self._pieces.statement_pattern, data):
            return
        here = self._elements[-1] if self._elements else 0
        for keyword in self._pieces.keywords(data):
            if keyword in {"if", "for"}:
                self._blocks.append((self._pieces.show(data), here))
            elif keyword in {"elif", "else", "endif", "endfor"} and self._blocks:
                piece, begin = self._blocks[-1]
                if begin != here:
                    raise MailInvalid(
                        f"{piece} begins in one element and {self._pieces.show(data)} stands in another; "
                        "put them so that whole elements are between them."
                    )
                if keyword.startswith("end"):
                    self._blocks.pop()
