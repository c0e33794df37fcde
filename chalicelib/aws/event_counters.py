"""The counters of what became of a campaign's mails, in the Campaigns table under keys of their own.

A partition takes a thousand writes a second, and each event is one: under the campaign's own key a large campaign's
events would wait for each other. So they lie under a key for each shard of the ledger.
"""

import re
from collections.abc import Mapping
from itertools import chain
from typing import Any

from chalicelib.aws.items import from_item, to_item
from chalicelib.aws.side_by_side import RunAll
from chalicelib.domain.event_counts import EventCounts
from chalicelib.domain.recipient import SHARDS, shard_tag
from chalicelib.domain.tally import Count

# What counters are called in the table. A write is charged by the size of its whole item, for each begun KB: by their
# own names, the counters of a large campaign would come to two.
SHORT = {
    "delivered": "d",
    "delayed": "dl",
    "bounced": "b",
    "soft_bounced": "sb",
    "undetermined_bounced": "ub",
    "complained": "cm",
    "rejected": "rj",
    "rendering_failed": "rf",
    "opened": "o",
    "human_opened": "ho",
    "clicked": "c",
    "human_clicked": "hc",
    "unsubscribed": "un",
    "delivered_to": "dt",
    "bounced_by": "bb",
    "soft_bounced_by": "sbb",
    "clicked_link": "cl",
    "human_clicked_link": "hcl",
    "unknown_event": "ue",
}
_LONG = {short: name for name, short in SHORT.items()}
_base = re.compile(r"[^@/]*")


class EventCounters:
    """Event counters by campaign, shard of the ledger and time."""

    def __init__(self, dynamodb: Any, table: str, run_all: RunAll) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._run_all = run_all

    def add(self, campaign_id: str, shard: int, changes: Mapping[Count, int]) -> dict[Count, int]:
        """Add to the counters of this shard, those of one time in one call; what each of them has come to."""
        by_time: dict[str, dict[str, int]] = {}
        for count, number in changes.items():
            by_time.setdefault(count.since, {})[count.name] = number
        found: dict[Count, int] = {}
        for since in sorted(by_time):
            now = self._add(event_key(campaign_id, shard), since, by_time[since])
            found |= {Count(since, name): number for name, number in now.items()}
        return found

    def of_shard(self, campaign_id: str, shard: int) -> Mapping[Count, int]:
        """The counters of this shard, as they are now."""
        return EventCounts.from_items(self._items(event_key(campaign_id, shard))).counts

    def items(self, campaign_id: str) -> list[dict[str, Any]]:
        """All items that count the campaign's events."""
        keys = [event_key(campaign_id, shard) for shard in range(SHARDS)]
        return list(chain.from_iterable(self._run_all(self._items, keys)))

    def _add(self, key: str, since: str, numbers: Mapping[str, int]) -> dict[str, int]:
        short = {name: short_name(name) for name in numbers}
        adds = ", ".join(f"#n{index} :n{index}" for index in range(len(numbers)))
        answer = self._dynamodb.update_item(
            TableName=self._table,
            Key=to_item({"campaign_id": key, "part": since}),
            UpdateExpression=f"ADD {adds}",
            ExpressionAttributeNames={f"#n{index}": name for index, name in enumerate(short.values())},
            ExpressionAttributeValues=to_item({f":n{index}": each for index, each in enumerate(numbers.values())}),
            ReturnValues="UPDATED_NEW",
        )
        now = from_item(answer["Attributes"])
        return {name: int(now[kept]) for name, kept in short.items()}

    def _items(self, key: str) -> list[dict[str, Any]]:
        found, place = list[dict[str, Any]](), dict[str, Any]()
        while True:
            page = self._dynamodb.query(
                TableName=self._table,
                KeyConditionExpression="campaign_id = :key",
                ExpressionAttributeValues=to_item({":key": key}),
                ConsistentRead=True,
                **place,
            )
            found += ({long_name(name): each for name, each in from_item(item).items()} for item in page["Items"])
            if "LastEvaluatedKey" not in page:
                return found
            place = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def short_name(name: str) -> str:
    """What a counter is called in the table: `d@08` for `delivered@08`; one that has no short name, as it is."""
    return _base.sub(lambda base: SHORT.get(base[0], base[0]), name, count=1)


def long_name(short: str) -> str:
    """The counter that is called so in the table."""
    return _base.sub(lambda base: _LONG.get(base[0], base[0]), short, count=1)


def event_key(campaign_id: str, shard: int) -> str:
    """The key of the items that count this shard's events, each by the time (`2026-01-31T06`) when its events begin.

    No campaign's own item is ever among them, whatever its id: a time is no name of a part.
    """
    return f"{campaign_id}#events#{shard_tag(shard)}"
