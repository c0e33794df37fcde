"""Markdown to HTML, with the pieces of a template in it as `Pieces` has hidden them."""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from hato.mails.blocks import arranged
from hato.mails.emphasis import tokenize_emphasis
from hato.mails.language import is_wide
from hato.mails.pieces import Pieces

URL = re.compile(r"https?://[^\s<>\"'`「」『』（）【】、。！？]+[^\s<>\"'`「」『』（）【】、。！？.,:;!?*_~)\]]")
_BUTTON = (
    '<table role="presentation" class="button" cellpadding="0" cellspacing="0" border="0"><tr><td>',
    "</td></tr></table>\n",
)


def to_html(source: str, pieces: Pieces) -> str:
    """The Markdown as HTML for the body of a page.

    CommonMark with tables and ~~strikethrough~~. HTML in it stays as it is. Addresses of pages become links by
    themselves; a link that is a paragraph of its own becomes a button.
    """
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    markdown.validateLink = lambda url: True  # type: ignore[method-assign] # `hato mail check` names a bad one
    markdown.block.ruler.before("table", "statement", _statement_rule(pieces), {"alt": _INTERRUPTED})
    markdown.inline.ruler.at("emphasis", tokenize_emphasis)
    markdown.core.ruler.after("block", "arrange", lambda state: _arrange(state, pieces))
    markdown.core.ruler.push("finish", lambda state: _finish(state, pieces))
    markdown.add_render_rule("statement", lambda _, tokens, at, *__: tokens[at].content + "\n")
    return str(markdown.render(source))


_INTERRUPTED = ["paragraph", "reference", "blockquote", "list"]


def _statement_rule(pieces: Pieces) -> Callable[[StateBlock, int, int, bool], bool]:
    """A line of nothing but statements is a block of its own, and no part of a paragraph or of a list's item."""
    whole = re.compile(rf"(?:{pieces.statement_pattern}\s*)+")

    def rule(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        line = state.getLines(start, start + 1, state.sCount[start], False).strip()
        if state.is_code_block(start) or not whole.fullmatch(line):
            return False
        if not silent:
            state.line = start + 1
            token = state.push("statement", "", 0)
            token.content, token.map = line, [start, start + 1]
        return True

    return rule


def _arrange(state: StateCore, pieces: Pieces) -> None:
    state.tokens = arranged(state.tokens, pieces)


def _finish(state: StateCore, pieces: Pieces) -> None:
    for token in state.tokens:
        if token.type == "inline":
            token.children = _linked(_joined(token.children or [], pieces))
        elif token.type == "table_open":
            token.attrSet("class", "data")
    for opening, inline, closing in zip(state.tokens, state.tokens[1:], state.tokens[2:], strict=False):
        if opening.type == "paragraph_open" and opening.level == 0 and _is_button(inline.children or [], pieces):
            for token, html in zip((opening, closing), _BUTTON, strict=True):
                token.type, token.tag, token.content = "html_block", "", html


def _joined(children: list[Token], pieces: Pieces) -> list[Token]:
    """Without the line breaks that kana and kanji have around them, which readers would see as a space."""
    for at, token in enumerate(children):
        if token.type == "softbreak" and _is_seamless(_text(children[:at]), _text(children[at + 1 :]), pieces):
            token.type, token.content = "text", ""
    return children


def _is_seamless(before: str, after: str, pieces: Pieces) -> bool:
    """Whether both sides are wide, or one of them is and the other a merge field."""
    sides = [before[-1:], after[:1]]
    wide = [bool(side) and is_wide(side) for side in sides]
    has_field = re.search(rf"{pieces.pattern}$", before), re.match(pieces.pattern, after)
    return any(wide) and all(w or f for w, f in zip(wide, has_field, strict=True))


def _text(tokens: list[Token]) -> str:
    return "".join(token.content for token in tokens)


def _linked(children: list[Token]) -> list[Token]:
    """With a link around each address of a page that is in none."""
    made: list[Token] = []
    inside = 0
    for token in children:
        inside += (token.type == "link_open") - (token.type == "link_close")
        if token.type == "html_inline":
            inside += token.content.lower().startswith("<a ") - token.content.lower().startswith("</a")
        made += _with_links(token) if token.type == "text" and not inside else [token]
    return made


def _with_links(token: Token) -> list[Token]:
    made, rest = [], 0
    for found in URL.finditer(token.content):
        link = Token("link_open", "a", 1, attrs={"href": found[0]}, info="auto")
        made += [_plain(token.content[rest : found.start()]), link, _plain(found[0]), Token("link_close", "a", -1)]
        rest = found.end()
    return [*made, _plain(token.content[rest:])]


def _plain(text: str) -> Token:
    return Token("text", "", 0, content=text)


def _is_button(children: list[Token], pieces: Pieces) -> bool:
    children = [token for token in children if token.type != "text" or token.content]
    if len(children) < 3 or children[0].type != "link_open" or children[0].info == "auto":
        return False
    is_alone = [token.type for token in children].index("link_close") == len(children) - 1
    has_picture = any(token.type == "image" for token in children)
    return is_alone and not has_picture and not pieces.unsubscribes(str(children[0].attrs.get("href", "")))
