"""Any event is accepted, and only records are handed out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.envelope import Envelope

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def test_every_record_is_handed_out_in_order() -> None:
    records = [{"body": "1"}, {"body": "2"}, {}]
    assert list(Envelope({"Records": records}, None).records()) == records


@pytest.mark.parametrize(
    "event", [None, [], "Records", 7, {}, {"Records": None}, {"Records": 7}, {"Records": {"a": {}}}, {"records": [{}]}]
)
def test_an_event_without_records_has_none(event: object) -> None:
    assert list(Envelope(event, None).records()) == []


def test_what_is_no_record_is_passed_over() -> None:
    assert list(Envelope({"Records": [None, "x", {"body": "1"}, [{}]]}, None).records()) == [{"body": "1"}]


@given(ANYTHING)
def test_no_event_at_all_is_a_surprise(anything: object) -> None:
    for event in (anything, {"Records": anything}, {"Records": [anything]}):
        assert all(isinstance(record, dict) for record in Envelope(event, None).records())


def test_the_event_and_the_context_stay_as_they_came() -> None:
    event, context = {"Records": [{}]}, object()
    envelope = Envelope(event, context)
    assert envelope.to_dict() is event
    assert envelope.context is context
