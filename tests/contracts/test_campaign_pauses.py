"""Whether a campaign may send, and who pauses it and lets it go on: the fake and DynamoDB promise the same."""

from typing import Any

import pytest

from chalicelib.domain.campaign import ENDED, PausedBy, Status
from chalicelib.errors import CampaignPaused, CampaignStopped
from tests.contracts.statuses import NUMBERS, in_status, put

UNDER_WAY = [Status.PREPARING, Status.SENDING]


def every_status_but(*statuses: Status) -> Any:
    return pytest.mark.parametrize("status", sorted(set(Status) - set(statuses)))


class TestMaySend:
    @pytest.mark.parametrize("status", UNDER_WAY)
    def test_a_campaign_under_way_may_send(self, campaigns, status):
        in_status(campaigns, status)
        campaigns.check_sending("c1")

    def test_a_batch_of_no_campaign_may_be_sent(self, campaigns):
        campaigns.check_sending("by-hand")

    def test_a_paused_campaign_may_not_send_now_and_says_why(self, campaigns):
        in_status(campaigns, Status.SENDING)
        campaigns.pause("c1", "The boss said so.", PausedBy.OWNER)
        with pytest.raises(CampaignPaused, match="The boss said so"):
            campaigns.check_sending("c1")

    @pytest.mark.parametrize("status", sorted(ENDED))
    def test_an_ended_campaign_may_not_send_and_says_why_or_how_it_stands(self, campaigns, status):
        in_status(campaigns, status)
        with pytest.raises(CampaignStopped, match="why"):
            campaigns.check_sending("c1")
        put(campaigns, "c1", reason="")
        with pytest.raises(CampaignStopped, match=status):
            campaigns.check_sending("c1")


class TestPause:
    @pytest.mark.parametrize("by", PausedBy)
    @pytest.mark.parametrize("status", UNDER_WAY)
    def test_a_campaign_under_way_is_paused_with_the_reason_and_by_whom(self, campaigns, status, by):
        before = in_status(campaigns, status)
        assert campaigns.pause("c1", "because", by)
        assert campaigns.summary("c1") == before | {"status": "paused", "reason": "because", "paused_by": by.value}

    @pytest.mark.parametrize("by", PausedBy)
    @every_status_but(*UNDER_WAY)
    def test_what_does_not_send_is_not_paused(self, campaigns, status, by):
        before = in_status(campaigns, status)
        assert not campaigns.pause("c1", "because", by)
        assert campaigns.summary("c1") == before

    @pytest.mark.parametrize("by", PausedBy)
    def test_a_campaign_that_is_not_there_is_not_paused_and_not_made(self, campaigns, by):
        assert not campaigns.pause("c1", "because", by)
        assert campaigns.summary("c1") == {}


class TestUnpause:
    @pytest.mark.parametrize(("prepared", "status"), [(True, "sending"), (False, "preparing")])
    def test_a_paused_campaign_goes_on_where_it_was(self, campaigns, prepared, status):
        in_status(campaigns, Status.PREPARING, prepared)
        campaigns.pause("c1", "because", PausedBy.OWNER)
        paused = campaigns.summary("c1")
        assert campaigns.unpause("c1", paused)
        left = {name: value for name, value in paused.items() if name not in ("reason", "paused_by")}
        assert campaigns.summary("c1") == left | {"status": status}

    @every_status_but(Status.PAUSED)
    def test_what_is_not_paused_stays_as_it_is(self, campaigns, status):
        before = in_status(campaigns, status)
        assert not campaigns.unpause("c1", before)
        assert campaigns.summary("c1") == before

    def test_a_campaign_that_is_not_there_does_not_go_on(self, campaigns):
        assert not campaigns.unpause("c1", {})
        assert campaigns.summary("c1") == {}


def go_on(campaigns: Any, how: str) -> None:
    """Let a paused campaign go on in one of the two ways."""
    summary = campaigns.summary("c1")
    assert campaigns.unpause("c1", summary) if how == "unpause" else campaigns.reopen("c1", summary)


@pytest.mark.parametrize("how", ["unpause", "reopen"])
class TestBreaker:
    def test_what_the_breaker_paused_and_its_owner_resumed_is_not_paused_by_it_again(self, campaigns, how):
        in_status(campaigns, Status.SENDING)
        campaigns.pause("c1", "bounces", PausedBy.BREAKER)
        go_on(campaigns, how)
        assert not campaigns.pause("c1", "bounces again", PausedBy.BREAKER)
        assert campaigns.summary("c1")["status"] == "sending"

    def test_its_owner_can_pause_it_still_and_the_breaker_stays_lifted(self, campaigns, how):
        in_status(campaigns, Status.SENDING)
        campaigns.pause("c1", "bounces", PausedBy.BREAKER)
        go_on(campaigns, how)
        assert campaigns.pause("c1", "lunch", PausedBy.OWNER)
        go_on(campaigns, how)
        assert not campaigns.pause("c1", "bounces again", PausedBy.BREAKER)

    def test_what_its_owner_paused_and_resumed_is_still_guarded(self, campaigns, how):
        in_status(campaigns, Status.SENDING)
        campaigns.pause("c1", "lunch", PausedBy.OWNER)
        go_on(campaigns, how)
        assert campaigns.pause("c1", "bounces", PausedBy.BREAKER)

    def test_another_campaign_is_still_guarded(self, campaigns, how):
        for campaign_id in ("c1", "c2"):
            in_status(campaigns, Status.SENDING, campaign_id=campaign_id)
        campaigns.pause("c1", "bounces", PausedBy.BREAKER)
        go_on(campaigns, how)
        assert campaigns.pause("c2", "bounces", PausedBy.BREAKER)


def test_in_status_makes_what_the_other_tests_stand_on(campaigns):
    for status in Status:
        summary = in_status(campaigns, status, campaign_id=f"of {status}")
        assert (NUMBERS | {"status": status.value, "reason": "why", "finished_at": "t8"}).items() <= summary.items()
    assert "batches" not in in_status(campaigns, Status.PREPARING, prepared=False)
