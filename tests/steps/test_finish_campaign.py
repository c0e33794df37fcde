"""A campaign ends: every row of its list is accounted for, or it does not end."""

from typing import Any

import pytest

from chalicelib.domain.campaign import Status
from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.parcel import Answer
from chalicelib.errors import CampaignUnbalanced
from chalicelib.steps.finish_campaign import FinishCampaign
from tests.fakes.mailer import Reply
from tests.fakes.moments import PowerCut
from tests.steps.house import House, address, batch

FIRST, SECOND = batch("abc"), batch("defg", number=1)
TOO_MANY = {"Error": "States.ExceedToleratedFailureThreshold", "Cause": "The threshold was exceeded."}


class Ending(House):
    """A campaign of two batches and two rejected rows, nine rows in all."""

    def __init__(self) -> None:
        super().__init__()
        self.finish_campaign = FinishCampaign(
            files=self.files, campaigns=self.campaigns, ledger=self.ledger, clock=self.clock
        )
        self.campaigns.create("c1", "s3://uploads/lists/m1/a.csv", "m1", "t1")
        self.files.write_batches("c1", [FIRST.to_line(), SECOND.to_line()])
        self.files.write_rejected(
            "c1",
            [Outcome(8, "nonsense", OutcomeKind.INVALID, "why"), Outcome(9, address("a"), OutcomeKind.DUPLICATE, "w")],
        )
        self.campaigns.prepared("c1", "m1", "arn", {"rows": 9, "invalid": 1, "duplicate": 1, "batches": 2})

    def end(self, error: Any = None) -> dict[str, Any]:
        return self.finish_campaign("c1", error, {"file_name": "lists/m1/a.csv", "mail_id": "m1"} if error else None)

    def report(self) -> dict[int, str]:
        """Row and end of each line, in the report's order."""
        return {each.row: each.kind.value for each in self.files.reports["c1"]}

    def reasons(self) -> dict[str, str]:
        return {each.email[0]: each.reason for each in self.files.reports["c1"] if each.row < 8}

    def balanced(self) -> bool:
        return self.campaigns.report("c1").balanced and len(self.files.reports["c1"]) == 9


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


def test_a_batch_that_was_given_up_is_settled_from_the_ledger(house):
    house.deliver(FIRST)
    house.mailer.for_address = {address("e"): [Reply(Answer.REFUSED)], address("f"): [Reply(Answer.UNSURE)]}
    house.mailer.for_address[address("g")] = [Reply(Answer.THROTTLED)]
    house.deliver(SECOND)
    assert house.end()["status"] == "finished"
    assert house.report() | {8: "", 9: ""} == dict.fromkeys((1, 2, 3, 4), "accepted") | {
        5: "failed",
        6: "unknown",
        7: "failed",
        8: "",
        9: "",
    }
    assert house.reasons()["e"] == "SES says REFUSED"
    assert house.reasons()["g"].startswith("Not sent")
    assert house.balanced()


def test_a_batch_that_was_done_is_not_settled_again(house):
    house.contacts.mark_unreachable(address("b"), "bounced_at", "t", "")  # of this the ledger knows nothing
    house.deliver(FIRST)
    house.end()
    assert (house.report()[2], house.report()[4]) == ("suppressed", "failed")


def test_a_send_that_broke_off_and_of_which_an_event_came_was_sent(house):
    house.deliver(FIRST)
    house.mailer.for_address[address("f")] = [Reply(Answer.UNSURE, arrives=True)]
    house.deliver(SECOND)
    house.event("f")
    house.end()
    assert house.report()[6] == "accepted"


def test_a_row_of_a_batch_given_up_that_another_campaign_sent_was_sent_already(house):
    house.deliver(FIRST)
    house.deliver(batch("de", campaign="c2"))
    house.end()
    assert (house.report()[4], house.report()[5], house.report()[6]) == ("already_sent", "already_sent", "failed")


def test_a_row_of_a_batch_given_up_that_another_campaign_could_not_send_is_failed(house):
    house.deliver(FIRST)
    house.mailer.for_address[address("d")] = [Reply(Answer.REFUSED)]
    house.deliver(batch("d", campaign="c2"))
    house.end()
    assert house.report()[4] == "failed"


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
def test_a_campaign_that_its_owner_cancelled_stays_cancelled_and_is_accounted_for(house, error):
    house.deliver(FIRST)
    house.campaigns.items["c1"]["status"] = Status.CANCELLED.value
    assert house.deliver(SECOND) == "CampaignStopped"
    assert house.end(error)["status"] == "cancelled"
    assert (house.report()[3], house.report()[4]) == ("accepted", "failed")
    assert house.balanced()


@pytest.mark.parametrize("moment", ["before finish", "before outcomes", "before report"])
def test_a_message_still_in_the_queue_when_the_campaign_fails_is_not_sent_after_the_report_said_so(house, moment):
    # The state machine gives the campaign up; the message of the second batch comes while its end is written.
    house.deliver(FIRST)
    house.moments.at("before outcomes", lambda: None)
    house.moments.at(moment, lambda: house.deliver(SECOND))
    house.end(TOO_MANY)
    house.deliver(SECOND)
    sent = {each.email for each in house.files.reports["c1"] if each.kind is OutcomeKind.ACCEPTED}
    assert set(house.mailer.reached()) == sent
    assert house.balanced()
