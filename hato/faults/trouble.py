"""The runs of the fault lab: what goes wrong in each, and on purpose."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Trouble:
    """One campaign on a local cloud of its own, and all that happens to it.

    `ses` are the SES simulator's `faults`; `calls` the shares of the functions' own calls to DynamoDB, SQS, Step
    Functions and S3 that are throttled or reset. Queue messages come back while they are being worked on where
    `visibility` (seconds) is shorter than the work.
    """

    name: str
    recipients: int
    rate: float = 100.0
    kills: int = 0
    ses: Mapping[str, Any] = field(default_factory=dict)
    calls: Mapping[str, float] = field(default_factory=dict)
    visibility: int = 90  # in place of 540 seconds: a dead worker's message comes back when this is over
    double_upload: bool = False
    settling_minutes: int = 5
    unknown_outcomes: str = "resend"
    deaf: bool = False  # some events never come, so that not everything can be known

    def with_recipients(self, count: int) -> "Trouble":
        """The same trouble for another number of people, with as many kills for each."""
        return replace(self, recipients=count, kills=-(-self.kills * count // self.recipients))


_EVENTS = {"event_copies": 2, "event_spread": 15.0}

RUNS = (
    Trouble("nothing goes wrong", 10_000),
    Trouble(
        "workers die, SES throttles and drops, events double",
        10_000,
        kills=30,
        ses={"throttled_calls": 0.2, "dropped_answers": 0.02, **_EVENTS},
        double_upload=True,
    ),
    Trouble(
        "AWS throttles and breaks connections, messages come twice",
        3_000,
        kills=5,
        ses={"throttled_entries": 0.05, **_EVENTS},
        calls={"throttles": 0.05, "resets_before": 0.01, "resets_after": 0.01},
        rate=50.0,
        visibility=15,
    ),
    Trouble(
        "SES answers late, or with errors",
        2_000,
        kills=3,
        ses={"slow_answers": 0.05, "slow_seconds": 25.0, "failed_calls": 0.05, **_EVENTS},
    ),
    Trouble(
        "answers and events are lost, and it is sent again",
        1_000,
        kills=3,
        ses={"dropped_answers": 0.1, "lost_events": 0.3},
        settling_minutes=1,
        deaf=True,
    ),
    Trouble(
        "answers and events are lost, and it is held",
        1_000,
        kills=3,
        ses={"dropped_answers": 0.1, "lost_events": 0.3},
        settling_minutes=1,
        unknown_outcomes="hold",
        deaf=True,
    ),
)

# All at once and small, for the tests.
SHORT = Trouble(
    "everything at once",
    180,
    rate=20.0,
    kills=3,
    ses={
        "throttled_calls": 0.2,
        "throttled_entries": 0.02,
        "dropped_answers": 0.05,
        "event_copies": 2,
        "event_spread": 5.0,
    },
    calls={"throttles": 0.03, "resets_before": 0.005, "resets_after": 0.005},
    visibility=15,
    double_upload=True,
    settling_minutes=1,
)
