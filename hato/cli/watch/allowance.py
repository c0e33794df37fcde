"""What the account lets Hato send now, as all workers share it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.pacing import Pace

_STILL_WAITING = 1000.0  # a batch that found the day's mails used up looks again within 900 seconds


@dataclass(frozen=True, slots=True)
class Allowance:
    """Mails a second now and when nothing holds it back, and whether the day's mails are used up."""

    rate: float
    full_rate: float
    is_day_over: bool = False

    @property
    def is_throttled(self) -> bool:
        """Whether SES throttled not long ago, so that less than the whole rate is used."""
        return self.rate < self.full_rate

    @classmethod
    def from_item(cls, item: Mapping[str, Any], now: float) -> "Allowance | None":
        """What the pacing item says at this moment (epoch seconds); None where SES was never asked."""
        if "rate" not in item:
            return None
        rate, ceiling = float(item["rate"]), float(item.get("ceiling", 0.0))
        pace = Pace(rate, float(item.get("cut", 1.0)), float(item.get("cut_at", 0.0)), ceiling)
        wanted_at = float(item.get("wanted_at", -math.inf))
        is_wanted = now - wanted_at < _STILL_WAITING and wanted_at > float(item.get("next_slot", 0.0))
        return cls(pace.at(now), rate, is_wanted)
