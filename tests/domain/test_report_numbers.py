"""A report's numbers as a CSV file."""

import csv
import io

from chalicelib.domain.report import Report
from chalicelib.domain.report_numbers import numbers_csv

PARTS = [
    {
        "part": "summary",
        "status": "finished",
        "reason": "=1+1",
        "mail_id": "@SUM(A1)",
        "source": '鳩, and "more"',
        "created_at": "2026-05-01T08:00:00.000Z",
        "finished_at": "2026-05-01T09:00:00.000Z",
        "rows": 3,
        "batches": 1,
        "accepted": 3,
        "reasons": {"failed": {"-2+3": 1}},
    },
    {"part": "links", "links": ["=HYPERLINK()"]},
]
EVENTS = [
    {
        "part": "2026-05-01T06",
        "delivered@08": 2,
        "bounced/General": 1,
        "delivered_to/Gmail": 2,
        "clicked_link/0": 4,
    },
]


def numbers(report: Report) -> dict[str, str]:
    content = numbers_csv(report)
    assert content.startswith("\ufeffname,value\r\n")
    rows = list(csv.reader(io.StringIO(content.removeprefix("\ufeff"))))
    assert all(len(row) == 2 for row in rows)
    assert len({name for name, _ in rows}) == len(rows)
    return {row[0]: row[1] for row in rows}


def test_the_numbers_have_the_names_that_they_have_in_json() -> None:
    found = numbers(Report.from_parts("c-1", PARTS, EVENTS))
    assert (found["campaign_id"], found["rows"], found["accepted"], found["delivered"]) == ("c-1", "3", "3", "2")
    assert found["balanced"] == "1"
    assert found["source"] == '鳩, and "more"'


def test_what_there_are_several_of_is_named_by_what_tells_it_from_the_others() -> None:
    found = numbers(Report.from_parts("c-1", PARTS, EVENTS))
    assert found["hours/2026-05-01T08:00Z/delivered"] == "2"
    assert found["bounces/bounced/General/mails"] == "1"


def test_no_cell_is_a_formula() -> None:
    found = numbers(Report.from_parts("c-1", PARTS, EVENTS))
    assert (found["reason"], found["mail_id"]) == ("'=1+1", "'@SUM(A1)")
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in found.items() for cell in row)


def test_a_campaign_without_anything_has_its_numbers_too() -> None:
    assert numbers(Report.from_parts("c-1", []))["rows"] == "0"
