"""Pause, resume and cancel: what an owner may do to a campaign, wherever it stands."""

from typing import Any

import pytest

from chalicelib.domain.campaign import ENDED, PausedBy, Status
from chalicelib.errors import CampaignNotFound
from hato.steering import NotPossible, Steering
from tests.fakes.campaigns import FakeCampaigns
from tests.fakes.executions import FakeExecutions
from tests.fakes.moments import Moments

KEY = "lists/m1/members.csv"
NUMBERS = {"rows": 3, "invalid": 0, "duplicate": 0, "batches": 1}
UNDER_WAY = [Status.PREPARING, Status.SENDING]
BROKEN_OFF = [Status.STOPPED, Status.FAILED]


class House:
    """A campaign that an upload has started, its owner, and the time that they wait."""

    def __init__(self) -> None:
        self.moments = Moments()
        self.campaigns = FakeCampaigns(self.moments)
        self.executions = FakeExecutions(self.moments)
        self.steering = Steering(self.campaigns, self.executions, self.sleep, lambda: self.waited)
        self.waited = 0.0
        self.closes_after = 1e9
        self.campaigns.create("c1", f"s3://uploads/{KEY}", "m1", "t", "v1")
        self.executions.start("c1", KEY, "m1", "v1")

    def sleep(self, seconds: float) -> None:
        self.waited += seconds
        if self.waited >= self.closes_after:
            self.executions.running.clear()

    def stand(self, status: Status, *, running: bool = True, prepared: bool = True) -> None:
        """Bring the campaign to where it stands in this status."""
        if prepared and status is not Status.PREPARING:
            self.campaigns.prepared("c1", "m1", "arn", NUMBERS)
        if status is Status.PAUSED:
            self.campaigns.pause("c1", "Paused by its owner.", PausedBy.OWNER)
        elif status in ENDED:
            self.campaigns.finish("c1", status, "why", {}, "t")
        if not running:
            self.executions.running.clear()

    def summary(self) -> dict[str, Any]:
        return self.campaigns.summary("c1")

    def rounds(self) -> dict[str, dict[str, Any]]:
        """Name and input of every execution but the first."""
        return {name: document for name, document in self.executions.inputs.items() if name != "c1"}

    def end_round(self) -> None:
        """The round that runs comes to nothing, and its execution ends."""
        self.executions.running.clear()
        self.campaigns.finish("c1", Status.FAILED, "why", {}, "t")


@pytest.fixture
def house() -> House:
    return House()


@pytest.mark.parametrize("order", ["pause", "resume", "cancel"])
def test_a_campaign_that_there_is_not_can_be_given_no_order(house, order):
    with pytest.raises(CampaignNotFound, match="There is no campaign 'c9'"):
        getattr(house.steering, order)("c9")
    assert "c9" not in house.campaigns.items


# --- pause


@pytest.mark.parametrize("status", UNDER_WAY)
def test_a_campaign_that_is_under_way_is_paused(house, status):
    house.stand(status)
    assert "c1 is paused; calls that are under way end within seconds" in house.steering.pause("c1")
    summary = house.summary()
    assert (summary["status"], summary["reason"], summary["paused_by"]) == ("paused", "Paused by its owner.", "owner")
    assert house.executions.running == {"c1"}, "its execution waits"


@pytest.mark.parametrize("by", PausedBy)
def test_a_paused_campaign_stays_paused_as_it_was(house, by):
    house.stand(Status.SENDING)
    house.campaigns.pause("c1", "the first reason", by)
    before = house.summary()
    assert house.steering.pause("c1") == "Campaign c1 is paused already."
    assert house.summary() == before


@pytest.mark.parametrize("status", sorted(ENDED))
def test_a_campaign_that_has_ended_cannot_be_paused(house, status):
    house.stand(status)
    before = house.summary()
    with pytest.raises(NotPossible, match=f"is {status.value}: there is nothing to pause"):
        house.steering.pause("c1")
    assert house.summary() == before


# --- resume, while its execution waits


@pytest.mark.parametrize(("prepared", "status"), [(True, "sending"), (False, "preparing")])
def test_a_paused_campaign_that_runs_goes_on_where_it_was(house, prepared, status):
    house.stand(Status.PAUSED, prepared=prepared)
    assert "goes on" in house.steering.resume("c1")
    summary = house.summary()
    assert summary["status"] == status
    assert not {"reason", "paused_by", "round", "unguarded"} & summary.keys()
    assert house.rounds() == {}
    assert house.waited == 0


def test_what_the_circuit_breaker_paused_goes_on_and_is_not_paused_by_it_again(house):
    house.stand(Status.SENDING)
    house.campaigns.pause("c1", "too many bounces", PausedBy.BREAKER)
    house.steering.resume("c1")
    assert house.summary()["status"] == "sending"
    assert not house.campaigns.pause("c1", "too many bounces", PausedBy.BREAKER)
    assert house.campaigns.pause("c1", "mine", PausedBy.OWNER)


@pytest.mark.parametrize("status", UNDER_WAY)
def test_a_campaign_that_runs_already_cannot_be_resumed(house, status):
    house.stand(status)
    before = house.summary()
    with pytest.raises(NotPossible, match="c1 runs already"):
        house.steering.resume("c1")
    assert house.summary() == before
    assert house.rounds() == {}


# --- resume, when its execution is gone


@pytest.mark.parametrize("status", [Status.PAUSED, Status.SENDING, *BROKEN_OFF])
def test_a_campaign_whose_execution_is_gone_goes_on_in_a_new_round(house, status):
    house.stand(status, running=False)
    assert house.steering.resume("c1") == ("Campaign c1 goes on, in its round 2, with whoever has not had its mail.")
    summary = house.summary()
    assert (summary["status"], summary["round"], summary["batches"]) == ("sending", 2, 1)
    assert not {"reason", "paused_by", "finished_at"} & summary.keys()
    assert house.rounds() == {
        "c1-r2": {"file_name": KEY, "mail_id": "m1", "version_id": "v1", "campaign": {"id": "c1", "round": 2}}
    }
    assert house.executions.running == {"c1-r2"}


@pytest.mark.parametrize("status", [Status.PREPARING, *BROKEN_OFF])
def test_a_campaign_that_never_had_batches_reads_its_list_in_its_new_round(house, status):
    house.stand(status, running=False, prepared=False)
    house.steering.resume("c1")
    assert house.summary()["status"] == "preparing"
    assert list(house.rounds()) == ["c1-r2"]


def test_a_paused_campaign_of_the_circuit_breaker_whose_execution_is_gone_is_not_paused_by_it_again(house):
    house.stand(Status.SENDING, running=False)
    house.campaigns.pause("c1", "too many bounces", PausedBy.BREAKER)
    house.steering.resume("c1")
    assert not house.campaigns.pause("c1", "too many bounces", PausedBy.BREAKER)


def test_each_round_has_a_name_of_its_own_and_is_the_one_that_is_looked_at(house):
    house.stand(Status.FAILED, running=False)
    for number in (2, 3, 4):
        assert f"in its round {number}" in house.steering.resume("c1")
        with pytest.raises(NotPossible, match="runs already"):
            house.steering.resume("c1")
        house.end_round()
    assert list(house.rounds()) == ["c1-r2", "c1-r3", "c1-r4"]
    assert [document["campaign"]["round"] for document in house.rounds().values()] == [2, 3, 4]


def test_a_long_campaign_id_leaves_room_for_its_round_and_stays_apart_from_others_like_it(house):
    names = ["x" * 79 + end for end in "ab"]
    for name in names:
        house.campaigns.create(name, KEY, "m1", "t")
        house.campaigns.end(name, Status.FAILED, "why")
        house.steering.resume(name)
    assert len(house.rounds()) == 2
    assert all(len(name) <= 80 and name.endswith("-r2") for name in house.rounds())
    assert [document["campaign"]["id"] for document in house.rounds().values()] == names


def test_a_campaign_that_was_started_by_hand_goes_on_with_the_file_and_the_mail_that_it_was_given(house):
    house.campaigns.create("by-hand", "elsewhere/people.csv", "m2", "t")
    house.campaigns.prepared("by-hand", "m2", "arn", NUMBERS)
    house.steering.resume("by-hand")
    assert house.rounds() == {
        "by-hand-r2": {
            "file_name": "elsewhere/people.csv",
            "mail_id": "m2",
            "campaign": {"id": "by-hand", "round": 2},
        }
    }


@pytest.mark.parametrize("status", [Status.FINISHED, Status.CANCELLED])
@pytest.mark.parametrize("running", [True, False])
def test_a_campaign_that_is_over_is_not_resumed_and_says_what_to_do_instead(house, running, status):
    house.stand(status, running=running)
    before = house.summary()
    with pytest.raises(NotPossible, match=f"is {status.value}: .* upload its list again"):
        house.steering.resume("c1")
    assert house.summary() == before
    assert house.rounds() == {}


# --- resume, while its report is written


@pytest.mark.parametrize("status", BROKEN_OFF)
def test_a_campaign_that_is_still_being_closed_goes_on_when_that_is_done(house, status):
    house.stand(status)
    house.closes_after = 20
    assert "in its round 2" in house.steering.resume("c1")
    assert house.waited == 20
    assert house.executions.running == {"c1-r2"}


def test_a_campaign_that_takes_long_to_close_is_left_alone_after_a_minute(house):
    house.stand(Status.STOPPED)
    before = house.summary()
    with pytest.raises(NotPossible, match="The report of campaign c1 is still being written: try again in a minute"):
        house.steering.resume("c1")
    assert 60 <= house.waited <= 62
    assert house.summary() == before
    assert house.rounds() == {}


@pytest.mark.parametrize("closes", [False, True])
def test_a_round_that_somebody_else_began_while_this_one_waited_runs_alone(house, closes):
    def resume_meanwhile() -> None:
        house.executions.running.clear()
        house.steering.resume("c1")
        if closes:  # it has come to nothing already, and its report is being written
            house.campaigns.end("c1", Status.FAILED, "why")

    house.stand(Status.STOPPED)
    house.moments.at("before look", lambda: None)  # it is seen to run, so both wait for its end
    house.moments.at("before look", resume_meanwhile)
    with pytest.raises(NotPossible):
        house.steering.resume("c1")
    assert house.executions.running == {"c1-r2"}
    assert house.summary()["round"] == 2


# --- two at once


@pytest.mark.parametrize("status", [Status.PAUSED, Status.SENDING, *BROKEN_OFF])
def test_of_two_who_resume_at_once_only_one_starts_a_round(house, status):
    house.stand(status, running=False)
    house.moments.at("before look", lambda: house.steering.resume("c1"))
    with pytest.raises(NotPossible):
        house.steering.resume("c1")
    assert list(house.rounds()) == ["c1-r2"]
    assert (house.summary()["status"], house.summary()["round"]) == ("sending", 2)


def test_who_resumes_what_another_resumes_just_now_is_not_told_that_it_is_paused(house):
    house.stand(Status.PAUSED)
    house.moments.at("before look", lambda: house.steering.resume("c1"))
    with pytest.raises(NotPossible) as refused:
        house.steering.resume("c1")
    assert "is paused" not in str(refused.value)
    assert house.rounds() == {}


def test_a_resume_that_broke_off_before_its_round_began_is_made_up_for_by_the_next(house):
    class LineIsDead(Exception):
        pass

    def fail() -> None:
        raise LineIsDead

    house.stand(Status.FAILED, running=False)
    house.moments.at("before run", fail)
    with pytest.raises(LineIsDead):
        house.steering.resume("c1")
    assert "in its round 3" in house.steering.resume("c1")
    assert house.executions.running == {"c1-r3"}


# --- cancel


@pytest.mark.parametrize("status", [Status.SENDING, Status.PAUSED])
@pytest.mark.parametrize("running", [True, False])
def test_a_campaign_that_has_batches_is_cancelled_and_a_round_of_its_own_writes_its_report(house, running, status):
    house.stand(status, running=running)
    assert house.steering.cancel("c1") == "Campaign c1 is cancelled; its report is being written."
    summary = house.summary()
    assert (summary["status"], summary["reason"], summary["round"]) == ("cancelled", "Cancelled by its owner.", 2)
    assert house.executions.ended == ({"c1": "Cancelled by its owner."} if running else {})
    assert house.executions.running == {"c1-r2"}
    assert house.rounds()["c1-r2"]["campaign"] == {"id": "c1", "round": 2}


@pytest.mark.parametrize("status", [Status.PREPARING, Status.PAUSED])
def test_a_campaign_whose_list_is_being_read_is_cancelled_and_ended_by_who_reads_it(house, status):
    house.stand(status, prepared=False)
    house.steering.cancel("c1")
    assert house.summary()["status"] == "cancelled"
    assert house.executions.running == {"c1"}
    assert house.executions.ended == house.rounds() == {}


def test_a_campaign_whose_list_nobody_reads_any_more_is_ended_by_a_round_of_its_own(house):
    house.stand(Status.PREPARING, running=False)
    house.steering.cancel("c1")
    assert house.summary()["status"] == "cancelled"
    assert house.executions.running == {"c1-r2"}


def test_cancelling_a_later_round_ends_that_one(house):
    house.stand(Status.FAILED, running=False)
    house.steering.resume("c1")
    house.steering.cancel("c1")
    assert house.executions.ended == {"c1-r2": "Cancelled by its owner."}
    assert house.executions.running == {"c1-r3"}
    assert house.summary()["round"] == 3


@pytest.mark.parametrize("status", sorted(ENDED))
def test_a_campaign_that_has_ended_cannot_be_cancelled(house, status):
    house.stand(status)
    before = house.summary()
    with pytest.raises(NotPossible, match=f"is {status.value}: there is nothing to cancel"):
        house.steering.cancel("c1")
    assert house.summary() == before
    assert house.executions.running == {"c1"}
    assert house.rounds() == {}


@pytest.mark.parametrize("order", ["pause", "resume", "cancel"])
def test_a_cancelled_campaign_takes_no_more_orders(house, order):
    house.stand(Status.SENDING)
    house.steering.cancel("c1")
    with pytest.raises(NotPossible):
        getattr(house.steering, order)("c1")
    assert house.summary()["status"] == "cancelled"
    assert list(house.rounds()) == ["c1-r2"]
