"""A campaign's numbers, and the CSV that says of every row how it ended."""

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.campaign import Status
from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.report import Report
from chalicelib.domain.report_file import COLUMNS, by_row, csv_chunks, read_csv
from chalicelib.domain.tally import HOURLY, TOTALS

FORMULA = "=+-@\t\r\n\0＝＋－＠"  # what OWASP names, with the full-width forms that a Japanese spreadsheet reads
SUMMARY = {
    "campaign_id": "c-1",
    "part": "summary",
    "status": "sending",
    "mail_id": "m-1",
    "source": "lists/m-1/a.csv",
    "created_at": "2026-05-01T12:00:00.000Z",
    "rows": 10,
    "invalid": 1,
    "duplicate": 2,
    "batches": 2,
}
ENDS = {"accepted": 4, "failed": 2, "unknown": 1}
COUNTS = [
    {"part": "counts#00", "accepted": 2},
    {"part": "counts#31", "accepted": 3, "failed": 1, "stranger": 9},
]
EVENTS = [
    {"campaign_id": "c-1#events#00", "part": "2026-05-01T12", "delivered@12": 1, "opened@13": 1},
    {"campaign_id": "c-1#events#31", "part": "2026-05-01T12", "delivered@12": 2, "stranger": 9},
]


def report(*parts: dict[str, object], events: Sequence[dict[str, object]] = ()) -> Report:
    return Report.from_parts("c-1", parts, events)


def written(outcomes: list[Outcome]) -> str:
    return b"".join(csv_chunks(outcomes)).decode("utf-8")


def read(text: str) -> list[Outcome]:
    return list(read_csv(io.StringIO(text.removeprefix("\ufeff"), newline="")))


# Numbers


def test_while_it_sends_a_campaigns_counters_speak() -> None:
    found = report(SUMMARY | {"accepted": 99}, *COUNTS)
    assert found.ends == {
        "invalid": 1,
        "duplicate": 2,
        "suppressed": 0,
        "already_sent": 0,
        "accepted": 5,
        "failed": 1,
        "unknown": 0,
    }
    assert (found.settled, found.rows, found.balanced, found.has_ended) == (9, 10, False, False)


@pytest.mark.parametrize("status", ["finished", "cancelled", "stopped", "failed"])
def test_an_ended_campaigns_totals_are_in_its_summary(status: str) -> None:
    found = report(*COUNTS, SUMMARY | ENDS | {"status": status, "finished_at": "2026-05-01T12:30:00.000Z"})
    assert (found.ends["accepted"], found.ends["failed"], found.ends["unknown"]) == (4, 2, 1)
    assert (found.settled, found.balanced, found.has_ended) == (10, True, True)


@pytest.mark.parametrize("status", ["finished", "cancelled", "stopped", "failed"])
def test_until_its_report_is_written_an_ended_campaign_goes_by_its_counters_and_has_not_ended(status: str) -> None:
    # The totals are an earlier round's.
    found = report(*COUNTS, SUMMARY | ENDS | {"status": status})
    assert (found.ends["accepted"], found.ends["failed"], found.ends["unknown"]) == (5, 1, 0)
    assert not found.has_ended


@pytest.mark.parametrize("status", ["preparing", "sending", "paused"])
def test_a_campaign_that_goes_on_has_not_ended_and_goes_by_its_counters(status: str) -> None:
    # Of a round before.
    found = report(*COUNTS, SUMMARY | ENDS | {"status": status, "finished_at": "2026-05-01T12:30:00.000Z"})
    assert found.ends["accepted"] == 5
    assert not found.has_ended


def test_a_campaign_that_ended_without_totals_keeps_what_was_counted() -> None:
    ended = SUMMARY | {"status": "failed", "finished_at": "2026-05-01T12:30:00.000Z"}
    assert report(ended, *COUNTS).ends["accepted"] == 5


def test_events_are_the_sum_of_all_counters_and_of_nothing_else() -> None:
    found = report(SUMMARY | {"delivered": 50}, *COUNTS, events=EVENTS)
    assert found.events == dict.fromkeys(TOTALS, 0) | {"delivered": 3, "opened": 1}


def test_a_campaign_without_any_numbers_is_being_prepared() -> None:
    found = report()
    assert (found.status, found.rows, found.settled, found.balanced) == (Status.PREPARING, 0, 0, True)
    assert (found.mail_id, found.source, found.reason, found.created_at, found.finished_at) == ("",) * 5


def test_a_document_holds_every_number_under_a_name_of_its_own() -> None:
    document = report(SUMMARY | {"reason": "why"}, *COUNTS, events=EVENTS).to_document()
    assert document == {
        "campaign_id": "c-1",
        "status": "sending",
        "reason": "why",
        "mail_id": "m-1",
        "source": "lists/m-1/a.csv",
        "created_at": "2026-05-01T12:00:00.000Z",
        "finished_at": "",
        "rows": 10,
        "batches": 2,
        "invalid": 1,
        "duplicate": 2,
        "suppressed": 0,
        "already_sent": 0,
        "accepted": 5,
        "failed": 1,
        "unknown": 0,
        "delivered": 3,
        "delayed": 0,
        "bounced": 0,
        "soft_bounced": 0,
        "undetermined_bounced": 0,
        "complained": 0,
        "rejected": 0,
        "rendering_failed": 0,
        "opened": 1,
        "human_opened": 0,
        "clicked": 0,
        "human_clicked": 0,
        "unsubscribed": 0,
        "balanced": False,
        "hours": [
            {"starts_at": f"2026-05-01T{hour}:00Z", **dict.fromkeys(HOURLY, 0), name: count}
            for hour, name, count in ((12, "delivered", 3), (13, "opened", 1))
        ],
        "bounces": [],
        "providers": [],
        "links": [],
        "unknown_events": {},
        "reasons": [],
    }


PARTS = (
    SUMMARY | {"reasons": {"failed": {"SES refused it.": 2}, "suppressed": {"It bounced.": 1, "It left.": 3}}},
    {"part": "links", "links": ["https://example.com/a", "https://example.com/{{ id }}"]},
)
KEYED = (
    {
        "part": "2026-05-01T06",
        "bounced/General": 2,
        "soft_bounced": 1,
        "delivered_to/gmail": 5,
        "bounced_by/other": 2,
        "clicked_link/1": 4,
        "human_clicked_link/1": 3,
        "clicked_link/other": 1,
        "clicked_link/0": 9,
        "unknown_event/Teleported": 1,
    },
    {"part": "2026-05-02T18", "bounced/General": 1, "bounced/NoEmail": 5, "bounced_by/gmail": 6},
)


def test_bounces_are_told_by_kind_and_sort() -> None:
    assert report(*PARTS, events=KEYED).bounces == [
        ("bounced", "NoEmail", 5),
        ("bounced", "General", 3),
        ("soft_bounced", "", 1),
    ]
    assert report(*PARTS, events=KEYED).events["bounced"] == 8


def test_providers_come_with_their_deliveries_and_bounces_the_largest_first() -> None:
    assert report(*PARTS, events=KEYED).providers == [("gmail", 5, 6, 0), ("other", 0, 2, 0)]


def test_links_come_as_the_mail_has_them_those_first_that_people_followed_most() -> None:
    assert report(*PARTS, events=KEYED).links == [
        ("https://example.com/{{ id }}", 4, 3),
        ("https://example.com/a", 9, 0),
        ("", 1, 0),
    ]


def test_events_that_hato_does_not_know_are_told_by_name() -> None:
    assert report(*PARTS, events=KEYED).unknown_events == {"Teleported": 1}


def test_reasons_come_by_the_end_that_they_led_to_the_most_frequent_first() -> None:
    assert report(*PARTS, events=KEYED).reasons == [
        ("suppressed", "It left.", 3),
        ("suppressed", "It bounced.", 1),
        ("failed", "SES refused it.", 2),
    ]


def test_a_share_of_nothing_is_none() -> None:
    assert report(SUMMARY, *COUNTS, events=EVENTS).share("delivered", "accepted") == 0.6
    assert report(SUMMARY).share("delivered", "accepted") is None


# CSV

CELL = st.lists(
    st.sampled_from([*FORMULA, "'", '"', ",", ";", "\r\n", "1", "太郎"]) | st.text(max_size=2), max_size=5
).map("".join)
CELLS = CELL.filter(lambda text: not any("\ud800" <= character <= "\udfff" for character in text))
OUTCOMES = st.lists(st.builds(Outcome, st.integers(1), CELLS, st.sampled_from(OutcomeKind), CELLS, CELLS), max_size=8)


@given(OUTCOMES)
def test_a_report_round_trips(outcomes: list[Outcome]) -> None:
    assert read(written(outcomes)) == outcomes


@given(OUTCOMES)
def test_no_cell_begins_with_what_a_spreadsheet_runs(outcomes: list[Outcome]) -> None:
    for record in csv.reader(io.StringIO(written(outcomes), newline="")):
        assert not any(cell.startswith(tuple(FORMULA)) for cell in record)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+tag@example.com", "'+tag@example.com"),
        ("'=1+1", "''=1+1"),
        ("''@", "'''@"),
        ("'tis", "'tis"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_only_what_could_run_is_quoted_and_comes_back_as_it_was(text: str, cell: str) -> None:
    file = written([Outcome(2, "a@example.com", OutcomeKind.FAILED, text)])
    assert list(csv.reader(io.StringIO(file, newline="")))[1][3] == cell
    assert read(file)[0].reason == text


@pytest.mark.parametrize("many", [0, 1, 999, 1000, 1001, 2500])
def test_a_long_report_comes_in_pieces_and_whole(many: int) -> None:
    outcomes = [Outcome(row, f"p{row}@example.com", OutcomeKind.ACCEPTED, "", "0100") for row in range(2, many + 2)]
    chunks = list(csv_chunks(outcomes))
    assert len(chunks) == 1 + many // 1000
    assert read(b"".join(chunks).decode()) == outcomes


@given(st.lists(st.integers(1, 20), max_size=8), st.lists(st.integers(1, 20), max_size=8))
def test_sent_and_rejected_rows_come_in_the_order_of_the_list(sent: list[int], rejected: list[int]) -> None:
    ends = [(sorted(sent), OutcomeKind.ACCEPTED), (sorted(rejected), OutcomeKind.INVALID)]
    first, second = ([Outcome(row, "a@example.com", kind) for row in rows] for rows, kind in ends)
    assert list(by_row(first, iter(second))) == sorted([*first, *second], key=lambda each: each.row)


def test_a_report_is_handed_out_while_it_is_made() -> None:
    outcomes = iter([Outcome(row, "a@example.com", OutcomeKind.ACCEPTED) for row in range(2000)])
    next(csv_chunks(outcomes))
    assert next(outcomes).row == 1000


def test_a_report_begins_with_one_byte_order_mark_and_its_columns() -> None:
    file = written([Outcome(2, "a@example.com", OutcomeKind.FAILED, "why", "0100")])
    assert file == "\ufeff" + ",".join(COLUMNS) + "\r\n2,a@example.com,failed,why,0100\r\n"
