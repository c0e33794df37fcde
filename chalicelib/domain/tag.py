"""Ids as SES tag values, which may hold only ASCII letters, digits, `_` and `-`."""

import base64
import binascii
import re

_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,256}")
_ENCODED = "x--"


def to_tag(value: str) -> str:
    """The id as a tag value: itself where SES takes it, else `x--` and its base64url form."""
    if _PLAIN.fullmatch(value) and not value.startswith(_ENCODED):
        return value
    return _ENCODED + base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")


def from_tag(tag: str) -> str:
    """The id that `to_tag` made this tag from; a tag that it did not make is returned as it is."""
    if not tag.startswith(_ENCODED):
        return tag
    body = tag.removeprefix(_ENCODED)
    try:
        value = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
    except (binascii.Error, ValueError):
        return tag
    return value if to_tag(value) == tag else tag
