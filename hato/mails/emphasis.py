"""`*` and `**` in texts of kana and kanji, which have no spaces around words.

CommonMark wants a space or a mark on the outer side of `**` where a mark is on its inner side, so `**「鳩」**です`
stays as it is written. Here a wide character beside the stars is as good as a space.
"""

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.emphasis import tokenize
from markdown_it.rules_inline.state_inline import Delimiter

from hato.mails.language import is_wide


def tokenize_emphasis(state: StateInline, silent: bool) -> bool:
    """markdown-it's own rule, but for stars beside a wide character."""
    start = state.pos
    if silent or state.src[start] != "*":
        return tokenize(state, silent)
    length = state.scanDelims(start, True).length
    before = state.src[start - 1] if start > 0 else " "
    after = state.src[start + length] if start + length < state.posMax else " "
    if not (is_wide(before) or is_wide(after)):
        return tokenize(state, silent)
    opens, closes = _may_stand(before, after), _may_stand(after, before)
    for _ in range(length):
        state.push("text", "", 0).content = "*"
        at = len(state.tokens) - 1
        state.delimiters.append(Delimiter(ord("*"), length, at, -1, opens, closes))
    state.pos += length
    return True


def _may_stand(outside: str, inside: str) -> bool:
    """Whether stars may stand between these, as an opening of what is inside, or as its end."""
    if isWhiteSpace(ord(inside)):
        return False
    return not _is_mark(inside) or isWhiteSpace(ord(outside)) or _is_mark(outside) or is_wide(outside)


def _is_mark(character: str) -> bool:
    return isMdAsciiPunct(ord(character)) or isPunctChar(character)
