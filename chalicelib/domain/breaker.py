"""The circuit breaker: a campaign that does the sender's reputation harm pauses itself.

SES reviews an account at 5% bounces or 0.1% complaints, and pauses it at 10% and 0.5%.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the settings hold a breaker, so that every function would import the report
    from chalicelib.domain.report import Report

# A look reads the counters of all shards. Of what one counter of a shard counts in a quarter of a day the first few are
# looked at, so a small campaign nearly every time; then every tenth: a large one is late by 32 x 10 of a sort at most.
_FIRST, _EVERY = 3, 10


@dataclass(frozen=True, slots=True)
class Breaker:
    """The shares of the mails sent at which a campaign pauses, and how many mails it takes to mean anything."""

    bounces: float = 0.05
    complaints: float = 0.001
    after: int = 1000

    def reason_to_pause(self, report: "Report") -> str:
        """Why the campaign whose numbers these are should pause; empty where it should not."""
        events = report.events
        # Events may be counted before the batch that they come from.
        sent = max(report.ends["accepted"], events["delivered"] + events["bounced"])
        if sent < self.after:
            return ""
        for count, limit, what in (
            (events["bounced"], self.bounces, "bounced"),
            (events["complained"], self.complaints, "were complained of"),
        ):
            if count > sent * limit:
                return (
                    f"Paused by the circuit breaker: {count:,} of {sent:,} mails {what}, {count / sent:.2%}; "
                    f"the limit is {limit:.2%}."
                )
        return ""


def is_looked_at(number: int) -> bool:
    """Whether a campaign's numbers are read after the so many-th bounce or complaint that one counter of it counts."""
    return number <= _FIRST or number % _EVERY == 0
