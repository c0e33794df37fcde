"""Where a text names an address: in any spelling, and not where it is only part of a longer one."""

import re
from collections.abc import Iterable

from chalicelib.domain.forgotten import NOBODY
from chalicelib.domain.recipient import AddressInvalid, canonical_address

_OVERLAP = 1000  # characters: more than an address in any spelling has
_IN_LOCAL = r"A-Za-z0-9.!#$%&'*+/=?^_`{|}~-"
# In JSON, right before an address, what is written so would look like a part of it.
_escaped = re.compile(r"\\(?:[nrt]|u00[0-9a-fA-F]{2})")
_full_width = re.compile("[！-～]")
_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


class Naming:
    """Finds one address in texts, and takes it out."""

    def __init__(self, email: str) -> None:
        self._email = email
        self._forms = {email, _unicode_form(email)}
        either = "|".join(map(re.escape, sorted(self._forms)))
        # Not after what could be more of a local part, and not before what could be more of a domain.
        self._find = re.compile(rf"(?<![{_IN_LOCAL}])(?:{either})(?![A-Za-z0-9-]|\.[A-Za-z0-9])", re.IGNORECASE)

    def is_it(self, text: str) -> bool:
        """Whether the text is this address and nothing else."""
        try:
            return text == self._email or canonical_address(text) == self._email
        except AddressInvalid:  # so may be the one that is looked for
            return text.strip().lower() == self._email

    def named_in(self, text: str) -> bool:
        """Whether the text names the address anywhere."""
        plain = text.translate(_PLAIN) if _full_width.search(text) else text
        lower = plain.lower()
        return any(form in lower for form in self._forms) and self._find.search(plain) is not None

    def named_in_json(self, text: str) -> bool:
        """Whether one of the texts in this JSON may name it."""
        return self.named_in(_escaped.sub(" ", text))

    def named_in_any(self, pieces: Iterable[str], *, are_json: bool = False) -> bool:
        """Whether a text that comes in pieces names it anywhere."""
        named_in, tail = self.named_in_json if are_json else self.named_in, ""
        for piece in pieces:
            if named_in(tail + piece):
                return True
            tail = (tail + piece)[-_OVERLAP:]
        return False

    def without(self, text: str) -> str:
        """The text with `forgotten` in the place of the address."""
        if self.is_it(text):
            return NOBODY
        left = self._find.sub(NOBODY, text)
        return NOBODY if self.named_in(left) else left  # in full-width letters there is no telling what stood where


def as_named(text: str) -> str:
    """The address as it is looked for: canonical, or as it is where Hato could not write to it, as `a..b@docomo.ne.jp`.

    Raises AddressInvalid where nobody could have such an address.
    """
    try:
        return canonical_address(text)
    except AddressInvalid:
        plain = text.translate(_PLAIN).strip().lower()
        if re.fullmatch(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+", plain):
            return plain
        raise


def _unicode_form(email: str) -> str:
    """The address with its domain as people read it."""
    local, _, domain = email.rpartition("@")
    try:
        return f"{local}@{domain.encode().decode('idna')}"
    except UnicodeError:
        return email
