"""What a browser, or a program, asks with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from chalicelib.web.language import preferred

_MOST_FIELDS = 10
_OWN_SITE = {"same-origin", "none"}  # the latter: somebody typed the address, or loads the page again


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A request as far as routes look at it; header names are small, or found however they are written."""

    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def token(self) -> str:
        """The link's token; empty where there is none."""
        return self.query.get("token", "")

    @property
    def language(self) -> str:
        """The language of the pages that its sender reads best."""
        return preferred(self.headers.get("accept-language", ""))

    @property
    def wants_json(self) -> bool:
        """Whether the answer is for a program."""
        return self.query.get("format") == "json" or "application/json" in self.headers.get("accept", "")

    @property
    def is_from_elsewhere(self) -> bool:
        """Whether a browser says that another site's page sent it."""
        return self.headers.get("sec-fetch-site", "none") not in _OWN_SITE

    def form(self, name: str) -> str:
        """A field of the form that was sent; empty where there is none."""
        try:
            found = parse_qs(self.body.decode("utf-8", "replace"), max_num_fields=_MOST_FIELDS)
        except ValueError:  # more fields than any form of ours has
            return ""
        return found.get(name, [""])[0]
