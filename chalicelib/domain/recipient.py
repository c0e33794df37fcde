"""Recipients, and the one rule of what counts as the same address.

Two addresses are the same if `canonical_address` makes the same text of them: no spaces or control characters
around, no display name, full-width letters made plain, all lower case (the local part too: no provider in use
tells `Taro@` from `taro@`, and a person must not get a mail twice), the domain in punycode. Dots and `+tags`
are kept.
"""

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

SHARDS = 32

# Dot-atom and host name, in lower case, for texts of at most 64 characters, so that no part of one can be too long;
# no label with two dashes (punycode). What it does not know goes to the `email-validator` library, which agrees with
# it (tested).
_PLAIN_LENGTH = 64
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]++"
_LOCAL = rf"{_ATOM}(?:\.{_ATOM})*+"
_PLAIN = (
    rf"{_LOCAL}@(?:[a-z0-9]++[.-])++(?<=\.)[a-z]{{2,}}+"
    r"(?<!\.arpa)(?<!\.invalid)(?<!\.local)(?<!\.localhost)(?<!\.onion)"
)
_is_local = re.compile(_LOCAL, re.IGNORECASE | re.ASCII).fullmatch
_is_plain = re.compile(_PLAIN).fullmatch
_are_plain = re.compile(rf"(?:{_PLAIN}\n)*+").fullmatch
_find_plain = re.compile(rf"(?:(?!.{{{_PLAIN_LENGTH + 1}}})({_PLAIN})|.*)\n").findall

# Full-width ASCII, as NFKC has it. The rest of NFKC would make another person's address of one: of `taro²@`,
# `taro2@`.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
# Spaces (U+3000 too), control characters, and what is pasted along unseen: soft hyphen, zero-width, marks,
# BOM.
_INVISIBLE = ((0x00, 0x20), (0x7F, 0xA0), (0xAD, 0xAD), (0x2000, 0x200F), (0x2028, 0x202F), (0x205F, 0x2064))
_AROUND = "".join(chr(code) for low, high in _INVISIBLE for code in range(low, high + 1)) + "\u1680\u3000\ufeff"

_LOCAL_LENGTH = 64
_ADDRESS_LENGTH = 254
_TEXT_LENGTH = 1000  # with a display name; more is not read at all
_named = re.compile(r"([^<>]*)<([^<>]*)>").fullmatch


class AddressInvalid(ValueError):
    """The text is no address that SES can send to; `reason` is a sentence that does not repeat it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Recipient(NamedTuple):
    """One row of a list that is to get the mail: its number, canonical address and fields."""

    row: int
    email: str
    fields: Mapping[str, str]


def canonical_address(text: str) -> str:
    """Return the address in the one form that is stored, compared and sent to, or raise AddressInvalid.

    Any text may be given, and `canonical_address(canonical_address(text)) == canonical_address(text)`.
    Special-use domains that people test with (`.test`, `example.com`) are addresses; those that never receive
    mail (`.invalid`, `.local`, `.localhost`, `.onion`, `.arpa`) are not. Quotes that are not needed are
    dropped; a local part that needs them (the `taro..y@` of old phones) is refused: AWS does not say that SES
    takes it, and one bad address can fail a call for fifty.
    """
    if plain := _plain(text):
        return plain
    if len(text) > _TEXT_LENGTH:
        raise AddressInvalid("The text is too long for an address.")
    address = _without_name(text.translate(_FULL_WIDTH).strip(_AROUND))
    if plain := _plain(address):
        return plain
    local, at, domain = address.rpartition("@")
    for is_wrong, reason in _FAULTS:
        if is_wrong(local, at, domain):
            raise AddressInvalid(reason)
    return _judged_by_library(address)


def plain_addresses(texts: Sequence[str]) -> Sequence[str]:
    """Return the canonical address for each text that is a plain address, and nothing for any other, all at once."""
    joined = "\n".join(texts)
    if not joined.isascii() or joined.count("\n") >= len(texts):
        return list(map(_plain, texts))
    lower = joined.lower()
    if max(map(len, texts)) > _PLAIN_LENGTH or not _are_plain(lower + "\n"):
        return _find_plain(lower + "\n")
    return texts if lower == joined else lower.split("\n")


def shorten(address: str) -> str:
    """Return `t***@example.com` for logs; any text may be given, and the local part is never shown whole."""
    local, _, domain = address.rpartition("@")
    shown = local[0] if len(local) > 1 and local[0].isascii() and local[0].isalnum() else ""
    host = re.match(r"[A-Za-z0-9.-]{0,253}", domain)
    return f"{shown}***@{host.group()}" if local and host else "***"


def shard_of(address: str) -> int:
    """Return which of the SHARDS a canonical address belongs to: the same in every process, for ever."""
    return zlib.crc32(address.encode()) % SHARDS


def shard_tag(shard: int) -> str:
    """Return the shard as keys and tags have it, "00" to "31"."""
    return f"{shard:02d}"


def _plain(text: str) -> str:
    # Lower case is looked at only of ASCII: there are other letters that become ASCII in lower case.
    lower = text.lower() if len(text) <= _PLAIN_LENGTH and text.isascii() else ""
    return lower if _is_plain(lower) else ""


def _without_name(text: str) -> str:
    """Return what stands in the angle brackets of `Taro <taro@example.com>`, or the text."""
    named = _named(text)
    if named is None:
        return text
    name, address = named.group(1).strip(_AROUND + "\"'"), named.group(2).strip(_AROUND)
    if "@" in name and name.lower() != address.lower():
        raise AddressInvalid("There is more than one @ in the text; a row holds one address.")
    return address


def _is_quoted(local: str) -> bool:
    return len(local) > 1 and local[0] == local[-1] == '"'


# The first test that holds gives the reason: (local part, "@" or nothing, domain) -> wrong?
_FAULTS: tuple[tuple[Callable[[str, str, str], bool], str], ...] = (
    (lambda local, at, domain: not at and not domain, "There is no address."),
    (lambda local, at, domain: not at, "There is no @ in the address."),
    (lambda local, at, domain: not local, "There is nothing before the @."),
    (lambda local, at, domain: not domain, "There is nothing after the @."),
    (
        lambda local, at, domain: "@" in local and not _is_quoted(local),
        "There is more than one @ in the text; a row holds one address.",
    ),
    (
        lambda local, at, domain: not local.isascii(),
        "The part before the @ has letters that are not ASCII; SES cannot send there.",
    ),
    (
        lambda local, at, domain: len(local) > _LOCAL_LENGTH,
        "The part before the @ is longer than 64 characters.",
    ),
    (
        lambda local, at, domain: any(map(str.isspace, local + domain)) and not _is_quoted(local),
        "There is a space inside the address.",
    ),
    (
        lambda local, at, domain: f".{local}.".find("..") >= 0 and not _is_quoted(local),
        "The part before the @ begins or ends with a dot, or has two dots together.",
    ),
    (
        lambda local, at, domain: not (_is_quoted(local) or _is_local(local)),
        "The part before the @ has a character that addresses do not have.",
    ),
)


def _judged_by_library(address: str) -> str:
    # Here, because loading it takes longer than all the rest of a Lambda's domain code, and most lists never
    # need it.
    from email_validator import validate_email

    try:
        # test_environment allows the domain .test; without deliverability checks nothing is looked up.
        judged = validate_email(address, check_deliverability=False, test_environment=True, allow_quoted_local=True)
    except ValueError as error:
        raise AddressInvalid(_library_reason(address)) from error
    canonical = (judged.ascii_email or "").lower()
    if not _is_local(canonical.rpartition("@")[0]):
        raise AddressInvalid("The part before the @ needs quotes; SES cannot be relied on to take it.")
    if "." not in judged.domain:
        raise AddressInvalid("The part after the @ has no dot.")
    if len(canonical) > _ADDRESS_LENGTH:
        raise AddressInvalid("The address is longer than 254 characters.")
    return canonical


def _library_reason(address: str) -> str:
    """Return our own sentence for what the library refused: its messages may repeat parts of the address."""
    local, _, domain = address.rpartition("@")
    if _is_quoted(local):
        return "The part before the @ needs quotes; SES cannot be relied on to take it."
    if domain.lower().endswith((".arpa", ".invalid", ".local", ".localhost", ".onion")):
        return "The domain is reserved and receives no mail."
    if "." not in domain:
        return "The part after the @ has no dot."
    if len(address) > _ADDRESS_LENGTH:
        return "The address is longer than 254 characters."
    return "The part after the @ is not a domain name."
