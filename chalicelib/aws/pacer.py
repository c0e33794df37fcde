"""The pace that all workers share: one item of the Campaigns table, beside the campaigns."""

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.items import from_item, to_item
from chalicelib.domain.pacing import Limits, Pace, Reservation
from chalicelib.errors import CampaignStopped, DailyQuotaReached, SendingThrottled

_TRIES = 8
_KEY = to_item({"campaign_id": "#account", "part": "pacing"})
_FROM_SES = {"rate", "ceiling", "day_limit", "day_left", "read_at"}  # an item of an earlier Hato has less
_NO_LIMIT = 10**12  # mails a day that no account sends
_LOOK_AGAIN_AFTER = 30.0
_PROBABLY_SENDING = 10.0
# Who finds nobody sending begins so many seconds later: the reservation itself and a look at the campaign come before
# the first call, and if that were late, the second would follow it too soon.
_LEAD = 0.1


class Pacer:
    """The account's limits, and who may send when.

    The item holds `rate` and `ceiling` (mails a second, Hato's and the account's), `day_limit` and `day_left` (mails),
    `read_at` (when SES was asked for them), `cut` and `cut_at` (the share of the rate that the last throttle left),
    `next_slot`, and `wanted_at` (when somebody found the day's mails used up); all times in epoch seconds.
    """

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
        self._item: dict[str, Any] = {}
        self._known: dict[str, Any] = {}  # the item, where it has all that SES says

    def refresh(self) -> Limits:
        """Ask SES for the account's limits and keep Hato's share of them for all workers.

        Raises CampaignStopped where SES lets the account send nothing at all.
        """
        account = self._sesv2().get_account()
        quota = account["SendQuota"]
        if not account.get("SendingEnabled", True) or quota["MaxSendRate"] <= 0 or quota["Max24HourSend"] == 0:
            raise CampaignStopped("SES lets this account send nothing: see its account dashboard.")
        unlimited = quota["Max24HourSend"] < 0
        day_limit = _NO_LIMIT if unlimited else math.floor(quota["Max24HourSend"] * self._share)
        self._known = self._update(
            "SET #rate = :rate, ceiling = :ceiling, day_limit = :day_limit, day_left = :day_left, read_at = :now",
            {
                ":rate": quota["MaxSendRate"] * self._share,
                ":ceiling": quota["MaxSendRate"],
                ":day_limit": day_limit,
                ":day_left": day_limit if unlimited else math.floor(day_limit - quota["SentLast24Hours"]),
                ":now": self._now(),
            },
        )
        return self.limits()

    def limits(self) -> Limits:
        """What Hato may send, as SES said when it was last asked."""
        known = self._look()
        per_day = known["day_limit"]
        per_day = math.inf if per_day >= _NO_LIMIT else float(per_day)
        return Limits(float(known["rate"]), per_day, float(known["ceiling"]))

    def seen(self) -> Mapping[str, Any]:
        """The item as it is; empty where nobody has ever sent. Asks nobody and changes nothing."""
        self._read()
        return self._item

    def refresh_while_sending(self) -> bool:
        """Ask SES again if anything was sent or wanted to be sent since it was last asked; whether it was asked."""
        known = self._read()
        if known and known["read_at"] > max(known.get("next_slot", 0), known.get("wanted_at", 0)):
            return False
        if not known and "next_slot" not in self._item:
            return False  # nobody has ever sent
        self.refresh()
        return True

    def call_size(self) -> int:
        """How many recipients a call takes at most, as the pace is now: another worker may have cut it a moment ago."""
        return _pace(self._read() or self._look()).call_size(self._now())

    def interval(self, size: int) -> float:
        """How many seconds lie between two calls of this size, as the pace was last seen."""
        return _pace(self._look()).interval(self._now(), size)

    def reserve(self, calls: int, size: int, mails: int, deadline: float) -> Reservation:
        """Reserve the time for so many calls of at most `size` recipients, `mails` in all.

        It ends before the deadline (epoch seconds), and may be for fewer calls where there is no time for all. Where
        nobody sends it begins at once, even if it ends too late: else a batch too large for its Lambda would never get
        on; it sends what it can and comes back for the rest.

        Raises SendingThrottled where all time is taken, DailyQuotaReached where today's mails are.
        """
        known, now = self._look(), self._now()
        # While others send, what was known a moment ago is out of date, but not that they do.
        idle = known.get("next_slot", 0.0) < now - _PROBABLY_SENDING
        for _ in range(_TRIES):
            interval = _pace(self._known).interval(now, size)
            span = calls * interval
            mails = min(mails, int(self._known["day_limit"]))  # a batch of more than a day's mails: SES ends it
            if self._known["day_left"] < mails:
                self._want_more(mails, now)
            elif self._move(self._known, now, span, mails, deadline, idle):
                return Reservation(float(self._known["next_slot"]) - span, span / calls, calls)
            now, next_slot = self._now(), float(self._known.get("next_slot", 0))
            idle = next_slot <= now + _LEAD
            if not idle and next_slot > deadline - span:  # what there is time for is better than nothing
                calls = min(calls, math.floor((deadline - next_slot) / interval))
                if calls < 1:
                    break
            # Else another worker was faster, or the pace has changed: now it is known.
        raise SendingThrottled("All sending time is taken for as long as this Lambda could wait.")

    def throttled(self) -> None:
        """SES throttled a call: all workers go on more slowly from now, and then by and by faster again."""
        now = self._now()
        known = self._read() or self._look()
        slower = _pace(known).throttled(now)
        values = {":cut": slower.cut, ":cut_at": slower.cut_at, ":old": known.get("cut_at", 0)}
        if slower.cut_at != known.get("cut_at", 0):
            self._try_update(
                "SET cut = :cut, cut_at = :cut_at", "attribute_not_exists(cut_at) OR cut_at = :old", values
            )

    def quota_reached(self) -> None:
        """SES said that the day's mails are used up: nobody else needs to ask for a while."""
        self._known = self._update("SET day_left = :none, read_at = :now", {":none": 0, ":now": self._now()})

    def _want_more(self, mails: int, now: float) -> None:
        """Look whether the day has so many mails left by now. Raises DailyQuotaReached where it has not."""
        known = self._read() or self._look()
        if known["day_left"] >= mails:
            return
        # One worker asks SES now and then; GetAccount itself takes no more than a call a second.
        ask = {":now": now, ":old": known["read_at"]}
        if now - known["read_at"] >= _LOOK_AGAIN_AFTER and self._try_update(
            "SET read_at = :now", "read_at = :old", ask
        ):
            self.refresh()
        if self._known["day_left"] < mails:
            self._update("SET wanted_at = :now", {":now": now})
            raise DailyQuotaReached("SES takes no more mail of this account today; it goes on when it does.")

    def _move(self, known: Mapping[str, Any], now: float, span: float, mails: int, deadline: float, idle: bool) -> bool:
        """Move `next_slot` on by the span; False where the item is not as it is known to be."""
        values = {":soon": now + _LEAD, ":span": span, ":mails": mails, ":rate": known["rate"]}
        if idle:
            begin, free = ":soon", "(attribute_not_exists(next_slot) OR next_slot <= :soon)"
        else:
            begin, free = "next_slot", "next_slot > :soon AND next_slot <= :latest"
            values[":latest"] = deadline - span
        same = "attribute_not_exists(cut_at)"
        if "cut_at" in known:
            same, values[":cut_at"] = "cut_at = :cut_at", known["cut_at"]
        return self._try_update(
            f"SET next_slot = {begin} + :span, day_left = day_left - :mails",
            f"{free} AND {same} AND #rate = :rate AND day_left >= :mails",
            values,
        )

    def _look(self) -> dict[str, Any]:
        """The item as it was last seen; SES is asked where there is none."""
        if not self._known and not self._read():
            self.refresh()
        return self._known

    def _read(self) -> dict[str, Any]:
        item = self._dynamodb.get_item(TableName=self._table, Key=_KEY, ConsistentRead=True).get("Item")
        self._item = from_item(item) if item else {}
        self._known = self._item if self._item.keys() >= _FROM_SES else {}
        return self._known

    def _try_update(self, expression: str, condition: str, values: Mapping[str, Any]) -> bool:
        """Change the item if the condition holds; how it is after that is known either way."""
        try:
            self._known = self._update(expression, values, condition)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            self._known = from_item(error.response["Item"]) if "Item" in error.response else self._read()
            return False
        return True

    def _update(self, expression: str, values: Mapping[str, Any], condition: str = "") -> dict[str, Any]:
        names = {"ExpressionAttributeNames": {"#rate": "rate"}} if "#rate" in expression + condition else {}
        answer = self._dynamodb.update_item(
            TableName=self._table,
            Key=_KEY,
            UpdateExpression=expression,
            ExpressionAttributeValues=to_item(
                {name: round(value, 6) if isinstance(value, float) else value for name, value in values.items()}
            ),
            ReturnValues="ALL_NEW",
            ReturnValuesOnConditionCheckFailure="ALL_OLD",
            **({"ConditionExpression": condition} if condition else {}),
            **names,
        )
        return from_item(answer["Attributes"])


def _pace(known: Mapping[str, Any]) -> Pace:
    cut, cut_at = float(known.get("cut", 1.0)), float(known.get("cut_at", 0.0))
    return Pace(float(known["rate"]), cut, cut_at, float(known["ceiling"]))
