"""Counted calls times prices: what so many mails cost, line by line."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from chalicelib.domain import pacing
from hato import prices
from hato.cost import lambdas
from hato.cost.counted import HATO, Count, Per, System, counted

OPENS, CLICKS = 0.3, 0.05
LIMITS = pacing.Limits(180.0, math.inf)  # 200 mails a second, of which nine tenths are Hato's
_GB = 1e9
_GB_SECOND = {"arm64": prices.LAMBDA_GB_SECOND, "x86_64": prices.LAMBDA_GB_SECOND_X86}
_NAMES = {
    "lambda": "Lambda",
    "dynamodb": "DynamoDB",
    "states": "Step Functions",
    "sqs": "SQS",
    "sns": "SNS",
    "s3": "S3",
    "logs": "CloudWatch logs",
    "secretsmanager": "Secrets Manager",
}
# Who is no function.
_WHO = {"root": "SES's events", "states": "the state machine", "queue": "the queue"}


@dataclass(frozen=True, slots=True)
class Use:
    """So many mails in one campaign; all are delivered, and these shares of them opened and clicked."""

    mails: int
    opens: float = OPENS
    clicks: float = CLICKS
    limits: pacing.Limits = LIMITS

    @property
    def events(self) -> float:
        """Opens and clicks."""
        return self.mails * (self.opens + self.clicks)

    def times(self, per: Per, batch: int) -> float:
        """How often something is done that is done for each of these, with batches of this size."""
        return {
            Per.MAIL: float(self.mails),
            Per.BATCH: float(math.ceil(self.mails / batch)),
            Per.DELIVERY: float(self.mails),
            Per.ENGAGEMENT: self.events,
            Per.CAMPAIGN: float(self.mails > 0),
        }[per]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill: how much of what (`unit`) for whom, in USD."""

    service: str
    who: str
    what: str
    amount: float
    unit: str
    usd: float


@dataclass(frozen=True, slots=True)
class Bill:
    """All lines, the dearest first, and apart from them SES's own fee."""

    lines: tuple[Line, ...]
    ses: float

    @property
    def usd(self) -> float:
        """All but SES's fee."""
        return sum(line.usd for line in self.lines)

    def by_service(self) -> dict[str, float]:
        """USD for each service, the dearest first, without SES."""
        sums: dict[str, float] = {}
        for line in self.lines:
            sums[line.service] = sums.get(line.service, 0.0) + line.usd
        return dict(sorted(sums.items(), key=lambda each: -each[1]))


def bill(use: Use, name: str = HATO) -> Bill:
    """What this use of Hato, or of an article's system, costs."""
    system = counted().systems[name]
    size = pacing.batch_size(use.limits) if name == HATO else system.batch
    lines: dict[tuple[str, str, str, str], Line] = {}
    for line in _lines(use, name, system, size):
        key = (line.service, line.who, line.what, line.unit)
        before = lines.get(key, Line(*key[:3], 0.0, key[3], 0.0))
        lines[key] = Line(*key[:3], before.amount + line.amount, key[3], before.usd + line.usd)
    return Bill(tuple(sorted(lines.values(), key=lambda line: -line.usd)), use.mails * prices.SES_MAIL)


def _lines(use: Use, name: str, system: System, size: int) -> Iterator[Line]:
    for count in system.counts:
        times = use.times(count.per, size)
        service = _NAMES.get(count.service)
        if service is None or not times:  # SES has a fee of its own
            continue
        for what, amount, unit, price in _CHARGES[count.service](count, system, size / system.batch):
            yield Line(service, _WHO.get(count.who, count.who), what, amount * times, unit, amount * times * price)
    if name == HATO:
        yield _waiting(use, system, size)


def _waiting(use: Use, system: System, size: int) -> Line:
    """At most: as many functions as batches are in flight are paid for as long as it takes, for there batches wait."""
    at_once = min(pacing.concurrency(use.limits, size), math.ceil(use.mails / size))
    amount = use.mails / use.limits.rate * at_once * system.memory["send_batch"] / 1024
    price = _GB_SECOND[system.processor]
    return Line(_NAMES["lambda"], "send_batch", "waiting for its turn", amount, "GB-seconds", amount * price)


Charge = tuple[str, float, str, float]  # what, how much, of which unit, USD for one


def _dynamodb(count: Count, system: System, share: float) -> Iterable[Charge]:
    yield count.on, count.writes, "writes", prices.DYNAMODB_WRITE
    yield count.on, count.reads, "reads", prices.DYNAMODB_READ


def _states(count: Count, system: System, share: float) -> Iterable[Charge]:
    yield "", count.calls, "transitions", prices.STEP_FUNCTIONS_TRANSITION


def _sqs(count: Count, system: System, share: float) -> Iterable[Charge]:
    """A message is sent, received and deleted; several that are received at once are one request."""
    chunks = max(count.calls, math.ceil(count.chunks * share))
    received = chunks if system.at_once == 1 else count.calls / system.at_once
    yield count.on, chunks + received + count.calls / system.at_once, "requests", prices.SQS_REQUEST


def _sns(count: Count, system: System, share: float) -> Iterable[Charge]:
    yield "", count.calls, "publications", prices.SNS_PUBLICATION


def _s3(count: Count, system: System, share: float) -> Iterable[Charge]:
    if count.what == "s3:GET object":
        yield "", count.calls, "GET", prices.S3_GET
    else:
        yield "", count.calls, "PUT", prices.S3_PUT


def _secrets(count: Count, system: System, share: float) -> Iterable[Charge]:
    yield "", count.calls, "calls", prices.SECRETS_CALL


def _logs(count: Count, system: System, share: float) -> Iterable[Charge]:
    yield "", (count.bytes + system.platform_lines * lambdas.PLATFORM_BYTES * count.calls) / _GB, "GB", prices.LOGS_GB


def _lambda(count: Count, system: System, share: float) -> Iterable[Charge]:
    yield "", count.calls, "calls", prices.LAMBDA_CALL
    seconds = lambdas.gb_seconds(count, system)
    yield "", seconds, "GB-seconds", _GB_SECOND[system.processor]


_CHARGES: Mapping[str, Callable[[Count, System, float], Iterable[Charge]]] = {
    "dynamodb": _dynamodb,
    "states": _states,
    "sqs": _sqs,
    "sns": _sns,
    "s3": _s3,
    "secretsmanager": _secrets,
    "logs": _logs,
    "lambda": _lambda,
}
