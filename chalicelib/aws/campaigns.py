"""The Campaigns table: each campaign's summary, and its counters in shards."""

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.items import from_item, to_item
from chalicelib.domain.campaign import ENDED, Status
from chalicelib.domain.recipient import SHARDS
from chalicelib.domain.report import Report
from chalicelib.errors import CampaignNotFound, CampaignPaused, CampaignStopped

SUMMARY = "summary"


class Campaigns:
    """Campaigns by their id."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def create(self, campaign_id: str, source: str, mail_id: str, now: str) -> bool:
        """Record a new campaign as `preparing`; False where it exists already."""
        return self._update(
            campaign_id,
            SUMMARY,
            "SET #status = :status, #source = :source, mail_id = :mail, created_at = :now",
            {":status": Status.PREPARING.value, ":source": source, ":mail": mail_id, ":now": now},
            condition="attribute_not_exists(campaign_id)",
            names={"#status": "status", "#source": "source"},
        )

    def prepared(self, campaign_id: str, mail_id: str, execution: str, numbers: Mapping[str, int]) -> None:
        """Record what was found in the list, and that sending begins."""
        known = {"mail_id": mail_id, "execution_arn": execution, **numbers}
        begun = self._set(
            campaign_id,
            {"status": Status.SENDING.value, **known},
            "#status IN (:preparing, :status)",
            {":preparing": Status.PREPARING.value},
        )
        if not begun:  # paused or ended meanwhile: that stays, but its rows must be accounted for all the same
            self._set(campaign_id, known)

    def check_sending(self, campaign_id: str) -> None:
        """Raises CampaignPaused or CampaignStopped where the campaign must not send now."""
        summary = self.summary(campaign_id)
        status = Status(summary.get("status", Status.SENDING))
        if status is Status.PAUSED:
            raise CampaignPaused(f"Campaign {campaign_id} is paused.")
        if status in ENDED:
            raise CampaignStopped(summary.get("reason") or f"Campaign {campaign_id} is {status.value}.")

    def stop(self, campaign_id: str, reason: str) -> None:
        """Mark the campaign stopped: no batch of it is sent from now on."""
        self._end(campaign_id, Status.STOPPED, reason, {})

    def fail(self, campaign_id: str, reason: str, now: str) -> None:
        """Mark a campaign failed that never began, for its owner to read why; one that began is left alone."""
        self._set(
            campaign_id,
            {"status": Status.FAILED.value, "reason": reason, "finished_at": now},
            "#status = :preparing AND mail_id = :none",
            {":preparing": Status.PREPARING.value, ":none": ""},
        )

    def finish(self, campaign_id: str, status: Status, reason: str, totals: Mapping[str, int], now: str) -> Status:
        """Record how the campaign ended; returns the status kept, which is the owner's where they ended it."""
        numbers = {**totals, "finished_at": now}
        if self._end(campaign_id, status, reason, numbers):
            return status
        kept = Status(self.summary(campaign_id)["status"])
        self._set(campaign_id, numbers)
        return kept

    def _end(self, campaign_id: str, status: Status, reason: str, values: Mapping[str, Any]) -> bool:
        """Set an ended status, unless the campaign has ended otherwise before."""
        ended = {f":ended{number}": other.value for number, other in enumerate(sorted(ENDED))}
        return self._set(
            campaign_id,
            {"status": status.value, "reason": reason, **values},
            f"attribute_not_exists(#status) OR NOT #status IN ({', '.join(ended)}) OR #status = :status",
            ended,
        )

    def _set(
        self,
        campaign_id: str,
        values: Mapping[str, Any],
        condition: str = "",
        more: Mapping[str, Any] | None = None,
    ) -> bool:
        return self._update(
            campaign_id,
            SUMMARY,
            "SET " + ", ".join(f"#{name} = :{name}" for name in values),
            {**{f":{name}": value for name, value in values.items()}, **(more or {})},
            condition=condition,
            names={f"#{name}": name for name in values},
        )

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

    def summary(self, campaign_id: str) -> dict[str, Any]:
        """The campaign's summary; empty where there is none."""
        answer = self._dynamodb.get_item(
            TableName=self._table,
            Key=to_item({"campaign_id": campaign_id, "part": SUMMARY}),
            ConsistentRead=True,
        )
        return from_item(answer.get("Item", {}))

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

    def _update(
        self,
        campaign_id: str,
        part: str,
        expression: str,
        values: Mapping[str, Any],
        condition: str = "",
        names: Mapping[str, str] | None = None,
    ) -> bool:
        """Change one item; False where the condition does not hold."""
        extra: dict[str, Any] = {"ConditionExpression": condition} if condition else {}
        if names:
            extra["ExpressionAttributeNames"] = dict(names)
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"campaign_id": campaign_id, "part": part}),
                UpdateExpression=expression,
                ExpressionAttributeValues=to_item(values),
                **extra,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True


def counter_part(shard: int) -> str:
    """The part of a campaign that holds this shard's counters."""
    return f"counts#{shard:02d}"
