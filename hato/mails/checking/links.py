"""Whether the address of a link, or of a picture, is one that a mail program can go to."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from hato.mails.checking.finding import Finding, error, warning
from hato.mails.pieces import Pieces

_scheme = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_CODE = {"javascript", "vbscript", "data", "file"}
_encoded = re.compile(r"\|\s*urlencode\b")
_mentioned = re.compile(r"(?i)(?<![\w/@.])(?:https?:|www\.)[^\s<>「」『』（）【】、。]*")
_WRITE_WHOLE = "Write it whole, as https://example.com/page."


def judge_address(address: str, part: str, pieces: Pieces) -> Iterator[Finding]:
    """What is amiss with an address, whose merge fields are hidden; at most one thing, and each loose merge field."""
    shown = pieces.show(address)
    mark = shown if len(shown) > 3 else ""
    found = _judged(address.strip(), pieces)
    if found:
        make, text, mend = found
        yield make(part, f"The link {shown!r} {text}." if shown.strip() else "A link has no address.", mend, mark)
    elif not address.startswith(("mailto:", "tel:")):
        yield from _loose_fields(address, part, pieces, mark)


def judge_text(text: str, pieces: Pieces, known: set[str]) -> Iterator[Finding]:
    """What is amiss with the addresses in a text, but for those that are known already from the HTML."""
    for address in dict.fromkeys(found[0].rstrip(".,:;!?)*") for found in _mentioned.finditer(text)):
        if address not in known:
            yield from judge_address(address, "text", pieces)


_Judged = tuple[Callable[[str, str, str, str], Finding], str, str] | None


def _judged(address: str, pieces: Pieces) -> _Judged:
    if not address:
        return error, "has no address", "Give it one, or take it out."
    if address.startswith("#") or re.match(pieces.pattern, address):
        return None
    if "{" in address or "}" in address:
        return error, "has a brace that belongs to no merge field", "A merge field is {{ name }}, with two braces."
    if re.search(r"\s", address):
        return error, "has a space in it", "Write %20 for a space, and {{ field|urlencode }} for a field."
    scheme = _scheme.match(address)
    if not scheme:
        return error, "is no whole address: a mail has no page that it could be relative to", _WRITE_WHOLE
    return _judged_by_scheme(scheme[1].lower(), address, pieces)


def _judged_by_scheme(scheme: str, address: str, pieces: Pieces) -> _Judged:
    rest = address.partition(":")[2]
    if scheme in {"http", "https"}:
        return _judged_page(scheme, address, pieces)
    if scheme in _CODE:
        return error, f"is a {scheme}: address, which mail programs refuse", _WRITE_WHOLE
    if scheme == "mailto":
        bad = not re.search(rf"@|{pieces.pattern}", rest)
        return (error, "names no mailbox", "Write mailto:name@example.com.") if bad else None
    if scheme == "tel":
        bad = not re.search(rf"\d|{pieces.pattern}", rest)
        return (error, "names no number", "Write tel:+81312345678.") if bad else None
    return warning, f"begins with {scheme}:, which few mail programs open", _WRITE_WHOLE


def _judged_page(scheme: str, address: str, pieces: Pieces) -> _Judged:
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return error, "has a host or a port that is none", _WRITE_WHOLE
    if not address[len(scheme) :].startswith("://") or not host:
        return error, f"has no host behind {scheme}://", _WRITE_WHOLE
    if host == "localhost" or host.endswith(".localhost") or host.startswith("127.") or host == "::1":
        return error, "goes to the reader's own machine", "Put the address of the public site there."
    has_field = re.search(pieces.pattern, host)
    if not has_field and ":" not in host and ("." not in host.strip(".") or ".." in host or host.startswith(".")):
        return error, f"has the host {host}, which is no name of the internet", _WRITE_WHOLE
    if scheme == "http":
        return warning, "is not encrypted", "Write https:// where the site has it."
    return None


def _loose_fields(address: str, part: str, pieces: Pieces, mark: str) -> Iterator[Finding]:
    for found in re.finditer(pieces.pattern, address):
        piece = pieces.show(found[0])
        if found.start() and piece.startswith("{{") and not _encoded.search(piece) and "unsubscribe_url" not in piece:
            yield warning(
                part,
                f"{piece} stands inside the link {pieces.show(address)!r} as it is in the list.",
                "Write {{ field|urlencode }}, so that spaces, & and / in a value do not break the link.",
                mark,
            )
