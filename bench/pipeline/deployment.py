"""What Hato is deployed with, read from the state machine and the functions' settings, so that it is always so."""

import json
from dataclasses import dataclass
from typing import Any, cast

from chalicelib.domain.pacing import Limits
from hato.access import Access
from hato.deploying import send_concurrency
from hato.project import ROOT


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function's memory in MB, and the seconds it may take."""

    memory: int
    timeout: float

    def vcpus(self, mb_of_a_vcpu: float) -> float:
        """The share of a vCPU that comes with the memory; Python's one thread uses no more than one."""
        return min(1.0, self.memory / mb_of_a_vcpu)


@dataclass(frozen=True, slots=True)
class Retry:
    """How the state machine tries a batch again."""

    interval: float
    attempts: int
    backoff: float
    longest: float

    def wait(self, number: int) -> float:
        """Seconds before retry `number`, from 0."""
        return float(min(self.longest, self.interval * self.backoff**number))


@dataclass(frozen=True, slots=True)
class Deployment:
    """The functions by name, and what the state machine says."""

    functions: dict[str, Function]
    campaign_timeout: float
    batch_timeout: float
    tolerated_failures: float
    retries: dict[str, Retry]


def read_deployment() -> Deployment:
    """The deployment as it is in this checkout."""
    machine = json.loads((ROOT / "statemachine/campaign.asl.json").read_text())
    functions = json.loads((ROOT / ".chalice/config.json").read_text())["lambda_functions"]
    run = machine["States"]["SendBatches"]
    task = run["ItemProcessor"]["States"]["SendBatch"]
    return Deployment(
        {name: Function(each["lambda_memory_size"], each["lambda_timeout"]) for name, each in functions.items()},
        machine["TimeoutSeconds"],
        task["TimeoutSeconds"],
        run["ToleratedFailurePercentage"] / 100,
        {name: _retry(each) for each in task["Retry"] for name in each["ErrorEquals"]},
    )


def concurrency_of(account_rate: float) -> int:
    """How many batches the send function takes at once, as `hato deploy` sets it for an account of this rate."""
    return send_concurrency(cast("Access", _Account(account_rate)))


def limits_of(account_rate: float, share: float, per_day: float = float("inf")) -> Limits:
    """Hato's limits on an account of this rate, as the pacer makes them."""
    return Limits(account_rate * share, per_day, account_rate)


def _retry(document: dict[str, Any]) -> Retry:
    return Retry(
        document.get("IntervalSeconds", 1),
        document["MaxAttempts"],
        document.get("BackoffRate", 2.0),
        document.get("MaxDelaySeconds", float("inf")),
    )


@dataclass(frozen=True, slots=True)
class _Account:
    """An account as `send_concurrency` asks for it."""

    rate: float

    def client(self, _: str) -> "_Account":
        return self

    def get_account(self) -> dict[str, Any]:
        return {"SendQuota": {"MaxSendRate": self.rate}}
