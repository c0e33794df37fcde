"""Markdown's blocks with the statements of a template among them, put so that the HTML stays whole either way.

- `{% if x %}Text{% endif %}` as a paragraph of its own goes around the paragraph, so that no empty one is left.
- A list whose items stand between lines of `{% if x %}` or `{% for x in y %}` stays one list.
"""

import re
from itertools import pairwise

from markdown_it.token import Token

from hato.mails.pieces import Pieces, is_balanced

_LISTS = {"bullet_list_open", "ordered_list_open"}
_WRAPPED = {"paragraph_open", "heading_open"}


def arranged(tokens: list[Token], pieces: Pieces) -> list[Token]:
    """The tokens of some blocks that follow each other, and of all blocks within them, arranged."""
    blocks = [_inner(block, pieces) for block in _blocks(tokens)]
    made: list[Token] = []
    at = 0
    while at < len(blocks):
        run = _run(blocks, at)
        made += _one_list(run) if _is_one_list(run, pieces) else [token for block in run for token in block]
        at += len(run)
    return made


def _blocks(tokens: list[Token]) -> list[list[Token]]:
    """The tokens cut into whole blocks."""
    blocks: list[list[Token]] = []
    depth = 0
    for token in tokens:
        if depth == 0:
            blocks.append([])
        blocks[-1].append(token)
        depth += token.nesting
    return blocks


def _inner(block: list[Token], pieces: Pieces) -> list[Token]:
    if block[0].type in _WRAPPED:
        return _hoisted(block, pieces)
    return [block[0], *arranged(block[1:-1], pieces), block[-1]] if len(block) > 2 else block


def _hoisted(block: list[Token], pieces: Pieces) -> list[Token]:
    opening, inline, closing = block
    word = pieces.statement_pattern
    found = re.fullmatch(rf"({word})((?:(?!{word}).)*)({word})", inline.content, re.DOTALL)
    if opening.hidden or not found or not is_balanced(pieces.keywords(inline.content)):
        return block
    inline.content = found[2].strip()
    return [_statement(found[1]), opening, inline, closing, _statement(found[3])]


def _statement(word: str) -> Token:
    return Token("statement", "", 0, content=word, block=True)


def _run(blocks: list[list[Token]], at: int) -> list[list[Token]]:
    """From there on all that may be one list: statements and lists of one kind, with no blank line between."""
    kind = next((block[0].type for block in blocks[at:] if block[0].type != "statement"), "")
    run = blocks[at : at + 1]
    if kind not in _LISTS or run[0][0].type not in {kind, "statement"}:
        return run
    for before, block in pairwise(blocks[at:]):
        if block[0].type not in {kind, "statement"} or _line(block, 0) > _line(before, 1):
            break
        run.append(block)
    return run


def _line(block: list[Token], side: int) -> int:
    return block[0].map[side] if block[0].map else 0


def _is_one_list(run: list[list[Token]], pieces: Pieces) -> bool:
    words = " ".join(block[0].content for block in run if block[0].type == "statement")
    return len(run) > 1 and any(block[0].type in _LISTS for block in run) and is_balanced(pieces.keywords(words))


def _one_list(run: list[list[Token]]) -> list[Token]:
    """One list of all items; statements between them, and around them, are inside it."""
    lists = [block for block in run if block[0].type in _LISTS]
    items = [block if block[0].type == "statement" else block[1:-1] for block in run]
    return [lists[0][0], *(token for block in items for token in block), lists[0][-1]]
