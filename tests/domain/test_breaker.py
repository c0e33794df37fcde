"""The circuit breaker: when a campaign does so much harm that it should pause itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.breaker import Breaker, is_looked_at
from chalicelib.domain.event import EventKind
from chalicelib.domain.report import Report
from chalicelib.steps.record_event import WATCHED

BREAKER = Breaker(bounces=0.05, complaints=0.001, after=1000)
COUNTS = st.integers(0, 3000)


def report(**counted: int) -> Report:
    """A campaign that sends, with these counters."""
    parts = [{"part": "summary", "status": "sending"}, {"part": "counts#00", **counted}]
    return Report.from_parts("c-1", parts, [{"part": "2026-05-01T06", **counted}])


def trips(**counted: int) -> bool:
    return bool(BREAKER.reason_to_pause(report(**counted)))


def test_a_campaign_that_has_sent_nothing_does_no_harm() -> None:
    assert not trips()
    assert not Breaker(after=1).reason_to_pause(report(complained=5))


@pytest.mark.parametrize(
    ("counted", "is_tripped"),
    [
        ({"accepted": 1000, "bounced": 50}, False),  # the limit itself is not past it
        ({"accepted": 1000, "bounced": 51}, True),
        ({"accepted": 100_000, "bounced": 5000}, False),
        ({"accepted": 100_000, "bounced": 5001}, True),
        ({"accepted": 1000, "complained": 1}, False),
        ({"accepted": 1000, "complained": 2}, True),
        ({"accepted": 100_000, "complained": 100}, False),
        ({"accepted": 100_000, "complained": 101}, True),
        ({"accepted": 1000, "bounced": 50, "complained": 1}, False),  # the two are not added up
    ],
)
def test_it_trips_only_past_a_limit(counted: dict[str, int], is_tripped: bool) -> None:
    assert trips(**counted) is is_tripped


@pytest.mark.parametrize("harm", ["bounced", "complained"])
def test_it_trips_only_after_enough_mails_to_mean_anything(harm: str) -> None:
    assert not trips(accepted=999, **{harm: 999})
    assert trips(accepted=1000, **{harm: 999})


@pytest.mark.parametrize("counter", ["soft_bounced", "delayed", "rejected", "rendering_failed", "opened", "clicked"])
def test_nothing_but_hard_bounces_and_complaints_trips_it(counter: str) -> None:
    assert not trips(accepted=1000, delivered=1000, **{counter: 1000})


def test_the_events_that_it_watches_are_those_that_it_counts() -> None:
    assert {EventKind.BOUNCED_PERMANENTLY, EventKind.COMPLAINED} == WATCHED


def test_events_that_come_before_their_batch_is_counted_count_as_sent() -> None:
    assert not trips(delivered=900, bounced=60), "960 mails are not enough"
    assert trips(delivered=940, bounced=60)
    assert not trips(delivered=1940, bounced=60)


def test_mails_that_nothing_is_known_of_yet_count_as_sent() -> None:
    assert not trips(accepted=1200, delivered=900, bounced=60)


@pytest.mark.parametrize(
    ("breaker", "is_tripped"),
    [
        (Breaker(bounces=0.5, complaints=1.0, after=10), False),
        (Breaker(bounces=0.49, complaints=1.0, after=10), True),
        (Breaker(bounces=1.0, complaints=0.29, after=10), True),
        (Breaker(bounces=0.1, complaints=0.1, after=11), False),
    ],
)
def test_its_owner_chooses_its_limits(breaker: Breaker, is_tripped: bool) -> None:
    assert bool(breaker.reason_to_pause(report(accepted=10, bounced=5, complained=3))) is is_tripped


def test_it_says_what_happened_and_what_the_limit_is() -> None:
    assert BREAKER.reason_to_pause(report(accepted=2000, bounced=121)) == (
        "Paused by the circuit breaker: 121 of 2,000 mails bounced, 6.05%; the limit is 5.00%."
    )
    assert BREAKER.reason_to_pause(report(accepted=12_000, complained=15)) == (
        "Paused by the circuit breaker: 15 of 12,000 mails were complained of, 0.12%; the limit is 0.10%."
    )


def test_the_first_three_of_a_counter_are_looked_at_and_then_every_tenth() -> None:
    assert [number for number in range(1, 42) if is_looked_at(number)] == [1, 2, 3, 10, 20, 30, 40]


@given(st.integers(1, 10_000))
def test_nine_in_a_row_are_never_all_overlooked(first: int) -> None:
    assert any(map(is_looked_at, range(first, first + 10)))


@given(COUNTS, COUNTS, COUNTS, COUNTS, st.sampled_from(["bounced", "complained"]))
def test_more_harm_never_closes_it_again(
    accepted: int, delivered: int, bounced: int, complained: int, harm: str
) -> None:
    counted = {"accepted": accepted, "delivered": delivered, "bounced": bounced, "complained": complained}
    if trips(**counted):
        assert trips(**counted | {harm: counted[harm] + 1})
