"""A campaign's event counters, rebuilt from the ledger: whether they agree, and set right where they do not.

A counter is moved right after the delivery that it counts, so while events come in the two differ for a moment. What
differs is therefore looked at again, and only what still differs in the same way is an error; it is mended by adding
the difference, so that events that are counted meanwhile stay counted. Where the ledger has fewer deliveries than were
accepted (people were forgotten, or its days are over), only what was never counted is added, and nothing taken back.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple

from chalicelib.aws.campaigns import Campaigns
from chalicelib.aws.items import from_item, to_item
from chalicelib.aws.raw_items import read_items_raw
from chalicelib.domain.facts import CLICKS, FACT_TIMES, OPENS, UNKNOWN_EVENTS
from chalicelib.domain.recipient import SHARDS, shard_tag
from chalicelib.domain.tally import BOUNCES, Count, tally

# What is asked of a delivery: all that the tally looks at, which is a third of the item.
READ = (
    "email",
    "accepted_at",
    "first_event_at",
    *FACT_TIMES,
    *(f"{name}_detail" for name in BOUNCES),
    *(OPENS, CLICKS, UNKNOWN_EVENTS),
)
_AT_ONCE = 8
_LOOKS = 3  # at what differs
_BETWEEN = 3.0  # seconds: from a delivery to its counter

Counts = Mapping[Count, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """A counter that is not what the ledger says."""

    since: str
    name: str
    counted: int
    in_ledger: int


@dataclass(frozen=True, slots=True)
class Recount:
    """What came of it: how many deliveries were read, and which counters were wrong and have been set right.

    `accepted` is of how many of them the ledger knows that SES has them, `reported` how many the report says. The two
    differ where a person was forgotten, or an event came to a row of which nobody knew when the campaign ended.
    """

    deliveries: int
    accepted: int
    reported: int
    differences: Sequence[Difference]

    @property
    def agreed(self) -> bool:
        """Whether all counters were right."""
        return not self.differences

    def to_document(self) -> dict[str, Any]:
        """The result as a JSON object."""
        wrong = [
            {"since": each.since, "counter": each.name, "counted": each.counted, "in_ledger": each.in_ledger}
            for each in self.differences
        ]
        numbers = {"deliveries": self.deliveries, "accepted": self.accepted, "reported": self.reported}
        return {**numbers, "agreed": self.agreed, "differences": wrong}


class Read(NamedTuple):
    """How many deliveries were read, and of how many of them SES has the mail."""

    deliveries: int = 0
    accepted: int = 0


@dataclass(frozen=True, slots=True)
class Recounting:
    """The ledger and the counters of one stage."""

    dynamodb: Any
    deliveries_table: str
    campaigns: Campaigns
    sleep: Callable[[float], None] = time.sleep

    def recount(self, campaign_id: str, progress: Callable[[int], None] = lambda shards: None) -> Recount:
        """Count the campaign anew, shard by shard, and set its counters right. Raises CampaignNotFound."""
        read_items_raw(self.dynamodb)
        before, read, lacking = self.campaigns.report(campaign_id), Read(), list[Counts]()
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            looks = pool.map(lambda shard: self._look_until_sure(campaign_id, before.mail_id, shard), range(SHARDS))
            for done, (found, wrong) in enumerate(looks, 1):
                read = Read(read.deliveries + found.deliveries, read.accepted + found.accepted)
                lacking.append(wrong)
                progress(done)
        is_whole = read.accepted >= before.ends["accepted"]
        added = self._mend(campaign_id, [wrong if is_whole else _missing(wrong) for wrong in lacking])
        wrong_ones = [_difference(count, before.counts.counts, added) for count in sorted(added)]
        return Recount(*read, before.ends["accepted"], wrong_ones)

    def _mend(self, campaign_id: str, lacking: Sequence[Counts]) -> Counts:
        """Add to each shard's counters what they lack; the sum of it."""
        added = Counter[Count]()
        for shard, wrong in enumerate(lacking):
            if wrong:
                self.campaigns.count_events(campaign_id, shard, wrong)
            for count, number in wrong.items():
                added[count] += number
        return added

    def _look_until_sure(self, campaign_id: str, mail_id: str, shard: int) -> tuple[Read, Counts]:
        """The shard's deliveries, and what its counters lack however often one looks."""
        read, wrong = self._look(campaign_id, mail_id, shard)
        for _ in range(_LOOKS - 1):
            if not wrong:
                return read, {}
            self.sleep(_BETWEEN)
            read, again = self._look(campaign_id, mail_id, shard)
            wrong = {count: number for count, number in again.items() if wrong.get(count) == number}
        return read, wrong

    def _look(self, campaign_id: str, mail_id: str, shard: int) -> tuple[Read, Counts]:
        """The deliveries that there are, and what the counters lack."""
        counted = self.campaigns.event_counts(campaign_id, shard)
        deliveries, accepted, found = 0, 0, Counter[Count]()
        for item in self._items(campaign_id, mail_id, shard):
            deliveries += 1
            accepted += "accepted_at" in item or "first_event_at" in item
            found.update(tally(item))
        lacking = {count: found[count] - counted.get(count, 0) for count in {*found, *counted}}
        return Read(deliveries, accepted), {count: number for count, number in lacking.items() if number}

    def _items(self, campaign_id: str, mail_id: str, shard: int) -> Iterator[dict[str, Any]]:
        pages = self.dynamodb.get_paginator("query").paginate(
            TableName=self.deliveries_table,
            KeyConditionExpression="mail_shard = :shard",
            FilterExpression="campaign_id = :campaign",
            ProjectionExpression=", ".join(f"#{name}" for name in READ),
            ExpressionAttributeNames={f"#{name}": name for name in READ},
            ExpressionAttributeValues=to_item({":shard": f"{mail_id}#{shard_tag(shard)}", ":campaign": campaign_id}),
            ConsistentRead=True,
        )
        for page in pages:
            yield from map(from_item, page["Items"])


def _missing(wrong: Counts) -> Counts:
    """What was never counted: where deliveries are gone from the ledger, counters may rightly have more than it."""
    return {count: number for count, number in wrong.items() if number > 0}


def _difference(count: Count, counted: Counts, added: Counts) -> Difference:
    number = counted.get(count, 0)
    return Difference(count.since, count.name, number, number + added[count])
