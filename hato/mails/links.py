"""The links of a mail: UTM parameters where they are wanted, and SES's tracking kept off the unsubscribe link."""

import re
from html import escape, unescape

from hato.mails.markdown import URL
from hato.mails.pieces import Pieces
from hato.mails.utm import Utm

NO_TRACK = "ses:no-track"  # SES leaves a link alone whose tag has this attribute
_anchor = re.compile(r"""(?i)<a\b(?:[^>"]++|"[^"]*+")*+>""")
_target = re.compile(r'(?i)(\shref=")([^"]*)"')
_no_track = re.compile(rf'(?i)\s{NO_TRACK}(?:="[^"]*")?')


def in_html(html: str, pieces: Pieces, utm: Utm | None) -> str:
    """The page, whose attributes are all in double quotes, with its links made ready."""
    return _anchor.sub(lambda found: _tag(found[0], pieces, utm), html)


def in_text(text: str, pieces: Pieces, utm: Utm | None) -> str:
    """The text with its addresses made ready."""
    return URL.sub(lambda found: _address(found[0], pieces, utm), text)


def _tag(tag: str, pieces: Pieces, utm: Utm | None) -> str:
    found = _target.search(tag)
    if found is None:
        return tag
    is_plain = _no_track.search(tag) or pieces.unsubscribes(found[2])
    bare = _no_track.sub("", tag)  # the parser has made `ses:no-track=""` of it, which SES does not speak of
    address = escape(_address(unescape(found[2]), pieces, utm), quote=True)
    bare = _target.sub(lambda each: f'{each[1]}{address}"', bare, count=1)
    return f"<a {NO_TRACK}{bare[2:]}" if is_plain else bare


def _address(url: str, pieces: Pieces, utm: Utm | None) -> str:
    if utm is None or pieces.unsubscribes(url):
        return url
    return utm.added_to(url, pieces.pattern, pieces.statement_pattern)
