"""Whether the parts of a mail are there, and as they should be."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from chalicelib.domain.mail import Mail, Rendered
from hato.mails.checking.fields import judge_braces
from hato.mails.checking.finding import Finding, error, warning
from hato.mails.checking.html_part import judge_html
from hato.mails.checking.links import judge_text
from hato.mails.pieces import Pieces

CLIPPED, NEARLY_CLIPPED = 102 * 1024, 90 * 1024
MOST_SUBJECT_WIDTH = 78
_FEWEST_CAPITALS = 8
_UNSUBSCRIBE = "Put {{ unsubscribe_url }} there; `hato mail put FILE` does it by itself."


def judge_subject(subject: str, rendered: Sequence[Rendered], pieces: Pieces) -> Iterator[Finding]:
    """Whether the subject is there, short enough, and not shouted."""
    if any(not each.subject for each in rendered):
        yield error("subject", "The subject is empty for a recipient.", "Give its merge field a default.")
    longest = max((_width(each.subject) for each in rendered), default=0)
    if longest > MOST_SUBJECT_WIDTH:
        text = f"The subject is {longest} columns wide, and mail programs show {MOST_SUBJECT_WIDTH} at most."
        yield warning("subject", text, "Shorten it; a phone shows about 40.")
    own = re.sub(pieces.pattern, "", pieces.hide(subject))
    letters = [each for each in own if each.isupper() or each.islower()]
    if len(letters) >= _FEWEST_CAPITALS and all(each.isupper() for each in letters):
        yield warning("subject", "The subject is all capitals, as spam likes it.", "Write it in small letters.")
    yield from judge_braces("subject", own, pieces)


def judge_size(rendered: Sequence[Rendered]) -> Iterator[Finding]:
    """Whether Gmail would clip the HTML."""
    size = max((len(each.html.encode()) for each in rendered), default=0)
    text = f"The HTML is {size / 1024:.0f} KB; Gmail clips a mail at 102 KB, and the unsubscribe link with it."
    if size > CLIPPED:
        yield error("html", text, "Shorten it.")
    elif size >= NEARLY_CLIPPED:
        yield warning("html", text, "Shorten it before it grows.")


def judge_parts(mail: Mail, pieces: Pieces) -> Iterator[Finding]:
    """Whether both parts are there, let readers out, and have links and pictures that work."""
    text, html = pieces.hide(mail.body), pieces.hide(mail.html)
    if not text.strip():
        yield error("text", "There is no text part, only HTML, as spam has it.", "Add one; a Markdown file has both.")
    elif not pieces.unsubscribes(text):
        yield error("text", "The text part has no unsubscribe link.", _UNSUBSCRIBE)
    known: set[str] = set()
    if html.strip():
        if not pieces.unsubscribes(html):
            yield error("html", "The HTML part has no unsubscribe link.", _UNSUBSCRIBE)
        found, known = judge_html(html, pieces)
        yield from found
    yield from judge_text(text, pieces, known)
    yield from judge_braces("text", text, pieces)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
