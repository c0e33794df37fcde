"""What one delivery adds to its campaign's counters."""

from typing import Any

import pytest

from chalicelib.domain.facts import FACT_TIMES
from chalicelib.domain.tally import TOTALS, difference, tally

AT = "2026-01-31T08:15:00.000Z"
LATER = "2026-02-01T23:59:59.999Z"


def counted(**item: Any) -> set[tuple[str, str]]:
    return {tuple(count) for count in tally({"email": "a@gmail.com", **item})}


def test_a_delivery_of_which_nothing_was_told_counts_nowhere() -> None:
    assert counted(claimed_at=AT, accepted_at=AT, message_id="m") == set()


def test_a_delivery_counts_at_its_hour_and_for_its_provider() -> None:
    assert counted(delivered_at=AT) == {("2026-01-31T06", "delivered@08"), ("2026-01-31T06", "delivered_to/gmail")}


@pytest.mark.parametrize(
    ("hour", "since"),
    [("00", "00"), ("05", "00"), ("06", "06"), ("11", "06"), ("12", "12"), ("18", "18"), ("23", "18")],
)
def test_what_is_counted_belongs_to_the_quarter_of_the_day_that_it_came_in(hour: str, since: str) -> None:
    assert {at for at, _ in counted(delivered_at=f"2026-01-31T{hour}:59:59.999Z")} == {f"2026-01-31T{since}"}


@pytest.mark.parametrize(
    ("detail", "name"),
    [
        ("General: smtp; 550 5.1.1", "bounced/General"),
        ("OnAccountSuppressionList", "bounced/OnAccountSuppressionList"),
        ("smtp; 550 5.1.1", "bounced"),
        ("", "bounced"),
    ],
)
def test_a_bounce_counts_under_its_sort_where_ses_says_one(detail: str, name: str) -> None:
    assert counted(bounced_at=AT, bounced_detail=detail) == {
        ("2026-01-31T06", name),
        ("2026-01-31T06", "bounced_by/gmail"),
    }


def test_a_bounce_for_now_and_one_that_nobody_can_tell_are_counted_apart() -> None:
    found = {name for _, name in counted(soft_bounced_at=AT, undetermined_bounced_at=AT)}
    assert found == {"soft_bounced", "soft_bounced_by/gmail", "undetermined_bounced"}


def test_opens_count_at_the_first_and_the_first_of_a_person() -> None:
    opens = {f"{AT} bot", f"{LATER} person", "2026-02-03T00:00:00.000Z unsaid"}
    assert counted(opens=opens) == {("2026-01-31T06", "opened@08"), ("2026-02-01T18", "human_opened@23")}


def test_clicks_count_once_for_each_link_by_whomever_and_by_people() -> None:
    clicks = {f"{AT} bot 0", f"{AT} bot 1", f"{LATER} person 1", f"{LATER} unsaid other"}
    assert counted(clicks=clicks) == {
        ("2026-01-31T06", "clicked@08"),
        ("2026-02-01T18", "human_clicked@23"),
        ("2026-01-31T06", "clicked_link/0"),
        ("2026-01-31T06", "clicked_link/1"),
        ("2026-02-01T18", "clicked_link/other"),
        ("2026-02-01T18", "human_clicked_link/1"),
        ("2026-02-01T18", "human_clicked_link/other"),
    }


def test_events_that_hato_does_not_know_count_by_their_names() -> None:
    found = counted(unknown_event_at=AT, unknown_events={"Teleported", "Complaint not-spam"})
    assert {name for _, name in found} == {"unknown_event/Teleported", "unknown_event/Complaint not-spam"}


@pytest.mark.parametrize("attribute", FACT_TIMES)
def test_every_fact_that_a_delivery_can_have_moves_a_counter_that_is_shown(attribute: str) -> None:
    sets = {"opens": {f"{AT} unsaid"}, "clicks": {f"{AT} unsaid 0"}, "unknown_events": {"x"}}
    wanted = {"opened_at": "opens", "clicked_at": "clicks", "unknown_event_at": "unknown_events"}
    name = attribute.removesuffix("_at")
    more = {wanted[attribute]: sets[wanted[attribute]]} if attribute in wanted else {}
    found = {each.partition("@")[0].partition("/")[0] for _, each in counted(**{attribute: AT}, **more)}
    assert name in found
    assert name in {*TOTALS, "unknown_event"}


def test_a_change_of_a_delivery_takes_back_what_it_no_longer_counts_for() -> None:
    before = {"email": "a@example.com", "opens": {f"{LATER} unsaid"}}
    after = before | {"opens": {f"{LATER} unsaid", f"{AT} bot"}}
    assert difference(before, after) == {("2026-01-31T06", "opened@08"): 1, ("2026-02-01T18", "opened@23"): -1}
    assert difference(after, after) == {}
