"""The Campaigns table: each campaign's summary, and its counters in shards."""

from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.aws.campaign_statuses import SUMMARY, CampaignStatuses
from chalicelib.aws.items import from_item, to_item
from chalicelib.domain.campaign import Status
from chalicelib.domain.recipient import SHARDS
from chalicelib.domain.report import Report
from chalicelib.errors import CampaignNotFound


class Campaigns(CampaignStatuses):
    """Campaigns by their id."""

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

    def finish(self, campaign_id: str, status: Status, reason: str, totals: Mapping[str, int], now: str) -> Status:
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

    def count_event(self, campaign_id: str, shard: int, counter: str) -> None:
        """Add one to a counter of the campaign."""
        self._update(campaign_id, counter_part(shard), "ADD #counter :one", {":one": 1}, names={"#counter": counter})

    def report(self, campaign_id: str) -> Report:
        """All the campaign's numbers. Raises CampaignNotFound."""
        answer = self._dynamodb.query(
            TableName=self._table,
            KeyConditionExpression="campaign_id = :campaign",
            ExpressionAttributeValues=to_item({":campaign": campaign_id}),
            ConsistentRead=True,
        )
        parts = [from_item(item) for item in answer["Items"]]
        if not any(part["part"] == SUMMARY for part in parts):
            raise CampaignNotFound(f"There is no campaign {campaign_id!r}.")
        return Report.from_parts(campaign_id, parts)

    def summaries(self) -> Iterator[dict[str, Any]]:
        """The summaries of all campaigns, in no order."""
        scan = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table,
            FilterExpression="#part = :summary",
            ExpressionAttributeNames={"#part": "part"},
            ExpressionAttributeValues=to_item({":summary": SUMMARY}),
        )
        for page in scan:
            yield from map(from_item, page["Items"])


def counter_part(shard: int) -> str:
    """The part of a campaign that holds this shard's counters."""
    return f"counts#{shard:02d}"
