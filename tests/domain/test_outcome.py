"""The seven ends of a row."""

import json

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.outcome import Outcome, OutcomeKind, as_lines, read_lines, tally

OUTCOMES = st.builds(Outcome, st.integers(1), st.text(), st.sampled_from(OutcomeKind), st.text(), st.text())


@given(OUTCOMES)
def test_an_outcome_round_trips_through_json(outcome: Outcome) -> None:
    assert Outcome.from_document(json.loads(json.dumps(outcome.to_document()))) == outcome


@given(st.lists(OUTCOMES, max_size=5))
def test_outcomes_round_trip_through_an_outcome_file_of_a_line_each(outcomes: list[Outcome]) -> None:
    file = as_lines(outcomes).encode()
    assert file.count(b"\n") == len(outcomes)
    assert list(read_lines(file)) == outcomes


def test_what_is_empty_is_not_written() -> None:
    assert Outcome(2, "a@example.com", OutcomeKind.ACCEPTED).to_document() == {
        "row": 2,
        "email": "a@example.com",
        "outcome": "accepted",
    }


@given(st.lists(OUTCOMES))
def test_a_tally_counts_every_outcome_under_exactly_one_of_the_seven_ends(outcomes: list[Outcome]) -> None:
    counts = tally(outcomes)
    assert list(counts) == [kind.value for kind in OutcomeKind]
    assert len(counts) == 7
    assert sum(counts.values()) == len(outcomes)
    assert all(counts[kind.value] == sum(each.kind is kind for each in outcomes) for kind in OutcomeKind)
