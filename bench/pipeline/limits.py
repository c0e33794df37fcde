"""Every limit that a campaign comes to by its size, and how many recipients that takes: the smallest breaks first.

Each limit is a load as a function of the number of recipients, that only grows with it, and what it must not exceed.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.pipeline.deployment import Deployment
from bench.pipeline.loads import Loads
from bench.pipeline.parameters import Parameters
from bench.pipeline.stages import counter_bytes, finish_seconds, prepare_memory, prepare_seconds
from chalicelib.domain.recipient import SHARDS

MOST_RECIPIENTS = 10**10  # more addresses than there are
_DAY = 86_400.0
_MB = 1024 * 1024

Load = Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit and from how many recipients on a campaign is beyond it (infinite: at no size), and what happens then.

    It is reached `at_once` where the first second of sending is too much, whatever comes after it.
    """

    name: str
    recipients: float
    then: str
    at_once: bool


@dataclass(frozen=True, slots=True)
class _Bound:
    name: str
    load: Load
    most: float
    then: str


def limits(account_rate: float, parameters: Parameters, deployment: Deployment) -> list[Limit]:
    """Return all limits of an account of this rate, the one that is reached first at the head."""
    of = _Bounds(account_rate, parameters, deployment)
    bounds = (*of.functions(), *of.time(), *of.tables(), *of.counters(), *of.states(), *of.lambdas(), *of.files())
    sizes = [reached_at(each.load, each.most) for each in bounds]
    found = [Limit(each.name, n, each.then, n <= account_rate) for each, n in zip(bounds, sizes, strict=True)]
    return sorted(found, key=lambda limit: limit.recipients)


def reached_at(load: Load, most: float) -> float:
    """The smallest number of recipients whose load is more than that; infinite where there is none."""
    if load(MOST_RECIPIENTS) <= most:
        return math.inf
    low, high = 0, MOST_RECIPIENTS
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if load(middle) > most else (middle, high)
    return float(high)


class _Bounds:
    """The loads of a campaign beside what they must not exceed."""

    def __init__(self, account_rate: float, parameters: Parameters, deployment: Deployment) -> None:
        self._p, self._deployment = parameters, deployment
        self._loads = Loads(account_rate, parameters, deployment)

    def functions(self) -> Sequence[_Bound]:
        """What the two functions may take that see the whole list."""
        p, of, functions = self._p, self._deployment, self._deployment.functions
        prepare, finish = functions["prepare_batches"], functions["finish_campaign"]
        size = self._loads.size
        no_mail = "tried three times more, and the campaign failed before any mail"
        no_report = "all is sent, but there is no report.csv and the campaign is called failed"
        return (
            _Bound(
                f"memory of prepare_batches, {prepare.memory:,} MB",
                lambda n: prepare_memory(p, n),
                prepare.memory * _MB,
                f"killed, {no_mail}",
            ),
            _Bound(
                f"time of prepare_batches, {prepare.timeout:,.0f} s",
                lambda n: prepare_seconds(p, of, n),
                prepare.timeout,
                f"cut off, {no_mail}",
            ),
            _Bound(
                f"time of finish_campaign, {finish.timeout:,.0f} s",
                lambda n: finish_seconds(p, of, n, size),
                finish.timeout,
                no_report,
            ),
        )

    def time(self) -> Sequence[_Bound]:
        """How long a campaign and a batch may take."""
        seconds, loads = self._deployment.campaign_timeout, self._loads
        days = seconds / _DAY
        then = "the execution times out, and nobody writes a report; `hato resume` goes on with the rest"
        hour = self._deployment.batch_timeout
        return (
            _Bound(f"{days:.0f} days at the full rate", loads.seconds, seconds, then),
            _Bound(f"{days:.0f} days of the daily quota", lambda n: n / loads.per_day, days, then),
            _Bound("a batch's own hour in the queue", loads.queue_seconds, hour, "the batch is queued again"),
        )

    def tables(self) -> Sequence[_Bound]:
        """What the ledger and the contacts take a second."""
        p, writes, reads = self._p, self._loads.ledger_writes, self._loads.contact_reads
        then = "batches come back, some fail, and what could not be recorded may be sent twice"
        return (
            _Bound("writes of the ledger, while it is new", writes, p.writes_of_a_new_table, then),
            _Bound("writes of the ledger's keys", writes, SHARDS * p.writes_of_a_key, then),
            _Bound("writes of the ledger's table, its quota", writes, p.writes_of_a_table, then),
            _Bound("reads of the contacts, while they are new", reads, p.reads_of_a_new_table, "batches come back"),
        )

    def counters(self) -> Sequence[_Bound]:
        """What the campaign's counters and the pacing item take."""
        p, loads, keys = self._p, self._loads, self._p.event_keys
        late = "counters fall behind, and events hold all Lambdas of the account while they try again"
        return (
            _Bound("writes of the event counters' keys", loads.events, keys * p.writes_of_a_key, late),
            _Bound("writes of the campaign's key", loads.counter_writes, p.writes_of_a_key, late),
            _Bound("reads of the campaign's key", loads.breaker_reads, p.reads_of_a_key, "the breaker is late"),
            _Bound(
                "size of an item that batches are counted in",
                lambda n: counter_bytes(p, n / loads.size, SHARDS),
                p.item_bytes,
                "batches fail after they were sent, and the campaign with them",
            ),
            _Bound("writes of the pacing item", loads.batches_in_a_second, p.writes_of_a_key, "batches wait"),
        )

    def states(self) -> Sequence[_Bound]:
        """What Step Functions takes."""
        p, loads, batches = self._p, self._loads, self._loads.batches_in_a_second
        slow = "the rate is not used"
        return (
            _Bound("children that a Map starts", batches, p.children_a_second, slow),
            _Bound("state transitions", batches, p.transitions_a_second / p.transitions_a_child, slow),
            _Bound("answers to tasks", batches, p.task_answers_a_second, "the client asks again"),
            _Bound("tries in a child's history", loads.history_events, p.history_events, "the batch fails"),
        )

    def lambdas(self) -> Sequence[_Bound]:
        """What Lambda and its queues take."""
        p, loads = self._p, self._loads
        return (
            _Bound("Lambdas at once", loads.environments, p.account_concurrency, "events wait"),
            _Bound("hours that an event may wait", loads.event_age, p.event_age, "events go to the dead letters"),
            _Bound("messages in flight", loads.in_flight, p.in_flight_messages, "they wait"),
        )

    def files(self) -> Sequence[_Bound]:
        """What S3 takes, and what Step Functions reads from it."""
        p, room = self._p, self._p.parts * self._p.part_bytes
        batches, report = p.batch_bytes_a_row, p.report_bytes_a_row
        unread = "the Map Run fails before any mail"
        return (
            _Bound("batches.jsonl, what an ItemReader takes", lambda n: n * batches, p.item_reader_bytes, unread),
            _Bound("parts of batches.jsonl", lambda n: n * batches, room, "prepare_batches fails"),
            _Bound("parts of report.csv", lambda n: n * report, room, "finish_campaign fails"),
            _Bound("outcome files a second", self._loads.batches_in_a_second, p.puts_of_a_prefix, "S3 slows down"),
        )
