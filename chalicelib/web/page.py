"""What all pages share: their templates, and the headers that keep others out of them."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

Answer = tuple[int, dict[str, str], Any]

_TEMPLATES = Path(__file__).parent.parent / "templates"


def headers(form_action: str = "'none'") -> dict[str, str]:
    """The headers of a page that loads nothing, stands in no other, and is kept nowhere."""
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
        f"form-action {form_action}; frame-ancestors 'none'",
        "Content-Type": "text/html; charset=utf-8",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def page(template: str, **values: Any) -> str:
    """The template as HTML, filled in; every value is escaped."""
    return _templates().get_template(template).render(values)


@cache
def _templates() -> Environment:
    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined)
