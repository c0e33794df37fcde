"""A fault lab that cannot find a fault is worth nothing: evidence that is not as promised, and what is said of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.report import Report
from hato.faults.__main__ import compare
from hato.faults.list import make_rows
from hato.faults.trouble import SHORT, Trouble
from hato.faults.verdict import Evidence, Result, judge

QUIET = Trouble("quiet", 4)
STATUS = {"throttled_calls": 0, "injected_throttles": 0, "dropped_answers": 0}
ROWS = make_rows(4)
PEOPLE = sorted(ROWS.expected)


def report(**changed: Any) -> Report:
    """A finished campaign's report; `accepted` and the like are its numbers."""
    ends = {"invalid": 1, "duplicate": 1, "suppressed": 1, "accepted": 4, "already_sent": 0, "failed": 0, "unknown": 0}
    events = {"delivered": 4, "bounced": 0, "soft_bounced": 0, "opened": 0, "clicked": 0, "complained": 0}
    summary = {
        "part": "summary",
        "status": changed.pop("status", "finished"),
        "reason": changed.pop("reason", ""),
        "finished_at": "t",
        "rows": ROWS.count,
        **{name: changed.pop(name, count) for name, count in ends.items()},
    }
    return Report.from_parts("c1", [summary], [{"part": "2026-01-31T06", **events, **changed}])


def lines(**ends: str) -> list[dict[str, str]]:
    """report.csv, in which these people, by the numbers in their names, have these ends."""
    good = [{"email": email, "outcome": ends.get(f"r{email[6]}", "accepted")} for email in PEOPLE]
    return [
        *good,
        {"email": ROWS.suppressed[0], "outcome": "suppressed"},
        {"email": "not-an-address-0", "outcome": "invalid"},
        {"email": PEOPLE[0], "outcome": "duplicate"},
    ]


def mail(email: str, at: str = "2026-01-31T08:00:00.000Z", message_id: str = "") -> dict[str, Any]:
    return {"to": [email], "accepted_at": at, "message_id": message_id or f"to {email}"}


def told(email: str, at: str = "2026-01-31T08:00:01.000Z", message_id: str = "") -> dict[str, Any]:
    return {
        "recipient": email,
        "message_id": message_id or f"to {email}",
        "kind": "Delivery",
        "detail": "",
        "published": bool(at),
        "published_at": at,
    }


def sent(email: str) -> dict[str, Any]:
    return {"email": email, "accepted_at": "t"}


GOOD = Evidence(
    rows=ROWS,
    report=report(),
    lines=lines(),
    inbox=[mail(email) for email in PEOPLE],
    events=[told(email) for email in PEOPLE],
    ledger=[sent(email) for email in PEOPLE],
)


def verdict(found: Evidence, trouble: Trouble = QUIET) -> Result:
    return judge(trouble, found, 0, 1.0, STATUS)


def test_a_run_as_promised_has_nothing_wrong() -> None:
    result = verdict(GOOD)
    assert result.wrong == ()
    assert (result.accepted, result.inbox, result.lost, result.doubled, result.unknown) == (4, 4, 0, 0, 0)
    assert result.balanced


def without_one(found: Evidence) -> Evidence:
    return replace(found, inbox=found.inbox[1:])


def again(seconds: str, is_told: str = "2026-01-31T08:00:01.000Z") -> Callable[[Evidence], Evidence]:
    """The first of them got it a second time at this second; the first mail's event was told at that time."""

    def change(found: Evidence) -> Evidence:
        second = mail(PEOPLE[0], f"2026-01-31T08:00:{seconds}.000Z", "again")
        return replace(
            found,
            inbox=[*found.inbox, second],
            events=[told(PEOPLE[0], is_told), *found.events[1:], told(PEOPLE[0], message_id="again")],
        )

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without_one, "1 are lost"),
        (without_one, "1 are reported as sent and were not"),
        (again("30"), "1 were sent to twice though an event could tell"),
        (lambda found: replace(found, report=report(status="failed", reason="why")), "the campaign is failed: why"),
        (lambda found: replace(found, report=report(accepted=3)), "the rows do not balance"),
        (lambda found: replace(found, lines=found.lines[1:]), "the rows do not balance"),
        (lambda found: replace(found, lines=lines(r1="failed")), "1 were sent to and are reported as not"),
        (lambda found: replace(found, lines=lines(r1="unknown")), "1 are unknown though every event came"),
        (lambda found: replace(found, ledger=found.ledger[1:]), "the ledger and the report differ"),
        (
            lambda found: replace(found, inbox=[*found.inbox, mail(ROWS.suppressed[0])]),
            "1 were sent to who must not be",
        ),
        (lambda found: replace(found, report=report(delivered=5)), "5 are counted as delivered, and it is 4"),
    ],
)
def test_what_is_not_as_promised_is_said(change: Callable[[Evidence], Evidence], said: str) -> None:
    assert any(said in sentence for sentence in verdict(change(GOOD)).wrong)


@pytest.mark.parametrize(
    "change", [again("04"), again("30", is_told=""), again("30", is_told="2026-01-31T08:00:29.000Z")]
)
def test_a_second_mail_that_no_event_could_have_kept_back_is_counted_and_not_held_against_it(
    change: Callable[[Evidence], Evidence],
) -> None:
    result = verdict(change(GOOD))
    assert result.doubled == 1
    assert not any("twice" in sentence for sentence in result.wrong)


def test_nobody_may_get_it_twice_where_unknown_outcomes_are_held() -> None:
    held = replace(QUIET, unknown_outcomes="hold", deaf=True)
    assert any("held" in sentence for sentence in verdict(again("30", is_told="")(GOOD), held).wrong)


def test_who_has_no_mail_and_is_reported_as_unknown_is_not_lost() -> None:
    deaf = replace(QUIET, deaf=True)
    found = replace(GOOD, inbox=GOOD.inbox[1:], lines=lines(r0="unknown"), ledger=GOOD.ledger[1:])
    found = replace(found, report=report(accepted=3, unknown=1, delivered=3), events=GOOD.events[1:])
    assert (verdict(found, deaf).lost, verdict(found, deaf).unknown, verdict(found, deaf).wrong) == (0, 1, ())


def test_who_was_claimed_once_more_is_counted() -> None:
    again = [item | {"attempt": attempt} for item, attempt in zip(GOOD.ledger, (1, 2, 3, 1), strict=True)]
    assert verdict(GOOD).taken_over == 0
    assert verdict(replace(GOOD, ledger=again)).taken_over == 2


def test_in_calm_ses_answers_as_it_should_and_its_events_still_come_twice() -> None:
    assert SHORT.calm.keys() == {name for name in SHORT.ses if not name.startswith("event_")}
    assert set(SHORT.calm.values()) == {0}


def test_a_run_in_trouble_is_compared_with_the_quiet_one_of_as_many() -> None:
    quiet = verdict(GOOD)
    troubled = replace(quiet, name="troubled", kills=2, accepted=3)
    assert compare([quiet, replace(troubled, accepted=4)]) == []
    assert compare([quiet, troubled]) == ["troubled: accepted is 3, and 4 where nothing goes wrong"]
    assert compare([quiet, replace(troubled, recipients=5)]) == []


def test_a_run_can_be_made_smaller_with_as_many_kills_for_each_recipient() -> None:
    assert (SHORT.kills, SHORT.recipients) != (1, 100)
    assert replace(SHORT, kills=30, recipients=10_000).with_recipients(1_000).kills == 3
    assert replace(SHORT, kills=3, recipients=1_000).with_recipients(10).kills == 1


def test_the_list_has_rows_that_must_not_be_sent_to() -> None:
    rows = make_rows(300)
    assert (len(rows.expected), len(rows.suppressed), rows.count) == (300, 3, 309)
    assert rows.csv.count(b"\n") == 310
