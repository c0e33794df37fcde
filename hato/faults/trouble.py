"""The runs of the fault lab: what goes wrong in each, and on purpose."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

# The faults of what SES answers.
_ANSWERS = ("throttled_calls", "throttled_entries", "failed_calls", "dropped_answers", "slow_answers")


@dataclass(frozen=True, slots=True)
class Trouble:
    """One campaign on a local cloud of its own, and all that happens to it.

    `ses` are the SES simulator's `faults`; `calls` the shares of the functions' own calls to DynamoDB, SQS, Step
    Functions and S3 that are throttled or reset. Queue messages come back while they are being worked on where
    `visibility` (seconds) is shorter than the work. The `kills` fall into a part of the list, from one share of it to
    another, and from a share of it on, `calm_from`, SES answers as it should. Step Functions waits in the same states
    and before the same retries as it does on AWS, but only for a share of the time, `waits`.
    """

    name: str
    recipients: int
    rate: float = 100.0
    event_rate: float = 100.0
    kills: int = 0
    kills_within: tuple[float, float] = (0.0, 1.0)
    ses: Mapping[str, Any] = field(default_factory=dict)
    calm_from: float = math.inf
    calls: Mapping[str, float] = field(default_factory=dict)
    visibility: int = 90  # in place of 540 seconds: a dead worker's message comes back when this is over
    waits: float = 1.0
    double_upload: bool = False
    settling_minutes: int = 5
    unknown_outcomes: str = "resend"
    deaf: bool = False  # some events never come, so that not everything can be known
    within: float = 45 * 60.0  # seconds, in which the campaign must have ended

    @property
    def calm(self) -> dict[str, int]:
        """The SES simulator's `faults` once it answers as it should; its events go on coming twice, late or never."""
        return {name: 0 for name in self.ses if name in _ANSWERS}

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

# All at once and small, for the tests: three batches, and two of the workers that send them die. What is unsettled then
# is claimed again when the settling time is over, and sent in peace: whatever broke off now would take as long again.
SHORT = Trouble(
    "everything at once",
    100,
    rate=10.0,
    event_rate=10.0,
    kills=2,
    kills_within=(0.2, 0.8),
    calm_from=0.6,
    ses={
        "throttled_calls": 0.15,
        "throttled_entries": 0.02,
        "dropped_answers": 0.1,
        "event_copies": 2,
        "event_spread": 5.0,
    },
    calls={"throttles": 0.03, "resets_before": 0.005, "resets_after": 0.005},
    visibility=15,
    waits=0.05,
    double_upload=True,
    settling_minutes=2,  # events are published one after another, and on a busy machine late
    within=360.0,
)
