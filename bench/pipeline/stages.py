"""The steps that happen once in a campaign, before and after its batches, as a function of its size."""

import math

from bench.pipeline.deployment import Deployment
from bench.pipeline.parameters import Parameters

_GETS_AT_ONCE = 16  # Files.outcomes
_KEYS_A_LIST = 1000


def prepare_seconds(parameters: Parameters, deployment: Deployment, rows: float) -> float:
    """How long prepare_batches reads, packs and writes; its parts are uploaded in turn with the work."""
    cpu = rows * parameters.prepare_cpu_a_row / _vcpus(parameters, deployment, "prepare_batches")
    return _a_call(parameters.dynamodb) * 8 + cpu + _upload(parameters, rows * parameters.batch_bytes_a_row)


def prepare_memory(parameters: Parameters, rows: float) -> float:
    """The bytes that prepare_batches has at once: of each row, whether it came before."""
    return parameters.memory_of_the_rest + rows * parameters.seen_bytes_a_row


def finish_seconds(parameters: Parameters, deployment: Deployment, rows: float, size: int) -> float:
    """How long finish_campaign reads the outcome files and writes report.csv.

    It fetches 16 files at once, which costs no time where the work takes longer; parts go up in turn with the work.
    """
    files = rows / size
    vcpus = _vcpus(parameters, deployment, "finish_campaign")
    cpu = (rows * parameters.finish_cpu_a_row + files * parameters.finish_cpu_a_file) / vcpus
    waits = max(0.0, files / _GETS_AT_ONCE * _a_call(parameters.s3) - cpu)
    lists = math.ceil(files / _KEYS_A_LIST) * parameters.list_call
    return cpu + waits + lists + _upload(parameters, rows * parameters.report_bytes_a_row)


def counter_bytes(parameters: Parameters, batches: float, shards: int) -> float:
    """The size of one of the items that batches are counted in, when so many have been."""
    numbers = batches / shards * parameters.number_bytes if parameters.is_counted_in_counter else 0.0
    return 200.0 + numbers


def count_units(parameters: Parameters, batches: float, shards: int) -> int:
    """The write units of counting one more batch."""
    if not parameters.is_counted_in_counter:
        return parameters.units_to_count_apart
    return math.ceil(counter_bytes(parameters, batches, shards) / 1024)


def report_units(parameters: Parameters, batches: float, shards: int, days: float) -> float:
    """The read units under the campaign's own key of one look at all that is counted, as the breaker takes it."""
    counters = shards * counter_bytes(parameters, batches, shards)
    events = event_bytes(parameters, days) * shards if parameters.event_keys == 1 else 0.0
    return math.ceil((2000.0 + counters + events) / 4096)


def event_units(parameters: Parameters, days: float) -> float:
    """The read units of the same look under the keys of the event counters."""
    return 0 if parameters.event_keys == 1 else parameters.event_keys * math.ceil(event_bytes(parameters, days) / 4096)


def event_bytes(parameters: Parameters, days: float) -> float:
    """The size of a shard's event counters after so many days."""
    return math.ceil(max(days, 1e-9)) * parameters.event_bytes_a_day


def _upload(parameters: Parameters, size: float) -> float:
    parts = math.ceil(size / parameters.part_bytes)
    return parts * (_a_call(parameters.s3) + parameters.part_bytes / parameters.s3_upload_bytes) if size else 0.0


def _vcpus(parameters: Parameters, deployment: Deployment, function: str) -> float:
    return deployment.functions[function].vcpus(parameters.mb_of_a_vcpu)


def _a_call(between: tuple[float, float]) -> float:
    return sum(between) / 2
