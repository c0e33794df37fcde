"""The pace that all workers share: one item of the Campaigns table, beside the campaigns."""

import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.items import from_item, to_item
from chalicelib.domain.pacing import Reservation, steady_rate
from chalicelib.errors import DailyQuotaReached, SendingThrottled

_TRIES = 4
_KEY = to_item({"campaign_id": "#account", "part": "pacing"})


class Pacer:
    """The account's rate, and who may send when."""

    def __init__(
        self,
        dynamodb: Any,
        table: str,
        sesv2: Callable[[], Any],
        sending_share: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._sesv2 = sesv2
        self._share = sending_share
        self._now = now
        self._rate = 0.0

    def refresh_rate(self) -> float:
        """The rate at which Hato sends now, mails a second, read from SES and kept for all workers.

        Raises DailyQuotaReached where SES would take nothing at all.
        """
        quota = self._sesv2().get_account()["SendQuota"]
        if quota["Max24HourSend"] == 0 or quota["MaxSendRate"] <= 0:
            raise DailyQuotaReached("The SES account may not send at all.")
        # A share of less than one mail a second would be slower than the sandbox.
        self._rate = steady_rate(max(1.0, quota["MaxSendRate"] * self._share))
        self._dynamodb.update_item(
            TableName=self._table,
            Key=_KEY,
            UpdateExpression="SET #rate = :rate",
            ExpressionAttributeNames={"#rate": "rate"},
            ExpressionAttributeValues=to_item({":rate": self._rate}),
        )
        return self._rate

    def rate(self) -> float:
        """Mails a second, for all workers together."""
        if not self._rate:
            item = self._dynamodb.get_item(TableName=self._table, Key=_KEY, ConsistentRead=True).get("Item")
            self._rate = float(from_item(item).get("rate", 0)) if item else 0.0
        return self._rate or self.refresh_rate()

    def reserve(self, count: int, deadline: float) -> Reservation:
        """Reserve sending time that ends before the deadline (epoch seconds). Raises SendingThrottled.

        Where nobody sends it begins now, even if it ends too late: else a batch too large for its Lambda would never
        get on; it sends what it can and comes back for the rest.
        """
        span = count / self.rate()
        for _ in range(_TRIES):
            now = self._now()
            # Somebody is sending: the new stretch begins where the last one ends; or nobody is, and it begins now.
            end = self._move("next_slot + :span", "next_slot > :now AND next_slot <= :latest", span, now, deadline)
            if end is None:
                idle = "attribute_not_exists(next_slot) OR next_slot <= :now"
                end = self._move(":now + :span", idle, span, now, deadline)
            if end is not None:
                return Reservation(start=end - span, interval=span / count, count=count)
            # Both can fail for a worker that was overtaken between the two; if not, all time is taken.
        raise SendingThrottled("All sending time is taken for as long as this Lambda could wait.")

    def _move(self, value: str, condition: str, span: float, now: float, deadline: float) -> float | None:
        values = {":span": span, ":now": now, ":latest": deadline - span}
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=_KEY,
                UpdateExpression=f"SET next_slot = {value}",
                ConditionExpression=condition,
                ExpressionAttributeValues=to_item(
                    {name: round(number, 6) for name, number in values.items() if name in value + condition}
                ),
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return None
        item = from_item(answer["Attributes"])
        self._rate = float(item.get("rate", self._rate))
        return float(item["next_slot"])
