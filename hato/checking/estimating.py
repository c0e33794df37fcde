"""How long a campaign takes at the account's rate, and what it costs, service by service.

The numbers of calls are those of docs/cost.md, which says where they come from and what is assumed.
"""

import math
from dataclasses import dataclass

from chalicelib.domain import pacing
from hato import prices

_TRANSITIONS = 4  # a batch
_BATCH_REQUESTS = 4 * 3  # of 64 KB: the message is sent, received and deleted
_FUNCTION_GB = 0.5
_EVENTS = 1.3  # a mail: its delivery, and for about a third of them an open or a click
_EVENT_SECONDS, _EVENT_GB = 0.05, 0.25
_EVENT_LOG_GB = 0.8 / 1_000_000
_DAY = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Account:
    """What SES lets the account send, and which share of it is Hato's."""

    rate: float  # mails a second
    per_day: float = math.inf
    sent_today: float = 0.0
    share: float = 0.9

    @property
    def limits(self) -> pacing.Limits:
        """Hato's share."""
        return pacing.Limits(max(self.rate * self.share, 0.01), self.per_day * self.share)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Seconds from the first mail to the last, and USD by service."""

    mails: int
    seconds: float
    cost: dict[str, float]

    @property
    def total(self) -> float:
        """USD for everything."""
        return sum(self.cost.values())


def estimate(mails: int, account: Account) -> Estimate:
    """What so many mails take."""
    return Estimate(mails, _seconds(mails, account), {name: round(usd, 6) for name, usd in _cost(mails, account)})


def _seconds(mails: int, account: Account) -> float:
    """Days are waited for where the account's mails of a day are used up."""
    limits = account.limits
    today = max(0.0, limits.per_day - account.sent_today)
    if mails <= today:
        return mails / limits.rate
    days = math.ceil((mails - today) / limits.per_day)
    rest = mails - today - (days - 1) * limits.per_day
    return days * _DAY + rest / limits.rate


def _cost(mails: int, account: Account) -> list[tuple[str, float]]:
    size = pacing.batch_size(account.limits)
    batches = math.ceil(mails / size)
    events = mails * _EVENTS
    seconds = batches * (size / account.limits.rate + 2) * pacing.concurrency(account.limits, size)
    sending = min(seconds, mails / account.limits.rate * pacing.concurrency(account.limits, size) + batches)
    return [
        ("SES", mails * prices.SES_MAIL),
        (
            "Lambda",
            (batches + events) * prices.LAMBDA_CALL
            + (sending * _FUNCTION_GB + events * _EVENT_SECONDS * _EVENT_GB) * prices.LAMBDA_GB_SECOND,
        ),
        ("Step Functions", batches * _TRANSITIONS * prices.STEP_FUNCTIONS_TRANSITION),
        ("SQS", batches * _BATCH_REQUESTS * prices.SQS_REQUEST),
        ("SNS", events * prices.SNS_PUBLICATION),
        ("DynamoDB", mails * prices.DYNAMODB_READ + (2 * mails + 2 * events) * prices.DYNAMODB_WRITE),
        ("S3", batches * (prices.S3_PUT + 2 * prices.S3_GET)),
        ("CloudWatch logs", events * _EVENT_LOG_GB * prices.LOGS_GB),
    ]
