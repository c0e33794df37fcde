"""What a campaign asks of AWS as a function of its size; each load only grows with it."""

import math

from bench.pipeline.deployment import Deployment, limits_of
from bench.pipeline.parameters import Parameters
from bench.pipeline.stages import count_units, report_units
from chalicelib.domain.pacing import batch_size, concurrency
from chalicelib.domain.recipient import SHARDS

_DAY = 86_400.0


class Loads:
    """The loads on an account of this rate, whose daily quota grows with it. All take the number of recipients."""

    def __init__(self, account_rate: float, parameters: Parameters, deployment: Deployment) -> None:
        self.parameters, self.deployment = parameters, deployment
        self.per_day = account_rate * parameters.day_in_seconds_of_rate * parameters.sending_share
        limits = limits_of(account_rate, parameters.sending_share, self.per_day)
        self.rate = limits.rate
        self.size = batch_size(limits)
        self.at_once = concurrency(limits, self.size)
        self.batches_a_second = self.rate / self.size

    def seconds(self, n: float) -> float:
        """How long the sending takes at the full rate."""
        return n / self.rate

    def days(self, n: float) -> float:
        """How many days the sending takes with the daily quota, and no more than it may."""
        return min(max(n / self.per_day, self.seconds(n) / _DAY), self.deployment.campaign_timeout / _DAY)

    def batches_in_a_second(self, n: float) -> float:
        """Children, messages, answers, outcome files and reservations."""
        return min(self.batches_a_second, n / self.size)

    def in_flight(self, n: float) -> float:
        """Batches that are on their way at the same time."""
        return min(n / self.size, self.at_once)

    def queue_seconds(self, n: float) -> float:
        """How long a batch waits that comes to the queue when all others in flight are there."""
        return self.in_flight(n) / self.batches_a_second

    def history_events(self, n: float) -> float:
        """Of a child that waits for the next day's mails again and again until the end."""
        tries = self.days(n) * _DAY / self.deployment.retries["DailyQuotaReached"].longest
        return self.parameters.events_a_try * tries

    def mails_a_second(self, n: float) -> float:
        """Mails in the fullest second."""
        return min(self.rate, n)

    def events(self, n: float) -> float:
        """Events a second near the end, when the opens of the first come while the last are sent."""
        p = self.parameters
        looks = (p.opened + p.clicked) * p.delivered * -math.expm1(-self.seconds(n) / p.opened_after)
        return self.mails_a_second(n) * (p.delivered + p.bounced + looks)

    def ledger_writes(self, n: float) -> float:
        """Units a second: a claim and a record for each mail, and its events."""
        return 2 * self.mails_a_second(n) + self.events(n)

    def contact_reads(self, n: float) -> float:
        """Units a second: each recipient is looked up, and each event's without the same consistency."""
        return self.mails_a_second(n) + self.events(n) / 2

    def counter_writes(self, n: float) -> float:
        """Units a second under the campaign's own key, when all counters have their full size."""
        units = count_units(self.parameters, n / self.size, SHARDS)
        events = self.events(n) if self.parameters.event_keys == 1 else 0.0
        return events + self.batches_in_a_second(n) * units

    def breaker_reads(self, n: float) -> float:
        """Units a second, near the end."""
        looks = self.mails_a_second(n) * self.parameters.bounced * self.parameters.looks
        return looks * report_units(self.parameters, n / self.size, SHARDS, self.seconds(n) / _DAY)

    def environments(self, n: float) -> float:
        """Lambdas at work at the same time, to send and for events."""
        return self.in_flight(n) + self.events(n) * self.parameters.event_seconds

    def event_age(self, n: float) -> float:
        """How long the last event waits where the counters' keys take fewer than come."""
        recorded = self.parameters.event_keys * self.parameters.writes_of_a_key
        return max(0.0, self.events(n) / recorded - 1) * self.seconds(n)
