"""A mail made ready to be filled in, by Jinja in its sandbox."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Template as CompiledTemplate
from jinja2 import TemplateError, meta

from chalicelib.domain.language import STEP
from chalicelib.domain.mail import CONTROLS, Mail, Rendered
from chalicelib.domain.sandbox import MOST_CHARACTERS, MailEnvironment, Steps
from chalicelib.errors import MailInvalid, MergeFieldMissing

# What Hato itself gives every mail, whatever columns a list has.
BUILT_IN = frozenset({"email", "unsubscribe_url"})

_PLAIN, _HTML = MailEnvironment(is_html=False), MailEnvironment(is_html=True)
_NOT_IN_A_NAME = re.compile(r"\W")


class Template:
    """A mail made ready to be filled in many times."""

    def __init__(self, mail: Mail) -> None:
        """Raises MailInvalid where a template does not parse."""
        self.mail = mail
        names: set[str] = set()
        parts = []
        for part, environment, source in (
            ("subject", _PLAIN, mail.subject),
            ("body", _PLAIN, mail.body),
            ("html", _HTML, mail.html),
        ):
            try:
                names |= meta.find_undeclared_variables(environment.parse(source))
                parts.append(_compiled(environment, source))
            except TemplateError as error:
                line = getattr(error, "lineno", None)
                where = f", line {line}" if line else ""
                why = str(error.message).rstrip(".")
                raise MailInvalid(f"Mail {mail.mail_id!r}, {part}{where}: {why}.") from None
            except (SyntaxError, ValueError, RecursionError) as error:  # Jinja leaves these to Python
                why = getattr(error, "msg", "") or str(error)  # a SyntaxError's line is not the template's
                raise MailInvalid(f"Mail {mail.mail_id!r}, {part}: {why}.") from None
        self.fields: frozenset[str] = frozenset(names) - BUILT_IN - {STEP}
        self._subject, self._text, self._html = parts

    def check_columns(self, columns: Iterable[str]) -> None:
        """Raises MergeFieldMissing where the mail uses a field that no column gives."""
        columns = list(columns)
        missing = sorted(self.fields - merge_fields(dict.fromkeys(columns, ""), "").keys())
        if missing:
            names = ", ".join("{{ " + name + " }}" for name in missing)
            raise MergeFieldMissing(
                f"Mail {self.mail.mail_id!r} uses {names}, but the list has only the columns "
                f"{', '.join(columns) or '(none)'}."
            )

    def render(self, email: str, fields: Mapping[str, str], unsubscribe_url: str = "") -> Rendered:
        """The mail for this recipient; values are text, never templates, and are escaped in HTML.

        Raises MergeFieldMissing for a field that this row lacks, MailInvalid where the template fails on it.
        """
        values: dict[str, Any] = merge_fields(fields, email) | {"unsubscribe_url": unsubscribe_url, STEP: Steps()}
        if not values.keys() >= self.fields:
            raise MergeFieldMissing(f"The row has no {', '.join(sorted(self.fields - values.keys()))}.")
        try:
            subject, text, html = (template.render(values) for template in (self._subject, self._text, self._html))
        except Exception as error:  # whatever a template's own expressions raise: the row fails, the batch goes on
            raise MailInvalid(f"The mail cannot be filled in for this row: {error}.") from error
        if max(len(text), len(html), len(subject)) > MOST_CHARACTERS:
            raise MailInvalid(f"The mail becomes longer than {MOST_CHARACTERS:,} characters for this row.")
        # A header is one line: a line break in a field must not become a header of its own.
        return Rendered(CONTROLS.sub(" ", subject).strip(), text, html)


def _compiled(environment: MailEnvironment, source: str) -> CompiledTemplate:
    template = environment.from_string(source)
    # Of Jinja's ChainMap each mail would make a dict anew: a tenth of the work of sending it.
    template.globals = dict(template.globals)
    return template


def merge_fields(fields: Mapping[str, str], email: str) -> dict[str, str]:
    """The names a template may use: each column as it is written and as an identifier, and `email`."""
    values = {_as_identifier(name): value for name, value in fields.items()}
    values.update(fields)
    values["email"] = email
    return values


@lru_cache(maxsize=1024)  # a list's columns, again and again
def _as_identifier(column: str) -> str:
    return _NOT_IN_A_NAME.sub("_", column)
