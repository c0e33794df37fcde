"""The Campaigns table: each campaign's summary, its links, and its counters in shards."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.aws.campaign_index import CampaignIndex
from chalicelib.aws.campaign_statuses import SUMMARY
from chalicelib.aws.event_counters import EventCounters
from chalicelib.aws.items import from_item, to_item
from chalicelib.aws.side_by_side import RunAll, one_by_one
from chalicelib.domain.campaign import Status
from chalicelib.domain.recipient import SHARDS
from chalicelib.domain.report import Report
from chalicelib.domain.tally import Count
from chalicelib.errors import CampaignNotFound

LINKS = "links"


class Campaigns(CampaignIndex):
    """Campaigns by their id."""

    def __init__(self, dynamodb: Any, table: str, run_all: RunAll = one_by_one) -> None:
        """`run_all` reads the event counters of all shards."""
        super().__init__(dynamodb, table)
        self._events = EventCounters(dynamodb, table, run_all)

    def create(
        self,
        campaign_id: str,
        source: str,
        mail_id: str,
        now: str,
        version: str = "",
        options: Mapping[str, Any] = {},
    ) -> bool:
        """Record a new campaign as `preparing`, with what its execution was told; False where it exists already."""
        if self.summary(campaign_id):  # else each try would enter it into the index anew
            return False
        self._enter(campaign_id, source, mail_id, now)
        values: dict[str, Any] = {"status": Status.PREPARING, "source": source, "mail_id": mail_id, "created_at": now}
        told = {"version_id": version, "input_options": dict(options)}
        known = {name: value for name, value in told.items() if value}
        return self._set(campaign_id, values | known, "attribute_not_exists(campaign_id)")

    def prepared(self, campaign_id: str, mail_id: str, execution: str, numbers: Mapping[str, int]) -> None:
        """Record what was found in the list, and that sending begins."""
        known = {"mail_id": mail_id, "execution_arn": execution, **numbers}
        begun = self._change(campaign_id, {"status": Status.SENDING, **known}, {Status.PREPARING, Status.SENDING})
        if not begun:  # paused or ended meanwhile: that stays, but its rows must be accounted for all the same
            self._set(campaign_id, known)

    def fail(self, campaign_id: str, reason: str, now: str) -> None:
        """Mark a campaign failed that never began, for its owner to read why; one that began is left alone."""
        self._change(
            campaign_id,
            {"status": Status.FAILED, "reason": reason, "finished_at": now},
            {Status.PREPARING},
            guard="mail_id = :none",
            more={":none": ""},
        )

    def finish(self, campaign_id: str, status: Status, reason: str, totals: Mapping[str, Any], now: str) -> Status:
        """Record how the campaign ended; returns the status kept, which is the owner's where they ended it."""
        numbers = {**totals, "finished_at": now}
        if self.end(campaign_id, status, reason, numbers):
            return status
        kept = Status(self.summary(campaign_id)["status"])
        self._set(campaign_id, numbers)
        return kept

    def count_batch(self, campaign_id: str, batch: int, totals: Mapping[str, int]) -> None:
        """Add a batch's outcomes to the campaign's counters, once however often it is called."""
        counted = {name: count for name, count in totals.items() if count}
        adds = ", ".join(f"#{name} :{name}" for name in counted)
        self._update(
            campaign_id,
            counter_part(batch % SHARDS),
            f"ADD counted_batches :set, {adds}" if adds else "ADD counted_batches :set",
            {":set": {batch}, ":batch": batch, **{f":{name}": count for name, count in counted.items()}},
            condition="NOT contains(counted_batches, :batch)",
            names={f"#{name}": name for name in counted},
        )

    def count_events(self, campaign_id: str, shard: int, changes: Mapping[Count, int]) -> Mapping[Count, int]:
        """Add to the campaign's event counters of this shard; what each of them has come to."""
        return self._events.add(campaign_id, shard, changes)

    def event_counts(self, campaign_id: str, shard: int) -> Mapping[Count, int]:
        """The campaign's event counters of this shard, as they are now."""
        return self._events.of_shard(campaign_id, shard)

    def keep_links(self, campaign_id: str, links: Sequence[str]) -> None:
        """Keep the links of the campaign's mail, whose clicks are counted by their places here."""
        self._update(campaign_id, LINKS, "SET #links = :links", {":links": list(links)}, names={"#links": "links"})

    def links(self, campaign_id: str) -> Sequence[str]:
        """The links that were kept for the campaign."""
        key = to_item({"campaign_id": campaign_id, "part": LINKS})
        answer = self._dynamodb.get_item(TableName=self._table, Key=key)
        return tuple(from_item(answer.get("Item", {})).get("links", ()))

    def report(self, campaign_id: str) -> Report:
        """All the campaign's numbers. Raises CampaignNotFound."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="campaign_id = :campaign",
            ExpressionAttributeValues=to_item({":campaign": campaign_id}),
            ConsistentRead=True,
        )
        parts = [from_item(item) for page in pages for item in page["Items"]]
        if not any(part["part"] == SUMMARY for part in parts):
            raise CampaignNotFound(f"There is no campaign {campaign_id!r}.")
        return Report.from_parts(campaign_id, parts, self._events.items(campaign_id))


def counter_part(shard: int) -> str:
    """The part of a campaign that holds this shard's counters."""
    return f"counts#{shard:02d}"
