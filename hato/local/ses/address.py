"""E-mail addresses as SES takes them: an ASCII local part, a domain in ASCII, perhaps a display name."""

from __future__ import annotations

import re
from typing import NamedTuple

_WITH_NAME = re.compile(r"^\s*(?P<name>.*?)\s*<(?P<address>[^<>]*)>\s*$", re.DOTALL)
_CONTROL_OR_SPACE = re.compile(r"[\x00-\x20\x7f]")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_QUOTED_LOCAL = re.compile(r'"(?:[ !#-\[\]-~]|\\[ -~])*"')
_DOMAIN = re.compile(r"[A-Za-z0-9.-]+")
_LONGEST = 320


class BadAddress(ValueError):
    """Why SES would not take an address, in its own words (they are JavaMail's)."""


class Mailbox(NamedTuple):
    name: str
    address: str

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2].lower()


def read_mailbox(text: str) -> Mailbox:
    """The mailbox in `Name <local@domain>` or `local@domain`; BadAddress says what is wrong with it."""
    if "\r" in text or "\n" in text:
        raise BadAddress("Local address contains control or whitespace")
    found = _WITH_NAME.match(text)
    name, address = (found["name"], found["address"]) if found else ("", text)
    local, at, domain = address.rpartition("@")
    if not at or not domain:
        raise BadAddress("Missing final '@domain'")
    if len(address) > _LONGEST:
        raise BadAddress("Address length is more than 320 characters long")
    _check_local(local)
    _check_domain(domain)
    return Mailbox(_unquoted(name), address)


def _check_local(local: str) -> None:
    if not local:
        raise BadAddress("Missing local name")
    if _QUOTED_LOCAL.fullmatch(local):
        return
    if _CONTROL_OR_SPACE.search(local):
        raise BadAddress("Local address contains control or whitespace")
    _check_dots(local, "Local address")
    # SES does not speak SMTPUTF8, so a local part beyond ASCII cannot be delivered.
    if not _LOCAL.fullmatch(local):
        raise BadAddress("Local address contains illegal character")


def _check_domain(domain: str) -> None:
    if _CONTROL_OR_SPACE.search(domain):
        raise BadAddress("Domain contains control or whitespace")
    _check_dots(domain, "Domain")
    if not _DOMAIN.fullmatch(domain):  # an international domain has to come as punycode
        raise BadAddress("Domain contains illegal character")


def _check_dots(part: str, what: str) -> None:
    if part.startswith("."):
        raise BadAddress(f"{what} starts with dot")
    if part.endswith("."):
        raise BadAddress(f"{what} ends with dot")
    if ".." in part:
        raise BadAddress(f"{what} contains dot-dot")


def _unquoted(name: str) -> str:
    if len(name) >= 2 and name[0] == name[-1] == '"':
        return re.sub(r"\\(.)", r"\1", name[1:-1])
    return name
