"""What a smoke test says of what it found: of what is as it must be, and of everything that is not."""

from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.report import Report
from hato.smoke import verdict
from hato.smoke.expectations import MAILBOXES, Mailbox, Plan

RUN = Plan("run")
BY_NAME: Mapping[str, Mailbox] = {mailbox.name: mailbox for mailbox in MAILBOXES}
# The ledger's attributes after all events of a mailbox have come.
COMPLETE = {
    "success": ("delivered_at",),
    "bounce": ("bounced_at",),
    "complaint": ("delivered_at", "complained_at"),
    "suppressionlist": ("bounced_at",),
    "ooto": ("delivered_at", "soft_bounced_at"),
}


def report(**changed: Any) -> Report:
    """The report of a first upload; `accepted` and the like are its numbers, `delivered` and the like its counters."""
    numbers = {"rows": 14, "accepted": 12, "duplicate": 1, "invalid": 1, "finished_at": "t", "status": "finished"}
    ends = {kind.value: 0 for kind in OutcomeKind} | numbers
    summary = {"part": "summary", **{name: changed.pop(name, value) for name, value in ends.items()}}
    summary["reason"] = changed.pop("reason", "")
    return Report.from_parts("c1", [summary], [{"part": "2026-01-31T06", **changed}])


def lines() -> dict[int, Outcome]:
    """The lines of report.csv as they must be, by their row."""
    reasons = {OutcomeKind.ACCEPTED: ""}
    return {
        row.number: Outcome(row.number, row.email, row.end, reasons.get(row.end, "It is so.")) for row in RUN.rows()
    }


def deliveries(**events: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """The ledger, in which every address of these mailboxes has seen these events."""
    return {
        address: {"email": address, "accepted_at": "t", **dict.fromkeys(seen, "t")}
        for name, seen in events.items()
        for address in RUN.addresses(BY_NAME[name])
    }


def marked(*names: str) -> dict[str, dict[str, Any]]:
    return {address: {"email": address, "haserror": 1} for name in names for address in RUN.addresses(BY_NAME[name])}


def judged(name: str, seen: Mapping[str, Any], contacts: Mapping[str, Any]) -> verdict.Check:
    return verdict.judge_mailbox(RUN, BY_NAME[name], seen, contacts)


# --- what came back


@pytest.mark.parametrize("name", COMPLETE)
def test_a_mailbox_from_which_everything_came_back_holds(name: str):
    check = judged(name, deliveries(**COMPLETE), marked("bounce", "complaint", "suppressionlist"))
    assert check.ok, check.detail
    assert check.detail.startswith(f"{BY_NAME[name].mails} of {BY_NAME[name].mails} ")


@pytest.mark.parametrize(
    ("name", "seen", "sentence", "function"),
    [
        ("success", (), "0 of 4 delivered", "on_delivery"),
        ("bounce", (), "0 of 2 bounced for good", "on_feedback"),
        ("complaint", ("delivered_at",), "0 of 2 complained of", "on_feedback"),
        ("complaint", ("complained_at",), "0 of 2 delivered", "on_delivery"),
        ("suppressionlist", ("soft_bounced_at",), "0 of 2 bounced for good", "on_feedback"),
        ("ooto", ("soft_bounced_at",), "0 of 2 delivered", "on_delivery"),
    ],
)
def test_an_event_that_did_not_come_is_named_with_whose_log_to_look_at(name, seen, sentence, function):
    check = judged(name, deliveries(**{name: seen}), marked(*([name] if BY_NAME[name].marks else [])))
    assert not check.ok
    assert sentence in check.detail
    assert function in check.functions


def test_one_event_of_many_that_did_not_come_is_enough():
    ledger = deliveries(**COMPLETE)
    del ledger[RUN.addresses(BY_NAME["success"])[2]]["delivered_at"]
    assert judged("success", ledger, {}).detail == "3 of 4 delivered"


@pytest.mark.parametrize("name", ["bounce", "complaint", "suppressionlist"])
def test_a_contact_that_was_not_marked_is_told(name: str):
    check = judged(name, deliveries(**COMPLETE), {})
    assert (check.ok, check.detail) == (False, "0 of 2 contacts marked with haserror")


@pytest.mark.parametrize("name", ["success", "ooto"])
def test_a_contact_that_was_marked_for_nothing_is_told(name: str):
    check = judged(name, deliveries(**COMPLETE), marked(name))
    assert not check.ok
    assert "contacts marked with haserror" in check.detail


def test_an_automatic_answer_may_come_or_not():
    assert "automatic answers so far: 2" in judged("ooto", deliveries(ooto=COMPLETE["ooto"]), {}).detail
    silent = judged("ooto", deliveries(ooto=("delivered_at",)), {})
    assert silent.ok
    assert "automatic answers so far: 0" in silent.detail


@pytest.mark.parametrize(
    ("name", "event", "sentence"),
    [
        ("success", "bounced_at", "4 bounced for good, which must not be"),
        ("success", "soft_bounced_at", "4 bounced for now, which must not be"),
        ("success", "rendering_failed_at", "4 not rendered, which must not be"),
        ("bounce", "delivered_at", "2 delivered, which must not be"),
        ("ooto", "rejected_at", "2 rejected, which must not be"),
    ],
)
def test_an_event_that_must_not_be_is_told(name: str, event: str, sentence: str):
    contacts = marked("bounce", "complaint", "suppressionlist")
    check = judged(name, deliveries(**{name: (*COMPLETE[name], event)}), contacts)
    assert (check.ok, check.detail, check.functions) == (False, sentence, ("on_feedback",))


def test_a_delay_or_an_open_is_nothing_wrong():
    ledger = deliveries(success=("delivered_at", "delayed_at", "opened_at", "clicked_at"))
    assert judged("success", ledger, {}).ok


def test_the_counters_are_held_against_the_ledger():
    counted = {"delivered": 8, "bounced": 4, "complained": 2, "soft_bounced": 2}
    right = verdict.judge_counters(deliveries(**COMPLETE), report(**counted))
    assert right.ok, right.detail
    wrong = verdict.judge_counters(deliveries(**COMPLETE), report(**counted | {"bounced": 5}))
    assert (wrong.ok, wrong.detail) == (False, "5 bounced, and the ledger has 4")


# --- the campaign and its report


def test_a_finished_campaign_holds():
    assert verdict.judge_end(report()).ok


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"status": "stopped", "reason": "The sender is not verified."}, "c1 is stopped: The sender is not verified."),
        ({"status": "failed", "reason": "No such mail."}, "c1 is failed: No such mail."),
        ({"status": "sending", "finished_at": ""}, "c1 is still sending, after 2 of 14 rows"),
        ({"status": "paused", "finished_at": "", "reason": "By its owner."}, "c1 is still paused, after 2 of 14 rows"),
    ],
)
def test_a_campaign_that_came_to_no_good_end_says_why(changed: dict[str, str], sentence: str):
    check = verdict.judge_end(report(**changed))
    assert not check.ok
    assert check.detail.startswith(sentence)


def test_totals_that_are_the_lists_hold():
    check = verdict.judge_rows(RUN, report())
    assert (check.ok, check.detail) == (True, "12 accepted, 1 duplicate, 1 invalid; they balance")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"accepted": 11, "failed": 1}, "11 accepted, not 12; 1 failed, not 0"),
        ({"rows": 13, "accepted": 11}, "11 accepted, not 12; 13 rows, not 14"),
        ({"accepted": 11}, "11 accepted, not 12; 13 of 14 rows are accounted for"),
    ],
)
def test_other_totals_are_told(changed: dict[str, int], sentence: str):
    check = verdict.judge_rows(RUN, report(**changed))
    assert (check.ok, sorted(check.detail.split("; "))) == (False, sorted(sentence.split("; ")))


def test_a_report_that_has_every_row_holds():
    check = verdict.judge_lines(RUN, lines().values())
    assert (check.ok, check.detail) == (True, "14 lines, each as it must end")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (Outcome(3, "a", OutcomeKind.FAILED, "Refused."), "row 3 is failed, not accepted (Refused.)"),
        (Outcome(3, "a", OutcomeKind.UNKNOWN), "row 3 is unknown, not accepted (with no reason given)"),
        (Outcome(15, "a", OutcomeKind.INVALID), "row 15 is invalid, and nothing says why"),
        (Outcome(99, "a", OutcomeKind.ACCEPTED), "row 99 is not of the list"),
    ],
)
def test_a_line_that_is_not_as_it_must_be_is_told(line: Outcome, sentence: str):
    check = verdict.judge_lines(RUN, (lines() | {line.row: line}).values())
    assert (check.ok, check.detail) == (False, sentence)


def test_a_row_that_is_missing_is_told():
    found = lines()
    del found[14]
    assert verdict.judge_lines(RUN, found.values()).detail == "row 14 is missing"


def test_of_many_things_that_are_wrong_three_are_told_and_the_others_counted():
    check = verdict.judge_lines(RUN, [])
    assert check.detail == "row 2 is missing; row 3 is missing; row 4 is missing; and 11 more"


# --- all around


@pytest.mark.parametrize("status", ["RUNNING", "FAILED", "TIMED_OUT", "ABORTED"])
def test_only_an_execution_that_succeeded_holds(status: str):
    assert verdict.judge_execution("SUCCEEDED").ok
    assert not verdict.judge_execution(status).ok


def test_a_second_upload_that_sends_to_nobody_holds():
    check = verdict.judge_again(report(accepted=0, already_sent=12))
    assert (check.ok, check.detail) == (True, "nobody gets it twice: 12 already sent")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"accepted": 2, "already_sent": 10}, "2 were accepted a second time; 10 of 12 are already_sent"),
        ({"accepted": 0, "already_sent": 8, "suppressed": 4}, "8 of 12 are already_sent"),
        (
            {"accepted": 0, "already_sent": 0, "status": "failed", "reason": "No mail."},
            "it is failed: No mail.; 0 of 12 are already_sent",
        ),
    ],
)
def test_a_second_upload_that_does_anything_else_is_told(changed: dict[str, Any], sentence: str):
    check = verdict.judge_again(report(**changed))
    assert (check.ok, check.detail) == (False, sentence)


def test_dead_letters_that_lay_there_before_are_no_fault_and_new_ones_are():
    before = {"SendDeadLetterQueue": 3, "EventDeadLetterQueue": 1}
    assert verdict.judge_dead_letters(before, before).ok
    assert verdict.judge_dead_letters(before, before | {"SendDeadLetterQueue": 2}).ok
    more = verdict.judge_dead_letters(before, before | {"EventDeadLetterQueue": 3})
    assert (more.ok, more.detail) == (False, "2 came into EventDeadLetterQueue")


def test_only_the_campaigns_own_page_holds():
    assert verdict.judge_page(200, names_campaign=True).ok
    assert verdict.judge_page(200, names_campaign=False).detail == "the page does not name the campaign"
    assert verdict.judge_page(403, names_campaign=False).detail == "the signed link answers 403"
