"""The mail that everybody sends, and to whom."""

from collections.abc import Iterator
from dataclasses import dataclass

SENDER = "Hato <news@example.com>"
MAIL_ID = "letter"
CAMPAIGN_ID = "side-by-side"

_PARAGRAPH = (
    '<p style="margin:0 0 16px;line-height:1.6">The pigeons came home before noon, all of them, and each had its '
    'letter at the leg. Read <a href="https://example.com/stories/{number}?from=letter">what they saw</a> on '
    "their way over the hills, and what the wind was like above the river.</p>\n"
)
_HTML = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>News</title></head>'
    '<body style="font-family:sans-serif;color:#222"><h1>Hello {{ name }}</h1>\n'
)
_FOOT = '<p><a href="{{ unsubscribe_url }}">Unsubscribe</a> {{ email }}</p></body></html>'


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail with the merge fields `name`, `email` and `unsubscribe_url`, in `{{ }}`."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody it goes to."""

    email: str
    name: str


LETTER = Letter(
    "News for {{ name }}",
    "Hello {{ name }},\n\nthe pigeons came home before noon.\n\nUnsubscribe: {{ unsubscribe_url }}\n",
    _HTML + "".join(_PARAGRAPH.format(number=number) for number in range(17)) + _FOOT,
)


def people(first: int, count: int) -> Iterator[Person]:
    """So many people, the same under the same numbers."""
    for number in range(first, first + count):
        yield Person(f"reader{number:08}@example.com", f"Reader O'{number:08}")


def filled_in(text: str, person: Person) -> str:
    """The text for this person, by plain replacing: the least that anybody can do."""
    url = f"https://example.com/unsubscribe/{person.email}"
    return (
        text.replace("{{ name }}", person.name)
        .replace("{{ email }}", person.email)
        .replace("{{ unsubscribe_url }}", url)
    )
