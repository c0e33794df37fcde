"""The links of a mail that SES would track, as its reader's browser reads them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from html import unescape

MOST_LINKS = 50
_IN_TEXT = re.compile(r"""https?://[^\s"'<>]+""")
_ANCHOR = re.compile(r"""(?i)<a\s(?:[^>"']++|"[^"]*+"|'[^']*+')*+>""")
_HREF = re.compile(r"""(?i)\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_UNTRACKED = re.compile(r"(?i)\sses:no-track\b")
_WEB = re.compile(r"(?i)https?://")
_UNSUBSCRIBE = re.compile(r"(?i)https?://[^/?#]+[^?#]*/unsubscribe/")


def trackable_links(html: str | None, text: str | None) -> tuple[str, ...]:
    """The first links of the HTML, or of the text where there is none, each once; none that simulated people avoid."""
    found: dict[str, None] = {}
    for link in _links_of_text(text or "") if html is None else _links_of_html(html):
        # Interned: by the hundred thousand mails have the same links.
        if not _UNSUBSCRIBE.match(link):
            found.setdefault(sys.intern(link))
        if len(found) == MOST_LINKS:
            break
    return tuple(found)


def _links_of_html(html: str) -> Iterator[str]:
    for anchor in _ANCHOR.finditer(html):
        href = None if _UNTRACKED.search(anchor[0]) else _HREF.search(anchor[0])
        link = unescape(next(filter(None, href.groups()), "")).strip() if href else ""
        if _WEB.match(link):
            yield link


def _links_of_text(text: str) -> Iterator[str]:
    return (found[0] for found in _IN_TEXT.finditer(text))
