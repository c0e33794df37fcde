"""Texts in which nobody's address is shown whole."""

import re

from chalicelib.domain.recipient import shorten

# Quotes and braces may stand in an address before the @. From the start of a word only: a long text without any @
# would be searched again from each of its letters.
_ADDRESS = re.compile(r"(?<![^\s<>\"(),:;\[\]])[^\s<>\"(),:;\[\]]+@[^\s<>\"'(),:;\[\]{}]+")


def without_addresses(text: str) -> str:
    """The text with every e-mail address in it shortened."""
    return _ADDRESS.sub(lambda found: shorten(found[0]), text)
