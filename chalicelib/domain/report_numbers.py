"""A report's numbers as lines of name and value, safe for spreadsheets."""

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.domain.report import Report
from chalicelib.domain.report_file import harmless

COLUMNS = ("name", "value")
# What there are several of: their list in the report's document, and what tells one from another.
_SEVERAL = {
    "hours": ("starts_at",),
    "bounces": ("kind", "sort"),
    "providers": ("name",),
    "links": ("link",),
    "reasons": ("outcome", "reason"),
}


def numbers_csv(report: Report) -> str:
    """The report as a CSV file with a byte order mark, for spreadsheets.

    The names are those of the report's document; what there are several of is named by its list, by what tells it from
    the others, and by the number: `providers/Gmail/delivered`.
    """
    buffer = io.StringIO("\ufeff")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    writer.writerows((harmless(name), _shown(value)) for name, value in _lines(report.to_document()))
    return buffer.getvalue()


def _lines(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in document.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}/{key}", number) for key, number in value.items())
        elif isinstance(value, list):
            yield from _lines_of_several(name, value)
        else:
            yield name, value


def _lines_of_several(name: str, several: list[Mapping[str, Any]]) -> Iterator[tuple[str, Any]]:
    for each in several:
        which = "/".join((name, *(str(each[key]) for key in _SEVERAL[name])))
        yield from ((f"{which}/{number}", value) for number, value in each.items() if number not in _SEVERAL[name])


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return harmless(value) if isinstance(value, str) else str(value)
