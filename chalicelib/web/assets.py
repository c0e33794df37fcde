"""The pages' style and script: one file each, put into a page as they are and allowed there by their hashes."""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

TEMPLATES = Path(__file__).parent.parent / "templates"


@dataclass(frozen=True, slots=True)
class Asset:
    """A text that stands in pages, and the source expression by which a Content-Security-Policy allows it."""

    text: Markup
    source: str

    @classmethod
    def read(cls, name: str) -> "Asset":
        """The asset in this file."""
        text = (TEMPLATES / name).read_text(encoding="utf-8")
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        return cls(Markup(text), f"'sha256-{digest}'")  # noqa: S704 - our own file, and no value goes into it


@cache
def style() -> Asset:
    """The style of all pages."""
    return Asset.read("page.css")


@cache
def script() -> Asset:
    """The script of the pages that follow a campaign while it is sent."""
    return Asset.read("live.js")
