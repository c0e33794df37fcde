"""UTM parameters: what says in a web site's statistics that a visitor came from this mail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

KEYS = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "utm_id")
SOURCE, MEDIUM = "newsletter", "email"

_page = re.compile(r"(?i)https?://([^/?#]*)")
_there = re.compile(r"(?i)[?&;]utm_[a-z]+=")


class UtmInvalid(ValueError):
    """The parameters are none; the text goes on from the key's name."""


@dataclass(frozen=True, slots=True)
class Utm:
    """The parameters of one mail, in order."""

    parameters: tuple[tuple[str, str], ...] = ()

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, str]) -> "Utm":
        """The parameters that the author gave. Raises UtmInvalid."""
        for name, value in mapping.items():
            if name not in KEYS:
                raise UtmInvalid(f"has no {name}; known are {', '.join(KEYS)}")
            if not value or "{{" in value or "{%" in value:
                raise UtmInvalid(f"has a {name} that is empty or a merge field")
        return cls(tuple((name, mapping[name]) for name in KEYS if name in mapping))

    def for_mail(self, mail_id: str) -> "Utm":
        """The parameters with source, medium and campaign, which statistics need, where the author gave none."""
        given = {"utm_source": SOURCE, "utm_medium": MEDIUM, "utm_campaign": mail_id} | dict(self.parameters)
        return replace(self, parameters=tuple((name, given[name]) for name in KEYS if name in given))

    def added_to(self, url: str, field: str, statement: str) -> str:
        """The address with the parameters, before its fragment; as it is where they are not wanted.

        `field` and `statement` are the patterns of what stands for the pieces of the template. Not wanted are they in
        what is no page, where the host is filled in, where the address depends on a condition, and where it has
        parameters of this kind already.
        """
        page = _page.match(url)
        if not page or not page[1] or re.search(field, page[1]) or re.search(statement, url) or _there.search(url):
            return url
        address, mark, fragment = url.partition("#")
        joint = "" if address.endswith(("?", "&")) else "&" if "?" in address else "?"
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in self.parameters)
        return f"{address}{joint}{query}{mark}{fragment}"
