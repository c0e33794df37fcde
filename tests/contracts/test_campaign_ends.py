"""How a campaign ends, and its later rounds: the fake and DynamoDB promise the same."""

import pytest

from chalicelib.domain.campaign import ENDED, RESUMABLE, PausedBy, Status
from chalicelib.errors import CampaignStopped
from tests.contracts.statuses import in_status

NOT_ENDED = sorted(set(Status) - ENDED)


class TestReopen:
    @pytest.mark.parametrize(("prepared", "goes_on"), [(True, "sending"), (False, "preparing")])
    @pytest.mark.parametrize("status", sorted(RESUMABLE))
    def test_a_campaign_that_came_to_no_end_of_its_own_gets_another_round(self, campaigns, status, prepared, goes_on):
        before = in_status(campaigns, status, prepared)
        assert campaigns.reopen("c1", before) == 2
        left = {name: value for name, value in before.items() if name not in ("reason", "finished_at")}
        assert campaigns.summary("c1") == left | {"status": goes_on, "round": 2}

    def test_who_paused_a_campaign_is_forgotten_with_the_pause(self, campaigns):
        in_status(campaigns, Status.SENDING)
        campaigns.pause("c1", "lunch", PausedBy.OWNER)
        campaigns.reopen("c1", campaigns.summary("c1"))
        assert not {"paused_by", "reason"} & campaigns.summary("c1").keys()

    @pytest.mark.parametrize("status", sorted(set(Status) - RESUMABLE))
    def test_what_was_sent_to_its_end_or_cancelled_gets_none(self, campaigns, status):
        before = in_status(campaigns, status)
        assert campaigns.reopen("c1", before) == 0
        assert campaigns.summary("c1") == before

    def test_each_round_has_the_next_number(self, campaigns):
        in_status(campaigns, Status.SENDING)
        numbers = []
        for _ in range(3):
            campaigns.end("c1", Status.STOPPED, "again")
            numbers.append(campaigns.reopen("c1", campaigns.summary("c1")))
        assert numbers == [2, 3, 4]

    @pytest.mark.parametrize("rounds_before", [0, 1])
    def test_of_two_who_reopen_it_at_once_only_one_does(self, campaigns, rounds_before):
        in_status(campaigns, Status.STOPPED)
        for _ in range(rounds_before):
            campaigns.reopen("c1", campaigns.summary("c1"))
        seen = campaigns.summary("c1")
        number = 2 + rounds_before
        assert (campaigns.reopen("c1", seen), campaigns.reopen("c1", seen)) == (number, 0)
        assert campaigns.summary("c1")["round"] == number

    def test_a_campaign_that_is_not_there_gets_none(self, campaigns):
        assert campaigns.reopen("c1", {}) == 0
        assert campaigns.summary("c1") == {}


class TestNextRound:
    @pytest.mark.parametrize("status", sorted(ENDED))
    def test_an_ended_campaign_counts_a_round_more_and_stays_as_it_is(self, campaigns, status):
        before = in_status(campaigns, status)
        assert campaigns.next_round("c1", before) == 2
        assert campaigns.summary("c1") == before | {"round": 2}
        assert campaigns.next_round("c1", campaigns.summary("c1")) == 3

    @pytest.mark.parametrize("status", NOT_ENDED)
    def test_what_has_not_ended_counts_none(self, campaigns, status):
        before = in_status(campaigns, status)
        assert campaigns.next_round("c1", before) == 0
        assert campaigns.summary("c1") == before

    def test_of_two_who_close_it_at_once_only_one_does(self, campaigns):
        seen = in_status(campaigns, Status.CANCELLED)
        assert (campaigns.next_round("c1", seen), campaigns.next_round("c1", seen)) == (2, 0)

    def test_a_round_that_closes_counts_with_those_that_send(self, campaigns):
        seen = in_status(campaigns, Status.STOPPED)
        assert campaigns.next_round("c1", seen) == 2
        assert campaigns.reopen("c1", seen) == 0
        assert campaigns.reopen("c1", campaigns.summary("c1")) == 3


class TestEnd:
    @pytest.mark.parametrize("status", NOT_ENDED)
    def test_what_has_not_ended_is_cancelled_and_keeps_all_else(self, campaigns, status):
        before = in_status(campaigns, status)
        assert campaigns.cancel("c1", "wrong list")
        assert campaigns.summary("c1") == before | {"status": "cancelled", "reason": "wrong list"}

    @pytest.mark.parametrize("status", sorted(ENDED))
    def test_what_has_ended_is_not_cancelled(self, campaigns, status):
        before = in_status(campaigns, status)
        assert not campaigns.cancel("c1", "wrong list")
        assert campaigns.summary("c1") == before

    def test_a_campaign_that_is_not_there_is_not_cancelled_and_not_made(self, campaigns):
        assert not campaigns.cancel("c1", "wrong list")
        assert campaigns.summary("c1") == {}

    @pytest.mark.parametrize("end", sorted(ENDED))
    @pytest.mark.parametrize("status", NOT_ENDED)
    def test_what_has_not_ended_ends_so(self, campaigns, status, end):
        before = in_status(campaigns, status)
        assert campaigns.end("c1", end, "over")
        assert campaigns.summary("c1") == before | {"status": end.value, "reason": "over"}

    @pytest.mark.parametrize("end", sorted(ENDED))
    @pytest.mark.parametrize("status", sorted(ENDED))
    def test_what_has_ended_keeps_its_end_and_takes_a_newer_reason_for_the_same(self, campaigns, status, end):
        before = in_status(campaigns, status)
        assert campaigns.end("c1", end, "over") is (status is end)
        assert campaigns.summary("c1") == before | {"reason": "over" if status is end else "why"}

    def test_a_campaign_that_nobody_recorded_can_be_ended(self, campaigns):
        assert campaigns.end("c1", Status.FAILED, "over")
        assert {"status": "failed", "reason": "over"}.items() <= campaigns.summary("c1").items()

    def test_what_ses_stops_says_why_and_sends_no_more(self, campaigns):
        in_status(campaigns, Status.SENDING)
        campaigns.stop("c1", "The account is suspended.")
        with pytest.raises(CampaignStopped, match="suspended"):
            campaigns.check_sending("c1")
        assert campaigns.summary("c1")["status"] == "stopped"

    def test_stopping_leaves_an_owners_end_as_it_is(self, campaigns):
        before = in_status(campaigns, Status.CANCELLED)
        campaigns.stop("c1", "too late")
        assert campaigns.summary("c1") == before

    def test_a_batch_of_no_campaign_that_ses_stops_is_recorded(self, campaigns):
        campaigns.stop("by-hand", "The account is suspended.")
        with pytest.raises(CampaignStopped, match="suspended"):
            campaigns.check_sending("by-hand")
