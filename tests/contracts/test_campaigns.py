"""The campaigns' records: the fake and DynamoDB promise the same."""

from typing import Any

import pytest

from chalicelib.domain.campaign import ENDED, Status
from chalicelib.domain.outcome import OutcomeKind
from chalicelib.domain.recipient import SHARDS
from chalicelib.domain.tally import Count
from chalicelib.errors import CampaignNotFound
from tests.contracts.statuses import NUMBERS, put

EVERY_END = {kind.value: number for number, kind in enumerate(OutcomeKind, 1)}


class TestCampaigns:
    @pytest.fixture
    def sending(self, campaigns: Any) -> Any:
        campaigns.create("c1", "s3://b/k", "m1", "t1")
        campaigns.prepared("c1", "m1", "arn", NUMBERS)
        return campaigns

    def test_a_new_campaign_is_preparing(self, campaigns):
        assert campaigns.create("c1", "s3://b/k", "m1", "t1")
        summary = campaigns.summary("c1")
        expected = {"status": "preparing", "source": "s3://b/k", "mail_id": "m1", "created_at": "t1"}
        assert expected.items() <= summary.items()

    def test_a_campaign_is_created_once(self, campaigns):
        campaigns.create("c1", "s3://b/k", "m1", "t1")
        assert not campaigns.create("c1", "other", "m2", "t2")
        assert campaigns.summary("c1")["mail_id"] == "m1"

    def test_a_new_campaign_keeps_the_version_of_its_list_where_that_is_known(self, campaigns):
        campaigns.create("c1", "s3://b/k", "m1", "t1", "v7")
        campaigns.create("c2", "s3://b/k", "m1", "t1", "")
        assert campaigns.summary("c1")["version_id"] == "v7"
        assert "version_id" not in campaigns.summary("c2")

    def test_a_campaign_that_is_not_there_has_an_empty_summary_and_no_report(self, campaigns):
        assert campaigns.summary("c1") == {}
        with pytest.raises(CampaignNotFound):
            campaigns.report("c1")

    def test_a_prepared_campaign_is_sending_and_knows_its_numbers(self, sending):
        summary = sending.summary("c1")
        assert ({"status": "sending", "execution_arn": "arn"} | NUMBERS).items() <= summary.items()

    def test_preparing_twice_is_the_same_as_once(self, sending):
        once = sending.summary("c1")
        sending.prepared("c1", "m1", "arn", NUMBERS)
        assert sending.summary("c1") == once

    @pytest.mark.parametrize("status", [Status.PAUSED, *sorted(ENDED)])
    def test_a_campaign_held_while_it_is_prepared_stays_held_and_knows_its_numbers(self, campaigns, status):
        campaigns.create("c1", "s3://b/k", "m1", "t1")
        put(campaigns, "c1", status=status.value)
        campaigns.prepared("c1", "m1", "arn", NUMBERS)
        assert ({"status": status, "mail_id": "m1"} | NUMBERS).items() <= campaigns.summary("c1").items()

    def test_a_campaign_that_never_began_can_be_failed(self, campaigns):
        campaigns.create("c1", "s3://b/k", "", "t1")
        campaigns.fail("c1", "why", "t2")
        assert {"status": "failed", "reason": "why", "finished_at": "t2"}.items() <= campaigns.summary("c1").items()

    def test_failing_twice_is_the_same_as_once(self, campaigns):
        campaigns.create("c1", "s3://b/k", "", "t1")
        campaigns.fail("c1", "why", "t2")
        once = campaigns.summary("c1")
        campaigns.fail("c1", "why", "t3")
        assert campaigns.summary("c1") == once

    def test_a_campaign_that_began_is_not_failed_by_its_upload(self, sending):
        once = sending.summary("c1")
        sending.fail("c1", "the upload is gone", "t2")
        assert sending.summary("c1") == once

    @pytest.mark.parametrize("status", [Status.FINISHED, Status.STOPPED, Status.FAILED])
    def test_a_campaign_ends_with_its_status_its_reason_and_its_totals(self, sending, status):
        assert sending.finish("c1", status, "why", EVERY_END, "t9") is status
        expected = {"status": status, "reason": "why", "finished_at": "t9"} | EVERY_END
        assert expected.items() <= sending.summary("c1").items()

    def test_finishing_again_with_the_same_status_gives_the_newer_reason_and_totals(self, sending):
        sending.finish("c1", Status.FAILED, "why", {}, "t8")
        assert sending.finish("c1", Status.FAILED, "for certain", {"accepted": 4}, "t9") is Status.FAILED
        assert {"accepted": 4, "reason": "for certain"}.items() <= sending.summary("c1").items()

    @pytest.mark.parametrize("kept", [Status.CANCELLED, Status.STOPPED])
    def test_an_owners_end_is_kept_and_the_totals_are_added(self, sending, kept):
        put(sending, "c1", status=kept.value)
        assert sending.finish("c1", Status.FINISHED, "", EVERY_END, "t9") is kept
        assert ({"status": kept, "finished_at": "t9"} | EVERY_END).items() <= sending.summary("c1").items()

    def test_a_campaign_that_nobody_recorded_can_still_end(self, campaigns):
        assert campaigns.finish("c1", Status.FAILED, "why", {}, "t9") is Status.FAILED
        assert campaigns.summary("c1")["status"] == "failed"

    def test_a_batch_is_counted_once_with_all_its_ends(self, sending):
        for _ in range(2):
            sending.count_batch("c1", 0, EVERY_END)
        # The rows that were never in a batch are the summary's.
        expected = EVERY_END | {"invalid": NUMBERS["invalid"], "duplicate": NUMBERS["duplicate"]}
        assert sending.report("c1").ends == expected

    def test_batches_of_the_same_shard_are_counted_each(self, sending):
        for number in (0, 1, SHARDS, 2 * SHARDS):
            sending.count_batch("c1", number, {"accepted": 2, "failed": 0, "unknown": 1})
        assert (sending.report("c1").ends["accepted"], sending.report("c1").ends["unknown"]) == (8, 4)

    def test_a_batch_without_any_outcome_can_be_counted(self, sending):
        sending.count_batch("c1", 0, dict.fromkeys(EVERY_END, 0))
        assert sending.report("c1").ends["accepted"] == 0

    def test_the_same_batch_of_another_campaign_is_another(self, sending):
        sending.create("c2", "", "m1", "t1")
        sending.count_batch("c1", 0, {"accepted": 1})
        sending.count_batch("c2", 0, {"accepted": 2})
        assert (sending.report("c1").ends["accepted"], sending.report("c2").ends["accepted"]) == (1, 2)

    def test_event_counters_are_added_up_over_shards_and_time(self, sending):
        for since in ("2026-05-01T06", "2026-05-02T06"):
            for shard in (0, 31):
                changes = {Count(since, "opened@08"): 1, Count(since, "bounced/General"): 2, Count(since, "delayed"): 1}
                sending.count_events("c1", shard, changes)
        report = sending.report("c1")
        assert {name: count for name, count in report.events.items() if count} == {
            "opened": 4,
            "bounced": 8,
            "delayed": 4,
        }
        assert [(hour.starts_at, hour.opened) for hour in report.hours] == [
            ("2026-05-01T08:00Z", 2),
            ("2026-05-02T08:00Z", 2),
        ]

    def test_what_turns_out_otherwise_is_taken_back(self, sending):
        sending.count_events(
            "c1", 3, {Count("2026-05-01T06", "opened@08"): 1, Count("2026-05-01T06", "human_opened@08"): 1}
        )
        moved = {Count("2026-05-01T06", "human_opened@08"): -1, Count("2026-05-02T18", "human_opened@23"): 1}
        sending.count_events("c1", 3, moved)
        assert [tuple(hour) for hour in sending.report("c1").hours] == [
            ("2026-05-01T08:00Z", 0, 1, 0, 0, 0),
            ("2026-05-02T23:00Z", 0, 0, 1, 0, 0),
        ]

    def test_who_counts_an_event_learns_what_its_shard_has_come_to(self, sending):
        opened, bounced = Count("2026-05-01T06", "opened@08"), Count("2026-05-01T12", "bounced/General")
        assert sending.count_events("c1", 3, {opened: 1}) == {opened: 1}
        sending.count_events("c1", 4, {opened: 5, bounced: 5})
        assert sending.count_events("c1", 3, {opened: 1, bounced: 2}) == {opened: 2, bounced: 2}
        assert sending.count_events("c1", 3, {bounced: -1}) == {bounced: 1}

    def test_a_shards_counters_are_its_own(self, sending):
        opened = Count("2026-05-01T06", "opened@08")
        sending.count_events("c1", 3, {opened: 1})
        sending.count_events("c1", 4, {opened: 5})
        sending.count_events("c2", 3, {opened: 7})
        assert [sending.event_counts("c1", shard) for shard in (3, 4, 5)] == [{opened: 1}, {opened: 5}, {}]

    @pytest.mark.parametrize("other", ["c", "c1#events#03", "c1#events"])
    def test_events_are_counted_for_no_campaign_of_a_similar_id(self, sending, other):
        sending.create(other, "s3://b/k", "m1", "t1")
        sending.count_events("c1", 3, {Count("2026-05-01T06", "opened@08"): 1})
        assert sending.report(other).events["opened"] == 0
        assert sending.event_counts(other, 3) == {}

    def test_the_links_of_a_mail_are_kept_for_its_campaign(self, sending):
        assert tuple(sending.links("c1")) == ()
        sending.keep_links("c1", ["https://example.com/", "https://example.com/{{ id }}"])
        assert tuple(sending.links("c1")) == ("https://example.com/", "https://example.com/{{ id }}")
        assert sending.report("c1").mail_links == tuple(sending.links("c1"))

    def test_counters_do_not_make_a_campaign(self, campaigns):
        campaigns.count_events("c1", 3, {Count("2026-05-01T06", "opened@08"): 1})
        with pytest.raises(CampaignNotFound):
            campaigns.report("c1")
        assert campaigns.create("c1", "s3://b/k", "m1", "t1")

    def test_the_report_of_an_ended_campaign_has_the_totals_of_its_end(self, sending):
        sending.count_batch("c1", 0, {"accepted": 1})
        totals = dict.fromkeys(EVERY_END, 0) | {"accepted": 7, "invalid": 1, "duplicate": 2}
        sending.finish("c1", Status.FINISHED, "", totals, "t9")
        report = sending.report("c1")
        assert report.ends == totals
        assert report.balanced
        assert report.has_ended

    def test_the_report_of_a_campaign_that_was_ended_and_not_closed_has_what_was_counted(self, sending):
        sending.count_batch("c1", 0, {"accepted": 1})
        sending.cancel("c1", "wrong list")
        report = sending.report("c1")
        assert (report.ends["accepted"], report.has_ended) == (1, False)

    def test_the_report_of_a_campaign_that_goes_on_counts_on_from_the_round_before(self, sending):
        sending.count_batch("c1", 0, {"accepted": 1})
        sending.finish("c1", Status.STOPPED, "why", dict.fromkeys(EVERY_END, 0) | {"accepted": 1, "failed": 6}, "t9")
        sending.reopen("c1", sending.summary("c1"))
        sending.count_batch("c1", 1, {"accepted": 3})
        report = sending.report("c1")
        assert (report.ends["accepted"], report.ends["failed"], report.has_ended) == (4, 0, False)
