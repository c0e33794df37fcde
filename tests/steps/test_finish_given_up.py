"""Batches that never came to their end: what the ledger knows of them becomes the campaign's report."""

import pytest

from chalicelib.domain.parcel import Answer
from tests.fakes.mailer import Reply
from tests.steps.ending import FIRST, SECOND, TOO_MANY, Ending
from tests.steps.house import Broken, address, batch, fail


@pytest.fixture
def house() -> Ending:
    return Ending()


def test_a_batch_that_was_given_up_is_settled_from_the_ledger(house):
    house.deliver(FIRST)
    house.mailer.for_address = {address("e"): [Reply(Answer.REFUSED)], address("f"): [Reply(Answer.UNSURE)]}
    house.mailer.for_address[address("g")] = [Reply(Answer.QUOTA)]
    house.deliver(SECOND)
    house.clock.turn(minutes=15)
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
    assert house.reasons()["d"] == "Not sent: the batch was given up.", "what SES said was said of another campaign"


# --- sends of which nobody knows how they ended


@pytest.mark.parametrize(("error", "status"), [(None, "finished"), (TOO_MANY, "failed")])
def test_a_campaign_does_not_end_while_the_outcome_of_a_send_may_still_become_known(house, error, status):
    house.break_off("bfg")
    house.deliver(FIRST)
    house.deliver(SECOND)
    house.clock.turn(minutes=15, seconds=-1)
    assert house.end(error) == {"status": status, "settling": 3}
    assert house.files.reports == {}
    summary = house.campaigns.summary("c1")
    assert (summary["status"], "finished_at" in summary, "accepted" in summary) == (status, False, False)
    assert not house.campaigns.report("c1").has_ended
    house.clock.turn(seconds=1)
    assert house.end(error)["unknown"] == 3
    assert {house.report()[row] for row in (2, 6, 7)} == {"unknown"}
    assert "never became known" in house.reasons()["f"]
    assert house.balanced()


def test_an_event_settles_a_send_while_the_campaign_waits_to_end(house):
    house.break_off("fg", arrives=True)
    house.deliver(FIRST)
    house.deliver(SECOND)
    assert house.end()["settling"] == 2
    house.event("f")
    assert house.end()["settling"] == 1
    house.event("g")
    assert house.end()["accepted"] == 7
    assert house.balanced()


def test_a_batch_that_comes_again_while_the_campaign_waits_to_end_is_not_sent_on(house):
    house.break_off("fg", arrives=True)
    house.deliver(FIRST)
    house.deliver(SECOND)
    assert house.end()["settling"] == 2
    house.event("f")
    house.event("g")
    assert house.deliver(SECOND) == "CampaignStopped"
    assert house.end()["accepted"] == 7
    assert house.balanced()


def test_a_claim_of_another_campaign_is_waited_for_too(house):
    house.deliver(FIRST)
    house.break_off("d", arrives=True)
    house.deliver(batch("d", campaign="c2"))
    assert house.end()["settling"] == 1
    house.event("d")
    assert house.end()["already_sent"] == 1


def test_a_crash_while_batches_are_given_up_is_made_up_for_by_the_next_try(house):
    house.deliver(FIRST)
    house.moments.at("before unsent", fail)
    with pytest.raises(Broken):
        house.end()
    assert house.end()["failed"] == 4
    assert house.balanced()


# --- rounds


def test_what_a_round_has_written_down_as_given_up_is_looked_up_again_in_the_next_round_and_not_before(house):
    house.break_off("f")
    house.deliver(SECOND)
    assert house.end(TOO_MANY)["settling"] == 1  # the first batch, of whom nobody was sent to, is written down
    house.deliver(batch("abc", campaign="c2"))
    house.clock.turn(minutes=15)
    house.end(TOO_MANY)
    assert [house.report()[row] for row in (1, 2, 3)] == ["failed"] * 3
    assert house.balanced()
    assert house.campaigns.reopen("c1", house.campaigns.summary("c1")) == 2
    house.end()
    assert [house.report()[row] for row in (1, 2, 3)] == ["already_sent"] * 3
    assert house.balanced()


def test_a_batch_that_an_earlier_round_gave_up_and_a_later_one_sent_was_sent(house):
    house.deliver(FIRST)
    assert house.end(TOO_MANY)["failed"] == 4
    house.campaigns.reopen("c1", house.campaigns.summary("c1"))
    house.deliver(SECOND)
    ended = house.end()
    assert (ended["status"], ended["reason"], ended["accepted"], ended["failed"]) == ("finished", "", 7, 0)
    assert house.balanced()


def test_a_round_that_gives_up_nothing_new_says_the_same_of_every_row_with_its_own_reason(house):
    house.deliver(FIRST)
    house.end(TOO_MANY)
    house.campaigns.reopen("c1", house.campaigns.summary("c1"))
    house.end({"Error": "E", "Cause": "another reason"})
    assert house.reasons()["d"] == "Not sent: another reason"
    assert house.balanced()


# --- messages that come late


@pytest.mark.parametrize("error", [TOO_MANY, None])
@pytest.mark.parametrize("moment", ["before unsent", "before report", "before finish"])
def test_a_message_still_in_the_queue_is_not_sent_after_the_report_said_that_it_was_not(house, moment, error):
    # The state machine gives the second batch up; its message comes while the campaign's end is written.
    house.deliver(FIRST)
    house.moments.at(moment, lambda: house.deliver(SECOND))
    house.end(error)
    house.deliver(SECOND)
    assert set(house.mailer.reached()) == house.sent()
    assert house.balanced()


@pytest.mark.parametrize("error", [TOO_MANY, None])
@pytest.mark.parametrize("is_done", [True, False])
def test_a_message_that_comes_while_the_campaign_waits_to_end_is_not_said_to_be_unsent_where_it_was_sent(
    house, is_done, error
):
    house.break_off("b")
    house.deliver(FIRST)
    assert house.end(error)["settling"] == 1  # the second batch, of whom nobody was sent to, is written down
    if not is_done:
        house.moments.at("before outcomes", fail)
    house.deliver(SECOND)
    house.clock.turn(minutes=15)
    house.end(error)
    assert set(house.mailer.reached()) == house.sent()
    assert house.balanced()


@pytest.mark.parametrize("moment", ["after claim", "before reserve", "before send", "after send", "before record"])
def test_a_batch_under_way_when_the_campaign_fails_is_accounted_for_as_it_was(house, moment):
    house.deliver(FIRST)
    house.moments.at(moment, lambda: house.end(TOO_MANY))
    house.deliver(SECOND)
    assert house.end(TOO_MANY)["status"] == "failed"
    assert set(house.mailer.reached()) == house.sent()
    assert house.balanced()
