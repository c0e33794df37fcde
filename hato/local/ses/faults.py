"""What goes wrong on demand, drawn from the seed: the same calls in the same order meet the same faults."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum, auto

from hato.local.ses.draws import Draws
from hato.local.ses.settings import Faults
from hato.local.ses.step import Step


class CallFault(Enum):
    """How a send call may end instead of with its own answer."""

    THROTTLED = auto()
    FAILED = auto()
    DROPPED = auto()


def call_fault(draw: Draws, faults: Faults) -> CallFault | None:
    """At most one fault, each in exactly its share of calls."""
    drawn = draw.share("call")
    for fault, share in (
        (CallFault.THROTTLED, faults.throttled_calls),
        (CallFault.FAILED, faults.failed_calls),
        (CallFault.DROPPED, faults.dropped_answers),
    ):
        if drawn < share:
            return fault
        drawn -= share
    return None


def entry_is_throttled(draw: Draws, number: int, faults: Faults) -> bool:
    """Whether this entry of a call is refused while the others go out."""
    return draw.share(f"entry {number}") < faults.throttled_entries


def lateness(draw: Draws, faults: Faults) -> float:
    """The seconds by which a call's answer comes late."""
    return faults.slow_seconds if draw.share("slow") < faults.slow_answers else 0.0


def copies(draw: Draws, recipient: str, steps: Iterable[Step], faults: Faults) -> Iterator[tuple[Step, list[float]]]:
    """Each step of a mail to a recipient, and how many seconds after it each copy of its event is published.

    The draw is the mail's, so that a lost mail's events are lost all together: they have no copies.
    """
    count = 0 if draw.share("lost") < faults.lost_events else faults.event_copies
    for number, step in enumerate(steps):
        waits = (draw.share(f"{recipient.lower()} {number} {copy}") for copy in range(count))
        yield step, [wait * faults.event_spread for wait in waits]
