"""A campaign's event counters: where they lie, and how many calls they take."""

from collections import Counter
from typing import Any

import pytest

from chalicelib.aws.campaigns import Campaigns
from chalicelib.aws.event_counters import SHORT, EventCounters, event_key, long_name, short_name
from chalicelib.aws.items import from_item, to_item
from chalicelib.aws.side_by_side import SideBySide, one_by_one
from chalicelib.domain.recipient import SHARDS
from chalicelib.domain.tally import (
    BOUNCED_BY,
    CLICKED_LINK,
    DELIVERED_TO,
    HUMAN_CLICKED_LINK,
    SOFT_BOUNCED_BY,
    TOTALS,
    Count,
)
from tests.contracts.conftest import make_table

OPENED, BOUNCED = Count("2026-05-01T06", "opened@08"), Count("2026-05-01T06", "bounced/General")
LATER = Count("2026-05-01T12", "human_opened@13")
FIRST, LAST = {"part": "2026-05-01T06", "opened@08": 1}, {"part": "2026-05-01T12", "opened@13": 2}


class Counted:
    """A client that counts its calls."""

    def __init__(self, dynamodb: Any) -> None:
        self._dynamodb = dynamodb
        self.calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        self.calls[name] += 1
        return getattr(self._dynamodb, name)


class Paged:
    """A table whose every item is a page of its own."""

    def __init__(self, *items: dict[str, Any]) -> None:
        self._items = [to_item(item) for item in items]

    def query(self, **asked: Any) -> dict[str, Any]:
        place = int(asked.get("ExclusiveStartKey", {"place": {"N": "0"}})["place"]["N"])
        more = place + 1 < len(self._items)
        last = {"LastEvaluatedKey": {"place": {"N": str(place + 1)}}} if more else {}
        return {"Items": self._items[place : place + 1]} | last


@pytest.fixture
def table(moto_dynamodb: Any) -> str:
    return make_table(moto_dynamodb, "campaign_id", "part")


@pytest.fixture
def counted(moto_dynamodb: Any, table: str) -> tuple[Campaigns, Counter[str]]:
    """A campaign, and the calls since it is there."""
    client = Counted(moto_dynamodb)
    campaigns = Campaigns(client, table)
    campaigns.create("c1", "s3://b/k", "m1", "t1")
    client.calls.clear()
    return campaigns, client.calls


def test_an_event_is_counted_under_its_shards_own_key(moto_dynamodb: Any, table: str) -> None:
    Campaigns(moto_dynamodb, table).count_events("c1", 7, {OPENED: 1})
    (item,) = moto_dynamodb.scan(TableName=table)["Items"]
    assert from_item(item) == {"campaign_id": "c1#events#07", "part": "2026-05-01T06", "o@08": 1}


def test_every_counter_has_a_short_name_of_its_own_and_is_read_by_its_own_name() -> None:
    bases = {*TOTALS, DELIVERED_TO, BOUNCED_BY, SOFT_BOUNCED_BY, CLICKED_LINK, HUMAN_CLICKED_LINK, "unknown_event"}
    assert SHORT.keys() == bases
    assert len({*SHORT, *SHORT.values()}) == 2 * len(SHORT)
    names = [f"{base}{rest}" for base in bases for rest in ("", "@08", "/d", "/delivered@1", "/")]
    assert [long_name(short_name(name)) for name in names] == names
    assert {short_name(name) for name in ("campaign_id", "part", "stranger")} == {"campaign_id", "part", "stranger"}


def test_no_two_shards_of_any_campaigns_share_a_key() -> None:
    campaigns = ("c", "c1", "c1#events", "c1#events#03", "c1#events#03#events#03")
    assert len({event_key(each, shard) for each in campaigns for shard in range(SHARDS)}) == len(campaigns) * SHARDS


def test_what_one_event_changes_is_one_call_and_another_for_each_other_time(
    counted: tuple[Campaigns, Counter[str]],
) -> None:
    campaigns, calls = counted
    campaigns.count_events("c1", 3, {OPENED: 1, BOUNCED: 1})
    assert calls == {"update_item": 1}
    campaigns.count_events("c1", 3, {OPENED: 1, LATER: -1})
    assert calls == {"update_item": 3}


def test_a_report_asks_once_for_the_campaign_and_once_for_each_shard(counted: tuple[Campaigns, Counter[str]]) -> None:
    campaigns, calls = counted
    campaigns.report("c1")
    assert sum(calls.values()) == 1 + SHARDS


def test_a_list_of_campaigns_asks_for_no_counters(counted: tuple[Campaigns, Counter[str]]) -> None:
    campaigns, calls = counted
    assert [summary["campaign_id"] for summary in campaigns.newest(20).summaries] == ["c1"]
    assert sum(calls.values()) == 2  # the index, and the summaries


@pytest.mark.parametrize("run_all", [one_by_one, SideBySide(10)])
def test_all_pages_of_all_shards_are_read(run_all: Any) -> None:
    counters = EventCounters(Paged(FIRST, LAST), "campaigns", run_all)
    assert counters.of_shard("c1", 0) == {OPENED: 1, Count("2026-05-01T12", "opened@13"): 2}
    assert counters.items("c1") == [FIRST, LAST] * SHARDS
