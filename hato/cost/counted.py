"""What was counted in a run on the local cloud, for each mail, batch, event and campaign.

`python -m bench.counting` counts again, and writes `counted.json`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("counted.json")
HATO, ARTICLE_A, ARTICLE_B = "hato", "article_a", "article_b"


class Per(StrEnum):
    """What something is done for."""

    MAIL = "mail"
    BATCH = "batch"
    DELIVERY = "delivery"  # the event
    ENGAGEMENT = "engagement"  # an open or a click
    CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True)
class Count:
    """How often a function (or AWS for it) asks a service for something, each time that `per` says, and how much."""

    per: Per
    who: str
    what: str  # service:operation
    on: str = ""  # a table, a topic, a queue
    calls: float = 0.0
    reads: float = 0.0  # units of DynamoDB
    writes: float = 0.0
    chunks: float = 0.0  # of 64 KB, of a queue's messages
    cpu: float = 0.0  # seconds of the processor
    bytes: float = 0.0  # of log lines

    @property
    def service(self) -> str:
        """Its name as in a call: dynamodb, s3, lambda."""
        return self.what.partition(":")[0]


@dataclass(frozen=True, slots=True)
class System:
    """What was counted of one system, and the memory in MB of its functions."""

    counts: Sequence[Count]
    memory: Mapping[str, int]
    processor: str  # arm64 or x86_64
    batch: int = 1  # mails
    at_once: float = 1.0  # messages that are received from a queue at once
    platform_lines: bool = True  # Lambda writes three lines of its own for each call


@dataclass(frozen=True, slots=True)
class Counted:
    """All systems, and when they were counted."""

    on: str
    mails: int
    systems: Mapping[str, System]


@cache
def counted() -> Counted:
    """What was counted last, as it is committed."""
    document = json.loads(FILE.read_text())
    systems = {
        name: System(
            [Count(**each | {"per": Per(each["per"])}) for each in system["counts"]],
            system["memory"],
            system["processor"],
            system["batch"],
            system["at_once"],
            system["platform_lines"],
        )
        for name, system in document["systems"].items()
    }
    return Counted(document["on"], document["mails"], systems)
