"""What all pages share: their templates, and the headers that keep others out of them."""

from functools import cache, partial
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from chalicelib.web import assets, dates, figures, names
from chalicelib.web.words import Words

Answer = tuple[int, dict[str, str], Any]

_DENIED = ("camera", "geolocation", "microphone", "payment", "usb")


def headers(form_action: str = "'self'", *, has_script: bool = True) -> dict[str, str]:
    """The headers of a page that loads nothing, stands in no other, and is kept nowhere.

    It runs our one script, which asks only the page's own address again; without `has_script` it runs none.
    """
    rules = {
        "default-src": "'none'",
        "style-src": assets.style().source,
        **({"script-src": assets.script().source, "connect-src": "'self'"} if has_script else {}),
        "base-uri": "'none'",
        "form-action": form_action,
        "frame-ancestors": "'none'",
    }
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in rules.items()),
        "Content-Type": "text/html; charset=utf-8",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _DENIED),
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def page(template: str, language: str = "en", **values: Any) -> str:
    """The template as HTML in this language, filled in; every value is escaped."""
    t = Words(language)
    return _templates().get_template(template).render(language=t.language, t=t, **values)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(assets.TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"style": assets.style().text, "script": assets.script().text, "names": names}
    environment.globals |= {"time": dates.time, "short_day": dates.short_day, "list_name": figures.list_name}
    environment.globals |= {tag: partial(_element, tag) for tag in ("b", "bdi", "code")}
    environment.filters |= {
        "number": figures.number,
        "percent": figures.percent,
        "width": figures.width,
        "times": dates.times,
    }
    return environment


def _element(tag: str, text: str) -> Markup:
    """The text, escaped, as an element that may stand among our words."""
    return Markup("<{0}>{1}</{0}>").format(tag, text)
