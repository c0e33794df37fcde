"""The template language of mails: Jinja's variables, conditions, loops and some filters, within bounds.

What comes from a list is text and never evaluated. What the mail's own author wrote may run long by mistake, and it
runs in a Lambda that others wait for; so there is nothing in the language that grows without end: loops share a
number of steps, texts have a longest length, and what could build large things in one go (`*`, `%`, `**`, macros,
`str.format`) is not part of it.
"""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS, do_join, do_replace
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import soft_str

from chalicelib.domain.language import LINK, shaped

MOST_STEPS = 1_000
MOST_CHARACTERS = 200_000  # of a part of a mail, and of any text made on the way

_FILTERS = frozenset(
    {"abs", "capitalize", "count", "d", "default", "e", "escape", "first", "float", "int", "last", "length", "lower"}
    | {"round", "string", "striptags", "title", "trim", "truncate", "upper", "urlencode"}
)
_TEXT_METHODS = frozenset(
    {"capitalize", "casefold", "count", "endswith", "find", "index", "lower", "lstrip", "partition", "removeprefix"}
    | {"removesuffix", "rfind", "rindex", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith"}
    | {"strip", "swapcase", "title", "upper"}
    | {"isalnum", "isalpha", "isascii", "isdecimal", "isdigit", "islower", "isnumeric", "isspace", "istitle", "isupper"}
)


# The address of a page, as almost all are: known at once.
_is_page = re.compile(r"https?://[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*(?:[/?#][!-~]*)?").fullmatch


class LinkInvalid(ValueError):
    """What was filled in where an address of a page belongs is none."""


class Steps:
    """Counts the steps of all loops of one mail."""

    def __init__(self) -> None:
        self._left = MOST_STEPS

    def __call__(self) -> None:
        """One step more. Raises SecurityError when there were too many."""
        self._left -= 1
        if self._left < 0:
            raise SecurityError(f"the template's loops take more than {MOST_STEPS:,} steps")


class MailEnvironment(ImmutableSandboxedEnvironment):
    """Compiles the templates of one kind of part: text, or HTML, in which values are escaped."""

    intercepted_binops = frozenset({"+", "*", "%"})

    def __init__(self, is_html: bool) -> None:
        super().__init__(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=is_html)
        self._is_html = is_html
        self.globals = {"range": range_of}
        bounded = {"join": _bounded(do_join), "replace": _bounded(do_replace)}
        self.filters = {name: FILTERS[name] for name in _FILTERS} | bounded | {LINK: link}

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        return shaped(template, self._is_html)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Of a text only what makes no larger text of it."""
        return attr in _TEXT_METHODS if isinstance(obj, str) else super().is_safe_attribute(obj, attr, value)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """`str.format` is no safe attribute; Jinja would let it through here."""
        return None

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Numbers as ever, texts by `+` only and no longer than MOST_CHARACTERS."""
        is_text = isinstance(left, str) or isinstance(right, str)
        if is_text and operator != "+":
            raise SecurityError(f"{operator} is for numbers only")
        result = super().call_binop(context, operator, left, right)
        return _checked(result) if is_text else result


def link(value: Any) -> Any:
    """The value as it is where it is an address of a page, of a mailbox or of a telephone, or empty."""
    text = str(value).strip()
    if not text or _is_page(text):
        return value
    try:
        parts = urlsplit(text)
    except ValueError:
        raise LinkInvalid("a link's field holds no address of a page") from None
    is_page = parts.scheme.lower() in {"http", "https"} and parts.hostname
    if not (is_page or parts.scheme.lower() in {"mailto", "tel"}) or any(c <= " " or c == "\x7f" for c in text):
        raise LinkInvalid("a link's field holds no address of a page")
    return value


def range_of(*bounds: int) -> range:
    """Python's range, of as many numbers as a loop may take steps."""
    numbers = range(*bounds)
    if len(numbers) > MOST_STEPS:
        raise SecurityError(f"range has more than {MOST_STEPS:,} numbers")
    return numbers


def _bounded(make: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, which may repeat one text in another as often as that is long, for texts that cannot grow by it."""

    def bounded(context: Any, value: Any, *args: Any, **options: Any) -> Any:
        pieces = [value, *args, *options.values()]
        if isinstance(value, list | tuple):
            pieces += value
        if len(soft_str(value)) * max(len(soft_str(each)) for each in pieces) > MOST_CHARACTERS * 10:
            raise SecurityError("a text becomes too long")
        return make(context, value, *args, **options)

    bounded.jinja_pass_arg = make.jinja_pass_arg  # type: ignore[attr-defined] # how Jinja knows what to hand over
    return bounded


def _checked(text: Any) -> Any:
    if len(text) > MOST_CHARACTERS:
        raise SecurityError(f"a text becomes longer than {MOST_CHARACTERS:,} characters")
    return text
