"""DynamoDB's tables and keys, and Step Functions' answers, as far as they give only so much a second."""

from bench.pipeline.capacity import Capacity, GrowingCapacity, take_of_all
from bench.pipeline.parameters import Parameters
from chalicelib.domain.recipient import SHARDS


class Stores:
    """What all of a campaign's functions share."""

    def __init__(self, parameters: Parameters) -> None:
        campaigns, key = _table(parameters), Capacity(parameters.writes_of_a_key)
        keys = parameters.event_keys
        self.ledger = (_table(parameters), Capacity(SHARDS * parameters.writes_of_a_key))
        self.counters = (campaigns, key)
        self.event_counters = (campaigns, key if keys == 1 else Capacity(keys * parameters.writes_of_a_key))
        self.counter_reads = Capacity(parameters.reads_of_a_key)
        self.pacing_item = Capacity(parameters.writes_of_a_key)
        self.answers = Capacity(parameters.task_answers_a_second)

    def count(self, now: float, units: float) -> bool:
        """Write an item of so many units of the campaign's own, whole or not at all."""
        has_room = min(each.left(now) for each in self.counters) >= units
        if has_room:
            take_of_all(self.counters, now, units)
        return has_room


def _table(parameters: Parameters) -> GrowingCapacity:
    first = parameters.writes_of_a_new_table if parameters.tables_are_new else parameters.writes_of_a_table
    return GrowingCapacity(first, parameters.writes_of_a_table, parameters.doubles_within)
