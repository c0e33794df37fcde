"""How long a campaign takes at the account's rate, and what it costs, service by service.

What it costs is what `hato cost` says, with its shares of opens and clicks.
"""

import math
from dataclasses import dataclass

from chalicelib.domain import pacing
from hato.cost.billing import Use, bill

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
    due = bill(Use(mails, limits=account.limits))
    cost = {"SES": due.ses, **due.by_service()}
    return Estimate(mails, _seconds(mails, account), {name: round(usd, 6) for name, usd in cost.items()})


def _seconds(mails: int, account: Account) -> float:
    """Days are waited for where the account's mails of a day are used up."""
    limits = account.limits
    today = max(0.0, limits.per_day - account.sent_today)
    if mails <= today:
        return mails / limits.rate
    days = math.ceil((mails - today) / limits.per_day)
    rest = mails - today - (days - 1) * limits.per_day
    return days * _DAY + rest / limits.rate
