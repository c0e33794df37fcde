"""The files of a campaign without one person."""

import json

import pytest

from chalicelib.domain.batch import Batch
from chalicelib.domain.forgotten import NOBODY, NOBODY_AT_ALL
from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.recipient import Recipient, canonical_address
from chalicelib.domain.report_file import csv_chunks, read_csv
from hato.person.naming import Naming
from hato.person.redacting import Kind, kind_of, redacted

TARO = Naming("taro@example.com")


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("campaigns/c-1/outcomes/0.jsonl", Kind.OUTCOMES),
        ("campaigns/c-1/unsent/2/17.jsonl", Kind.OUTCOMES),
        ("campaigns/c-1/batches.jsonl", Kind.BATCHES),
        ("campaigns/c-1/batches-r2.jsonl", Kind.BATCHES),
        ("campaigns/c-1/rejected.csv", Kind.REPORT),
        ("campaigns/c-1/report.csv", Kind.REPORT),
        ("campaigns/c-1/run/manifest/SUCCEEDED_0.json", Kind.RUN),
        ("campaigns/c-1/mail.json", Kind.MAIL),
        ("broadcasts/hello.txt", Kind.MAIL),
        ("lists/m1/people.csv", Kind.LIST),
        ("lists/campaigns/c-1/report.csv", Kind.LIST),
        ("campaigns/c-1/by-hand.csv", Kind.LIST),
        ("elsewhere.csv", Kind.LIST),
    ],
)
def test_every_file_of_the_bucket_has_its_kind(key: str, kind: Kind) -> None:
    assert kind_of(key) is kind


def outcomes(*rows: Outcome) -> list[str]:
    return [json.dumps(row.to_document(), ensure_ascii=False) + "\n" for row in rows]


def test_a_row_of_the_person_stays_counted_and_names_nobody() -> None:
    other = Outcome(3, "hanako@example.com", OutcomeKind.ACCEPTED, "", "m-2")
    lines = outcomes(Outcome(2, "taro@example.com", OutcomeKind.FAILED, "Refused.", "m-1"), other)
    found = [Outcome.from_document(json.loads(line)) for line in redacted(Kind.OUTCOMES, lines, TARO)]
    assert found == [Outcome(2, NOBODY, OutcomeKind.FAILED), other]


def test_another_row_that_names_the_person_keeps_all_else() -> None:
    rows = [
        Outcome(2, "hanako@example.com; taro@example.com", OutcomeKind.INVALID, "More than one @."),
        Outcome(3, "hanako@example.com", OutcomeKind.FAILED, "550 taro@example.com is full"),
    ]
    found = list(read_csv(b"".join(redacted(Kind.REPORT, csv_text(rows), TARO)).decode("utf-8-sig").splitlines(True)))
    assert [row.email for row in found] == ["hanako@example.com; forgotten", "hanako@example.com"]
    assert [row.reason for row in found] == ["More than one @.", "550 forgotten is full"]


def test_a_report_keeps_its_rows_and_what_a_spreadsheet_would_run_stays_harmless() -> None:
    rows = [
        Outcome(2, "=1+1@example.com", OutcomeKind.INVALID, 'quote " and\nline'),
        Outcome(3, "Taro <Taro@Example.com>", OutcomeKind.DUPLICATE, "An earlier row has the same address."),
        Outcome(4, "taro@example.com", OutcomeKind.ACCEPTED, "", "m-1"),
    ]
    written = b"".join(redacted(Kind.REPORT, csv_text(rows), TARO))
    expected = [rows[0], Outcome(3, NOBODY, OutcomeKind.DUPLICATE), Outcome(4, NOBODY, OutcomeKind.ACCEPTED)]
    assert written == b"".join(csv_chunks(expected))


def csv_text(rows: list[Outcome]) -> list[str]:
    return b"".join(csv_chunks(rows)).decode("utf-8-sig").splitlines(keepends=True)


def test_a_batch_can_still_be_read_and_its_person_is_nobody() -> None:
    people = (
        Recipient(2, "taro@example.com", {"email": "Taro@example.com", "name": "Taro"}),
        Recipient(3, "hanako@example.com", {"name": "Hanako", "friend": "see:\ntaro@example.com"}),
    )
    untouched = Batch("c1", "m1", 1, (Recipient(4, "jiro@example.com", {"n": "line\u2028sep"}),)).to_line() + "\n"
    lines = [Batch("c1", "m1", 0, people).to_line() + "\n", untouched]
    first, second = (piece.decode() for piece in redacted(Kind.BATCHES, lines, TARO))
    assert second == untouched
    assert Batch.from_document(json.loads(first)).recipients == (
        Recipient(2, NOBODY_AT_ALL, {}),
        Recipient(3, "hanako@example.com", {"name": "Hanako", "friend": f"see:\n{NOBODY}"}),
    )
    assert canonical_address(NOBODY_AT_ALL) == NOBODY_AT_ALL
