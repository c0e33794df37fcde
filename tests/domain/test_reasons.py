"""Why rows ended as they did, in a few sentences."""

from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.reasons import MOST_SHOWN, OTHERS, Reasons, without_particulars


def counted(*outcomes: tuple[OutcomeKind, str]) -> dict[str, dict[str, int]]:
    reasons = Reasons()
    for row, (kind, reason) in enumerate(outcomes, 2):
        reasons.add(Outcome(row, "a@example.com", kind, reason))
    return reasons.to_document()


def test_rows_are_counted_by_their_end_and_reason_the_most_frequent_first() -> None:
    failed, invalid = OutcomeKind.FAILED, OutcomeKind.INVALID
    found = counted((failed, "a"), (invalid, "a"), (failed, "b"), (failed, "b"), (OutcomeKind.ACCEPTED, ""))
    assert found == {"failed": {"b": 2, "a": 1}, "invalid": {"a": 1}}
    assert list(found["failed"]) == ["b", "a"]


def test_what_differs_from_row_to_row_is_left_out() -> None:
    sentence = "Accepted 2026-01-31T08:15:30.123Z in campaign c-1."
    assert without_particulars(sentence) == "Accepted … in campaign c-1."


def test_no_address_is_told_in_full() -> None:
    sentence = "Not verified: taro.yamada@example.com, <hana@example.jp>"
    assert without_particulars(sentence) == "Not verified: t***@example.com, <h***@example.jp>"


def test_reasons_that_are_too_many_are_taken_together_and_no_row_is_lost() -> None:
    many = [(OutcomeKind.FAILED, f"host {number} said no") for number in range(3_000)]
    found = counted(*many, *[(OutcomeKind.FAILED, "the most frequent")] * 2)["failed"]
    assert len(found) == MOST_SHOWN + 1
    assert list(found)[-1] == OTHERS
    assert sum(found.values()) == 3_002
