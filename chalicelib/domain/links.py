"""The links of a mail whose clicks are counted: as the mail's author wrote them, whatever they come to for a person."""

import re
from collections.abc import Sequence
from html import unescape

MOST = 100  # links of a mail that are counted one by one
LONGEST = 1_000  # characters
OTHER = "other"

_anchor = re.compile(r"""(?i)<a\s(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_href = re.compile(r"""(?i)\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_untracked = re.compile(r"(?i)\sses:no-track\b")
_expression = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_page = re.compile(r"(?i)https?://|\{[{%]")


def links_of(html: str) -> tuple[str, ...]:
    """The links to pages in a mail's HTML, a template, each once and in their order; at most MOST of them."""
    found: dict[str, None] = {}
    for anchor in _anchor.finditer(html):
        href = None if _untracked.search(anchor[0]) else _href.search(anchor[0])
        link = unescape(next(filter(None, href.groups()), "")).strip() if href else ""
        if _page.match(link) and "unsubscribe_url" not in link and len(link) <= LONGEST:
            found.setdefault(link)
    return tuple(found)[:MOST]


class Links:
    """Finds the link that somebody followed among a mail's own."""

    def __init__(self, links: Sequence[str]) -> None:
        self._exact = {link: number for number, link in reversed(list(enumerate(links)))}
        patterns = [(number, _expression.split(link)) for number, link in enumerate(links)]
        # The one of which most is written out is meant, where several fit.
        self._patterns = sorted(
            ((number, parts) for number, parts in patterns if len(parts) > 1),
            key=lambda pattern: -sum(map(len, pattern[1])),
        )

    def number_of(self, url: str) -> str:
        """Which of the links it is, counted from "0"; OTHER where it is none of them."""
        for written in (url, unescape(url)):
            if written in self._exact:
                return str(self._exact[written])
            for number, parts in self._patterns:
                if _fits(written, parts):
                    return str(number)
        return OTHER


def _fits(url: str, parts: Sequence[str]) -> bool:
    """Whether the address consists of these parts with anything in between."""
    first, *middle, last = parts
    at, end = len(first), len(url) - len(last)
    if not url.startswith(first) or not url.endswith(last) or at > end:
        return False
    for part in middle:
        at = url.find(part, at, end)
        if at < 0:
            return False
        at += len(part)
    return True
