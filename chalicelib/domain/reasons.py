"""Why rows ended as they did, counted: a few sentences for each end, whatever the number of rows."""

import re
from collections import Counter, defaultdict

from chalicelib.domain.discretion import without_addresses
from chalicelib.domain.outcome import Outcome, OutcomeKind

MOST_SHOWN = 20
OTHERS = "Other reasons."
_MOST_COUNTED = 1_000  # sentences of an end; SES may name another host in each
_LONGEST = 300

_time = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?")


class Reasons:
    """Counts the reasons of outcomes while they go by."""

    def __init__(self) -> None:
        self._counts: defaultdict[OutcomeKind, Counter[str]] = defaultdict(Counter)

    def add(self, outcome: Outcome) -> None:
        """Count one more row; of an accepted one there is nothing to say."""
        if outcome.kind is not OutcomeKind.ACCEPTED and outcome.reason:
            counts, reason = self._counts[outcome.kind], without_particulars(outcome.reason)
            counts[reason if reason in counts or len(counts) < _MOST_COUNTED else OTHERS] += 1

    def to_document(self) -> dict[str, dict[str, int]]:
        """How many rows there are of each end and reason, the most frequent first."""
        return {kind.value: _most_frequent(counts) for kind, counts in self._counts.items()}


def without_particulars(reason: str) -> str:
    """The reason as it is the same for many rows: without times, and with no address in full."""
    return without_addresses(_time.sub("…", reason))[:_LONGEST]


def _most_frequent(counts: Counter[str]) -> dict[str, int]:
    ordered = sorted(counts.items(), key=lambda each: (each[0] == OTHERS, -each[1], each[0]))
    rest = sum(count for _, count in ordered[MOST_SHOWN:])
    shown = dict(ordered[:MOST_SHOWN])
    return {**shown, OTHERS: shown.get(OTHERS, 0) + rest} if rest else shown
