"""Whoever watches a stage is told of each end and each pause once, whatever is called twice or breaks off."""

import logging
from collections.abc import Iterator

import pytest

from chalicelib.domain.campaign import PausedBy, Status
from chalicelib.steps.notify import Notifier, tell_nobody
from tests.fakes.campaigns import FakeCampaigns
from tests.fakes.moments import Moments, PowerCut
from tests.fakes.notify import FakeTopic

NOW = "2026-01-31T08:00:00.000Z"
SAID = {Status.FINISHED: "finished", Status.FAILED: "failed", Status.STOPPED: "was stopped"}


class House:
    """A campaign that sends, and those who tell of it."""

    def __init__(self) -> None:
        self.moments = Moments()
        self.campaigns, self.topic = FakeCampaigns(self.moments), FakeTopic()
        self.notify = Notifier(self.campaigns, self.topic, "dev", lambda campaign_id: f"https://pages/{campaign_id}")
        self.campaigns.create("c1", "s3://uploads/lists/m1/a.csv", "m1", NOW)
        self.campaigns.prepared("c1", "m1", "arn", {"rows": 3, "batches": 1})

    def end(self, status: Status) -> None:
        kept = self.campaigns.finish("c1", status, "", {"accepted": 3}, NOW)
        self.notify("c1", kept)

    def subjects(self) -> list[str]:
        return [notice.subject.removeprefix("Hato dev: campaign ") for notice in self.topic.notices]


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What the functions' logger wrote."""
    logger = logging.getLogger("hato")
    before, logger.propagate = logger.propagate, True
    yield caplog
    logger.propagate = before


@pytest.mark.parametrize("status", SAID)
def test_an_end_is_told_once_however_often_it_is_written_down(house, status):
    for _ in range(3):
        house.end(status)
    assert house.subjects() == [f"{SAID[status]}: c1"]
    assert house.topic.notices[0].text.endswith("\nhttps://pages/c1\n")


def test_what_its_owner_cancelled_is_no_news(house):
    house.campaigns.cancel("c1", "Cancelled by its owner.")
    house.end(Status.FINISHED)
    assert house.subjects() == []


def test_what_its_owner_paused_is_no_news(house):
    house.campaigns.pause("c1", "Lunch.", PausedBy.OWNER)
    house.notify("c1", Status.PAUSED)
    assert house.subjects() == []


def test_a_pause_of_the_circuit_breaker_is_told_once_and_the_end_after_it_too(house):
    house.campaigns.pause("c1", "Too many.", PausedBy.BREAKER)
    house.notify("c1", Status.PAUSED)
    house.notify("c1", Status.PAUSED)
    house.campaigns.unpause("c1", house.campaigns.summary("c1"))
    house.notify("c1", Status.PAUSED)
    house.end(Status.FINISHED)
    assert house.subjects() == ["paused itself: c1", "finished: c1"]


def test_each_round_has_an_end_of_its_own(house):
    house.end(Status.FAILED)
    house.campaigns.reopen("c1", house.campaigns.summary("c1"))
    house.end(Status.FAILED)
    house.campaigns.reopen("c1", house.campaigns.summary("c1"))
    house.end(Status.FINISHED)
    house.end(Status.FINISHED)
    assert house.subjects() == ["failed: c1", "failed: c1", "finished: c1"]


def test_what_could_not_be_told_harms_nothing_is_written_to_the_log_and_is_told_when_asked_again(house, log):
    house.topic.failures = [ConnectionError("the line is dead")]
    house.end(Status.FINISHED)
    (line,) = log.records
    assert (line.levelname, line.campaign, line.error) == ("ERROR", "c1", "ConnectionError")
    assert line.getMessage() == "Nobody was told that the campaign is finished: the line is dead"
    assert house.campaigns.summary("c1")["status"] == "finished"
    house.end(Status.FINISHED)
    house.end(Status.FINISHED)
    assert house.subjects() == ["finished: c1"]
    assert len(log.records) == 1


def test_a_link_that_cannot_be_made_harms_nothing_either(house, log):
    def no_key(campaign_id: str) -> str:
        raise PermissionError("no key")

    Notifier(house.campaigns, house.topic, "dev", no_key)("c1", Status.SENDING)
    house.campaigns.finish("c1", Status.FINISHED, "", {}, NOW)
    Notifier(house.campaigns, house.topic, "dev", no_key)("c1", Status.FINISHED)
    assert [line.error for line in log.records] == ["PermissionError"]
    assert house.subjects() == []


def test_who_is_cut_off_before_it_is_marked_tells_again_for_nobody_is_forgotten(house):
    house.moments.cut("before mark notified")
    with pytest.raises(PowerCut):
        house.end(Status.FINISHED)
    house.end(Status.FINISHED)
    house.end(Status.FINISHED)
    assert house.subjects() == ["finished: c1", "finished: c1"]


@pytest.mark.parametrize("status", list(Status))
def test_of_a_campaign_that_is_not_there_or_stands_otherwise_nothing_is_told(house, log, status):
    house.notify("c2", status)
    house.notify("c1", status)
    tell_nobody("c1", status)
    assert house.subjects() == []
    assert log.records == []
    assert "c2" not in house.campaigns.items
