"""The list of campaigns: the fake and DynamoDB promise the same, and DynamoDB keeps it through any crash."""

from typing import Any

import pytest

from chalicelib.aws.campaigns import Campaigns
from chalicelib.domain.tally import Count
from tests.contracts.conftest import make_table


def ids(summaries: Any) -> list[str]:
    return [each["campaign_id"] for each in summaries]


def create(campaigns: Any, *names: str) -> None:
    """Create campaigns, the last one newest."""
    for number, name in enumerate(names):
        campaigns.create(name, f"s3://b/{name}", f"mail-of-{name[:1]}", f"2026-05-01T08:00:{number:02d}.000Z")


class TestCampaignIndex:
    def test_all_summaries_are_listed_and_nothing_else(self, campaigns):
        create(campaigns, "c1", "c2")
        campaigns.count_events("c1", 3, {Count("2026-05-01T06", "opened@08"): 1})
        campaigns.keep_links("c1", ["https://example.com/"])
        assert ids(campaigns.summaries()) == ["c2", "c1"]

    def test_no_campaigns_are_no_summaries(self, campaigns):
        assert list(campaigns.summaries()) == []
        assert campaigns.newest(5) == ([], "")
        assert campaigns.mail_ids() == []

    def test_the_newest_come_first_and_the_older_ones_after_them(self, campaigns):
        create(campaigns, "c1", "c2", "c3", "c4", "c5")
        found, before = campaigns.newest(2)
        assert (ids(found), bool(before)) == (["c5", "c4"], True)
        found, before = campaigns.newest(2, before)
        assert (ids(found), bool(before)) == (["c3", "c2"], True)
        found, before = campaigns.newest(2, before)
        assert (ids(found), before) == (["c1"], "")

    def test_where_there_are_no_older_ones_none_are_promised(self, campaigns):
        create(campaigns, "c1", "c2")
        assert campaigns.newest(2).before == ""
        assert campaigns.newest(3).before == ""

    def test_campaigns_of_the_same_moment_are_all_listed(self, campaigns):
        for name in ("c1", "c2", "c3"):
            campaigns.create(name, "s", "m", "2026-05-01T08:00:00.000Z")
        found, before = campaigns.newest(1)
        assert ids(found) + ids(campaigns.newest(5, before).summaries) == ["c3", "c2", "c1"]

    def test_a_campaign_that_is_created_again_stays_where_it_was(self, campaigns):
        create(campaigns, "c1", "c2")
        assert not campaigns.create("c1", "s", "m", "2026-05-02T08:00:00.000Z")
        assert ids(campaigns.summaries()) == ["c2", "c1"]

    def test_what_a_campaign_came_to_is_in_its_summary(self, campaigns):
        create(campaigns, "c1")
        campaigns.cancel("c1", "wrong list")
        assert [each["status"] for each in campaigns.newest(1).summaries] == ["cancelled"]

    def test_the_mails_of_all_campaigns_are_known_each_once(self, campaigns):
        create(campaigns, "a1", "b1", "a2")
        campaigns.create("c-failed", "s3://b/odd", "", "2026-05-01T07:00:00.000Z")
        assert campaigns.mail_ids() == ["mail-of-a", "mail-of-b"]

    @pytest.mark.parametrize("before", ["0", "9", "鳩" * 2000, "\0", "#", " "])
    def test_any_text_is_a_place_to_go_on_from(self, campaigns, before):
        create(campaigns, "c1")
        assert ids(campaigns.newest(5, before).summaries) in ([], ["c1"])


class TestCrashes:
    @pytest.fixture
    def real(self, moto_dynamodb: Any) -> Campaigns:
        return Campaigns(moto_dynamodb, make_table(moto_dynamodb, "campaign_id", "part"))

    def test_an_entry_without_its_campaign_is_passed_over(self, real):
        create(real, "c1", "c2", "c3")
        real._enter("c-lost", "s3://b/k", "m1", "2026-05-01T08:00:01.500Z")
        assert ids(real.summaries()) == ["c3", "c2", "c1"]
        found, before = real.newest(1)
        assert ids(found) + ids(real.newest(1, before).summaries) == ["c3", "c2"]

    def test_a_campaign_that_two_made_at_once_is_listed_once(self, real):
        real._enter("c1", "s3://b/k", "m1", "2026-05-01T08:00:00.500Z")
        create(real, "c1", "c2")
        real._enter("c1", "s3://b/k", "m1", "2026-05-01T08:00:09.500Z")
        assert ids(real.summaries()) == ["c2", "c1"]

    def test_a_campaign_whose_creation_broke_off_is_created_the_next_time(self, real):
        real._enter("c1", "s3://b/k", "m1", "2026-05-01T08:00:00.000Z")
        assert real.create("c1", "s3://b/k", "m1", "2026-05-01T08:00:07.000Z")
        assert ids(real.summaries()) == ["c1"]

    def test_however_often_a_campaign_is_created_it_is_entered_once(self, real):
        for number in range(3):
            real.create("c1", "s3://b/k", "m1", f"2026-05-01T08:00:0{number}.000Z")
        assert sum(map(len, real._pages("", 100))) == 1

    def test_more_than_one_call_holds_are_listed_too(self, real):
        names = [f"c{number:03d}" for number in range(230)]
        for number, name in enumerate(names):
            real.create(name, "s", "m", f"2026-05-01T08:{number // 60:02d}:{number % 60:02d}.000Z")
        assert ids(real.summaries()) == names[::-1]
        assert ids(real.newest(150).summaries) == names[:79:-1]

    def test_the_pace_beside_the_campaigns_is_none_of_them(self, real):
        create(real, "c1")
        real._update("#account", "pacing", "SET rate = :rate", {":rate": 14})
        assert ids(real.summaries()) == ["c1"]

    def test_a_list_of_campaigns_reads_nothing_of_their_counters(self, real):
        create(real, "c1", "c2")
        asked: list[str] = []
        events, note = real._dynamodb.meta.events, lambda model, **_: asked.append(model.name)
        events.register("before-call.dynamodb", note)
        real.newest(20)
        events.unregister("before-call.dynamodb", note)
        assert asked == ["Query", "BatchGetItem"]
