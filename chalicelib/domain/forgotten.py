"""Whoever asked to be erased: only a keyed hash of the address is kept, so that no later list can reach them.

Without the stage's key nobody can tell from a hash whose it is, not even by trying every address there is.
"""

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

MARKER = "#forgotten"  # the item that says that there are hashes to look up
REASON = "The address was erased on request."
# Stands where the address stood in a file. `forgotten` is not enough where the file is read as addresses again.
NOBODY = "forgotten"
NOBODY_AT_ALL = "forgotten@forgotten.example"

_PREFIX = "forgotten:"
_BYTES = 16


def forgotten_key(key: str, email: str) -> str:
    """The key under which the Contacts table remembers that this canonical address is to be left alone."""
    digest = hmac.new(key.encode(), f"hato forgotten {email}".encode(), hashlib.sha256).digest()
    return _PREFIX + digest[:_BYTES].hex()


def is_about_the_forgotten(item: Mapping[str, Any]) -> bool:
    """Whether an item of the Contacts table is no contact, but says of somebody, or that there is somebody."""
    email = str(item.get("email", ""))
    return email == MARKER or email.startswith(_PREFIX)
