"""Times as pages show them: in UTC, and saying so, so that they are the same for everybody."""

import re
from datetime import UTC, date, datetime

from markupsafe import Markup

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


_time = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?Z")


def time(at: str, language: str, *, clock: str = "%H:%M") -> Markup:
    """A time of ISO 8601 as an element that programs read and people too; what is no time stays the text it is."""
    try:
        moment = datetime.fromisoformat(at)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return Markup.escape(at)
    said = f"{long_day(moment, language)} {moment:{clock}} UTC"
    return Markup('<time datetime="{}">{}</time>').format(f"{moment:%Y-%m-%dT%H:%M:%SZ}", said)


def times(text: str, language: str) -> Markup:
    """The text, escaped, with the times of ISO 8601 in it written out."""
    parts = (Markup.escape(part) for part in _time.split(text))
    found = (time(at, language) for at in _time.findall(text))
    return Markup("").join(part for pair in zip(parts, [*found, Markup("")], strict=True) for part in pair)


def long_day(day: date, language: str) -> str:
    """The day with its year."""
    if language == "ja":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def short_day(day: date, language: str) -> str:
    """The day without its year, in few letters."""
    return f"{day.month}/{day.day}" if language == "ja" else f"{day.day} {_MONTHS[day.month - 1]}"
