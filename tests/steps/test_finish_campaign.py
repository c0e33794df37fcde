"""A campaign ends: every row of its list is accounted for, or it does not end."""

import pytest

from chalicelib.domain.campaign import PausedBy
from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.parcel import Answer
from chalicelib.errors import CampaignUnbalanced
from tests.fakes.mailer import Reply
from tests.fakes.moments import PowerCut
from tests.steps.ending import FIRST, SECOND, TOO_MANY, Ending
from tests.steps.house import batch


@pytest.fixture
def house() -> Ending:
    return Ending()


def test_a_campaign_whose_batches_are_all_done_is_finished_and_every_row_is_in_its_report(house):
    house.deliver(FIRST)
    house.deliver(SECOND)
    ended = house.end()
    assert ended["status"] == "finished"
    assert house.report() == dict.fromkeys(range(1, 8), "accepted") | {8: "invalid", 9: "duplicate"}
    assert list(house.report()) == sorted(house.report())
    summary = house.campaigns.summary("c1")
    assert (summary["accepted"], summary["invalid"], summary["finished_at"][:4]) == (7, 1, "2026")
    assert house.balanced()


def test_rejected_rows_come_between_the_others_where_they_belong(house):
    house.files.write_rejected("c1", [Outcome(row, "x", OutcomeKind.INVALID, "why") for row in (4, 12)])
    third = batch("ijk", number=1)  # rows 9 to 11
    house.files.write_batches("c1", [FIRST.to_line(), third.to_line()])
    house.campaigns.items["c1"]["rows"] = 8
    house.deliver(FIRST)
    house.deliver(third)
    house.end()
    assert list(house.report()) == [1, 2, 3, 4, 9, 10, 11, 12]


def test_finishing_twice_is_the_same_as_once(house):
    house.deliver(FIRST)
    house.deliver(SECOND)
    first = house.end()
    report = house.report()
    assert house.end() == first
    assert house.report() == report


def test_a_crash_before_the_end_is_recorded_is_made_up_for_by_the_next_try(house):
    house.deliver(FIRST)
    house.deliver(SECOND)
    house.moments.cut("before finish")
    with pytest.raises(PowerCut):
        house.end()
    assert house.end()["status"] == "finished"
    assert house.balanced()


def test_a_campaign_of_rejected_rows_only_is_finished(house):
    house.files.write_batches("c1", [])
    house.campaigns.items["c1"] |= {"rows": 2, "batches": 0}
    assert house.end()["status"] == "finished"
    assert house.report() == {8: "invalid", 9: "duplicate"}


def test_a_row_that_is_nowhere_keeps_the_campaign_from_finishing(house):
    house.deliver(FIRST)
    house.deliver(SECOND)
    house.files.write_outcomes("c1", 1, house.files.outcome_files["c1", 1][1:])
    with pytest.raises(CampaignUnbalanced, match="9 rows and the report 8"):
        house.end()
    assert house.campaigns.summary("c1")["status"] == "sending"


def test_a_row_that_is_there_twice_keeps_the_campaign_from_finishing(house):
    house.deliver(FIRST)
    house.deliver(SECOND)
    house.files.write_outcomes("c1", 1, [*house.files.outcome_files["c1", 1], house.files.outcome_files["c1", 1][0]])
    with pytest.raises(CampaignUnbalanced):
        house.end()


def test_a_campaign_that_failed_before_it_was_prepared_says_why_and_has_no_report(house):
    house.campaigns.items["c1"] = {"part": "summary", "status": "preparing", "mail_id": "m1"}
    ended = house.end(
        {"Error": "ListEmpty", "Cause": '{"errorMessage": "a.csv has no rows.", "errorType": "ListEmpty"}'}
    )
    assert ended == {"status": "failed", "reason": "a.csv has no rows."}
    assert house.campaigns.summary("c1")["reason"] == "a.csv has no rows."
    assert house.files.reports == {}


def test_a_campaign_that_failed_before_it_was_recorded_is_recorded(house):
    house.campaigns.items.clear()
    house.end({"Error": "MailNotFound", "Cause": "There is no mail."})
    summary = house.campaigns.summary("c1")
    assert (summary["status"], summary["source"], summary["mail_id"]) == ("failed", "lists/m1/a.csv", "m1")


def test_an_input_without_anything_is_recorded_all_the_same(house):
    house.campaigns.items.clear()
    ended = house.finish_campaign("c1", {"Error": "InputIncomplete", "Cause": "The input lacks file_name."}, {})
    assert ended["status"] == "failed"


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ({"Error": "E", "Cause": "plain"}, "plain"),
        ({"Error": "E", "Cause": '{"errorMessage": "from a Lambda"}'}, "from a Lambda"),
        ({"Error": "E", "Cause": "[1]"}, "[1]"),
        ({"Error": "E", "Cause": ""}, "E"),
        ({"Error": "E"}, "E"),
    ],
)
def test_a_failed_campaign_says_why_in_words(house, error, reason):
    house.deliver(FIRST)
    assert house.end(error)["reason"] == reason
    assert house.reasons()["d"] == f"Not sent: {reason}"


def test_a_campaign_that_fails_while_it_is_sending_says_of_every_row_whether_it_was_sent(house):
    house.deliver(FIRST)
    ended = house.end(TOO_MANY)
    assert (ended["status"], ended["accepted"], ended["failed"]) == ("failed", 3, 4)
    assert house.balanced()


def test_a_campaign_that_ses_stopped_stays_stopped_and_says_of_every_row_what_ses_said(house):
    house.deliver(FIRST)
    house.mailer.for_call = [Reply(Answer.STOPPED)]
    house.deliver(SECOND)
    ended = house.end(TOO_MANY)
    assert ended["status"] == "stopped"
    assert house.campaigns.summary("c1")["reason"] == "SES says STOPPED"
    assert house.reasons()["d"] == "Not sent: SES says STOPPED"
    assert house.balanced()


@pytest.mark.parametrize("error", [None, TOO_MANY])
def test_a_campaign_that_its_owner_cancelled_stays_cancelled_and_every_row_says_so(house, error):
    house.deliver(FIRST)
    house.campaigns.cancel("c1", "Cancelled by its owner.")
    assert house.deliver(SECOND) == "CampaignStopped"
    assert house.end(error)["status"] == "cancelled"
    assert house.campaigns.summary("c1")["reason"] == "Cancelled by its owner."
    assert list(house.report().values()) == ["accepted"] * 3 + ["failed"] * 4 + ["invalid", "duplicate"]
    assert {house.reasons()[name] for name in "defg"} == {"Not sent: Cancelled by its owner."}
    assert house.balanced()


def test_a_campaign_that_is_cancelled_while_its_report_is_written_stays_cancelled(house):
    house.deliver(FIRST)
    house.deliver(SECOND)
    house.moments.at("before report", lambda: house.campaigns.cancel("c1", "Cancelled by its owner."))
    assert house.end()["status"] == "cancelled"
    assert house.campaigns.summary("c1")["accepted"] == 7
    assert house.balanced()


@pytest.mark.parametrize("given_up", [False, True])
def test_what_a_pause_was_for_is_not_why_a_campaign_ended(house, given_up):
    house.deliver(FIRST)
    if not given_up:
        house.deliver(SECOND)
    house.campaigns.pause("c1", "Paused by its owner.", PausedBy.OWNER)
    ended = house.end()
    assert (ended["status"], ended["reason"]) == ("finished", "")
    assert house.campaigns.summary("c1")["reason"] == ""
    assert not any("Paused" in reason for reason in house.reasons().values())
    assert house.reasons()["d"] == ("Not sent: the batch was given up." if given_up else "")


def test_what_a_pause_was_for_is_not_why_a_campaign_failed(house):
    house.deliver(FIRST)
    house.campaigns.pause("c1", "Paused by its owner.", PausedBy.OWNER)
    assert house.end(TOO_MANY)["reason"] == TOO_MANY["Cause"]
    assert house.campaigns.summary("c1")["reason"] == TOO_MANY["Cause"]
    assert house.reasons()["d"] == f"Not sent: {TOO_MANY['Cause']}"


def test_a_campaign_that_ended_is_told_of_as_it_stands_after_its_report_is_written(house):
    house.deliver(FIRST)
    house.moments.cut("before finish")
    with pytest.raises(PowerCut):
        house.end(TOO_MANY)
    assert house.notify.told == []
    house.end(TOO_MANY)
    house.end(TOO_MANY)
    assert house.notify.told == [("c1", "failed"), ("c1", "failed")]
    assert house.campaigns.summary("c1")["finished_at"]


def test_a_campaign_that_ses_stopped_is_told_of_by_who_finishes_it(house):
    house.mailer.for_call = [Reply(Answer.STOPPED)]
    house.deliver(FIRST)
    assert house.notify.told == []
    house.end()
    assert house.notify.told == [("c1", "stopped")]
