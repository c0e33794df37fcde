"""Where a campaign stands: every change of it is one conditional write, so that of two only one happens."""

from collections.abc import Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.items import from_item, to_item
from chalicelib.domain.campaign import ENDED, RESUMABLE, PausedBy, Status
from chalicelib.errors import CampaignPaused, CampaignStopped

SUMMARY = "summary"


class CampaignStatuses:
    """The campaigns' summaries, as far as their status goes."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def summary(self, campaign_id: str) -> dict[str, Any]:
        """The campaign's summary; empty where there is none."""
        answer = self._dynamodb.get_item(
            TableName=self._table,
            Key=to_item({"campaign_id": campaign_id, "part": SUMMARY}),
            ConsistentRead=True,
        )
        return from_item(answer.get("Item", {}))

    def check_sending(self, campaign_id: str) -> None:
        """Raises CampaignPaused or CampaignStopped where the campaign must not send now."""
        summary = self.summary(campaign_id)
        status = Status(summary.get("status", Status.SENDING))
        if status is Status.PAUSED:
            raise CampaignPaused(summary.get("reason") or f"Campaign {campaign_id} is paused.")
        if status in ENDED:
            raise CampaignStopped(summary.get("reason") or f"Campaign {campaign_id} is {status.value}.")

    def pause(self, campaign_id: str, reason: str, by: PausedBy) -> bool:
        """Send no more until it is resumed; False where it does not send, or the circuit breaker is lifted for it."""
        guard = "attribute_not_exists(unguarded)" if by is PausedBy.BREAKER else ""
        values = {"status": Status.PAUSED, "reason": reason, "paused_by": by}
        return self._change(campaign_id, values, {Status.PREPARING, Status.SENDING}, guard=guard)

    def unpause(self, campaign_id: str, summary: Mapping[str, Any]) -> bool:
        """Let a paused campaign go on; False where it is not paused. What the circuit breaker paused is not again."""
        return self._change(campaign_id, _going_on(summary), {Status.PAUSED}, remove=("reason", "paused_by"))

    def reopen(self, campaign_id: str, summary: Mapping[str, Any]) -> int:
        """Begin the campaign's next round; its number, or 0 where that cannot be, or somebody else was faster."""
        return self._next_round(
            campaign_id, summary, _going_on(summary), RESUMABLE, ("reason", "paused_by", "finished_at")
        )

    def next_round(self, campaign_id: str, summary: Mapping[str, Any]) -> int:
        """Count one round more of an ended campaign, to close it; its number, or 0 where somebody else was faster."""
        return self._next_round(campaign_id, summary, {}, ENDED)

    def _next_round(
        self,
        campaign_id: str,
        summary: Mapping[str, Any],
        values: Mapping[str, Any],
        before: Iterable[Status],
        remove: Iterable[str] = (),
    ) -> int:
        last = int(summary.get("round", 1))
        counted = self._change(
            campaign_id,
            {**values, "round": last + 1},
            before,
            remove=remove,
            guard="attribute_not_exists(#round)" if last == 1 else "#round = :last",
            more={} if last == 1 else {":last": last},
        )
        return last + 1 if counted else 0

    def cancel(self, campaign_id: str, reason: str) -> bool:
        """End it for good; False where it has ended already."""
        return self._change(campaign_id, {"status": Status.CANCELLED, "reason": reason}, set(Status) - ENDED)

    def mark_notified(self, campaign_id: str, what: str) -> None:
        """Add to what was told of the campaign, its summary's `notified`; nothing where there is no campaign."""
        added = {":what": {what}}
        self._update(campaign_id, SUMMARY, "ADD notified :what", added, "attribute_exists(campaign_id)")

    def stop(self, campaign_id: str, reason: str) -> None:
        """Mark the campaign stopped: no batch of it is sent until it is resumed."""
        self.end(campaign_id, Status.STOPPED, reason)

    def end(self, campaign_id: str, status: Status, reason: str, values: Mapping[str, Any] | None = None) -> bool:
        """Set an ended status; False where the campaign has ended otherwise before."""
        before = (set(Status) - ENDED) | {status}
        return self._change(campaign_id, {"status": status, "reason": reason, **(values or {})}, before, or_none=True)

    def _change(
        self,
        campaign_id: str,
        values: Mapping[str, Any],
        before: Iterable[Status],
        *,
        or_none: bool = False,
        remove: Iterable[str] = (),
        guard: str = "",
        more: Mapping[str, Any] | None = None,
    ) -> bool:
        """Set values where the status is one of those before, or, if asked for, where there is none."""
        allowed = {f":before{number}": status.value for number, status in enumerate(sorted(before))}
        condition = f"#status IN ({', '.join(allowed)})"
        if or_none:
            condition = f"(attribute_not_exists(#status) OR {condition})"
        if guard:
            condition += f" AND {guard}"
        return self._set(campaign_id, values, condition, {**allowed, **(more or {})}, remove)

    def _set(
        self,
        campaign_id: str,
        values: Mapping[str, Any],
        condition: str = "",
        more: Mapping[str, Any] | None = None,
        remove: Iterable[str] = (),
    ) -> bool:
        names = {f"#{name}": name for name in (*values, *remove)}
        if "#status" in condition:
            names["#status"] = "status"
        removed = ", ".join(f"#{name}" for name in remove)
        return self._update(
            campaign_id,
            SUMMARY,
            "SET " + ", ".join(f"#{name} = :{name}" for name in values) + (f" REMOVE {removed}" if removed else ""),
            {**{f":{name}": value for name, value in values.items()}, **(more or {})},
            condition=condition,
            names=names,
        )

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


def _going_on(summary: Mapping[str, Any]) -> dict[str, Any]:
    """What a campaign that goes on is set to; what the circuit breaker paused is not paused by it again."""
    values: dict[str, Any] = {"status": Status.SENDING if "batches" in summary else Status.PREPARING}
    if summary.get("paused_by") == PausedBy.BREAKER:
        values["unguarded"] = True
    return values
