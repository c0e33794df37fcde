"""What the simulation takes for given, in one place, each with where it comes from.

[doc] AWS's documentation, default quotas of large regions · [facts] noted for this project · [code] Hato's own code ·
[measured] on a development machine, one core, and taken as it is for a full vCPU of Lambda · [assumed] nobody knows.
Nothing here was measured on AWS.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.aws import statements
from chalicelib.aws.clients import MOST_AT_ONCE
from chalicelib.domain.recipient import SHARDS
from chalicelib.errors import SendingThrottled


@dataclass(frozen=True, slots=True)
class Parameters:
    """Sizes in bytes, times in seconds, rates a second, where the name does not say otherwise."""

    # Hato's settings
    sending_share: float = 0.9  # [code] SENDING_SHARE

    # The list, and what is made of a row
    batch_bytes_a_row: float = 149.0  # [measured] a line of batches.jsonl: address, Japanese name, plan
    report_bytes_a_row: float = 109.0  # [measured] report.csv, with SES's message id
    prepare_cpu_a_row: float = 9.7e-6  # [measured] read_rows and pack
    finish_cpu_a_row: float = 9.8e-6  # [measured] JSON, Outcome, the merge and the CSV
    finish_cpu_a_file: float = 1.5e-3  # [assumed] boto3's own work for a GET
    seen_bytes_a_row: float = 92.2  # [measured] bench.reading, at the worst moment
    memory_of_the_rest: float = 180e6  # [assumed] Python, boto3, buffers of an upload

    # SES's accounts: 14 a second come with 50,000 a day [doc]; both are raised together, in step [assumed]
    day_in_seconds_of_rate: float = 50_000 / 14

    # What becomes of mails
    delivered: float = 0.98  # [assumed]
    bounced: float = 0.01  # [assumed] for good; the breaker pauses at 5%
    opened: float = 0.30  # [assumed] as in the project's target for the cost
    clicked: float = 0.05  # [assumed] likewise
    delivered_after: int = 5  # [assumed]
    opened_after: float = 4 * 3600.0  # [assumed] the mean; how long after is exponential

    # Step Functions
    children_a_second: float = 100.0  # [facts] STANDARD children of a Distributed Map
    transitions_a_child: int = 2  # [facts]
    transitions_a_second: float = 1500.0  # [doc] us-east-1; 500 in most other regions
    task_answers_a_second: float = 500.0  # [doc] SendTaskSuccess; 300 in most other regions
    child_start: tuple[float, float] = (0.1, 0.5)  # [assumed] until its message is in the queue
    child_end: tuple[float, float] = (0.1, 0.4)  # [assumed] from SendTaskSuccess until the next may begin
    item_reader_bytes: float = 10 * 1024**3  # [doc] the largest file that an ItemReader takes
    history_events: int = 25_000  # [doc]
    events_a_try: int = 4  # [doc] scheduled, started, submitted, failed

    # SQS and Lambda
    pollers_at_first: int = 5  # [doc] of an event source
    pollers_a_minute: float = 300.0  # [doc]
    poll: tuple[float, float] = (0.01, 0.06)  # [assumed]
    in_flight_messages: int = 120_000  # [doc]
    chunk_bytes: int = 64 * 1024  # [doc] what SQS counts as one request
    account_concurrency: int = 1000  # [doc] a new account may have 10
    cold_start: float = 1.2  # [assumed] of the send function at 512 MB, its first clients and the mail's file included
    mb_of_a_vcpu: float = 1769.0  # [doc]
    event_age: float = 6 * 3600.0  # [doc] how long an event waits for a Lambda at most
    log_bytes: float = 450.0  # [assumed] an invocation: Hato's one line; Lambda's own are switched off

    # One call each, there and back [assumed]
    dynamodb: tuple[float, float] = (0.004, 0.012)
    dynamodb_batch: tuple[float, float] = (0.010, 0.025)  # 25 statements, or 100 keys
    ses: tuple[float, float] = (0.05, 0.3)
    s3: tuple[float, float] = (0.02, 0.05)
    states: tuple[float, float] = (0.02, 0.05)
    s3_upload_bytes: float = 80e6  # a second
    send_cpu_a_mail: float = 150e-6  # [assumed] of a full vCPU: between the bare loop and the naive sketch
    event_seconds: float = 0.06  # in 256 MB

    # DynamoDB
    writes_of_a_key: float = 1000.0  # [doc] units a second of a partition, so of one partition key until it is split
    reads_of_a_key: float = 3000.0  # [doc]
    writes_of_a_new_table: float = 4000.0  # [doc] on demand
    reads_of_a_new_table: float = 12_000.0  # [doc]
    writes_of_a_table: float = 40_000.0  # [doc] the default quota
    doubles_within: float = 1800.0  # [doc] a table takes twice its peak of half an hour ago
    held_up: float = 15.0  # [assumed] what boto3's six tries come to where a key is throttled
    item_bytes: float = 400 * 1024  # [doc]
    number_bytes: float = 5.0  # [doc] one number of six digits in a set
    event_bytes_a_day: float = 2000.0  # [assumed] a shard's event counters of one day

    # The design: what a change of Hato would change
    tables_are_new: bool = False  # a stage that has sent at this rate before is warm
    event_keys: int = SHARDS  # [code] event_counters.event_key; 1 is the campaign's own
    looks: float = 0.1  # [code] breaker.is_looked_at: how many bounces have the whole campaign read
    is_counted_in_counter: bool = True  # [code] `counted_batches` lies in the item that is counted in and read
    units_to_count_apart: int = 8  # [assumed] else: one transaction with an item of at most 1,000 numbers
    side_by_side: int = MOST_AT_ONCE  # [code] stores.Stores: calls of a batch that are under way at once
    claim_waits: Sequence[float] = statements.CLAIM_WAITS
    record_waits: Sequence[float] = statements.RECORD_WAITS
    busy: str = SendingThrottled.__name__  # [code] what a batch comes back with where the ledger takes no claims

    # S3
    part_bytes: int = 8 * 1024 * 1024  # [code] Files._stream
    parts: int = 10_000  # [doc]
    puts_of_a_prefix: float = 3500.0  # [doc]
    list_call: float = 0.15  # [assumed] 1,000 keys


AS_IT_IS = Parameters()
NEW_STAGE = replace(AS_IT_IS, tables_are_new=True)
# Hato as the first run of this simulation found it.
BEFORE = replace(
    AS_IT_IS,
    prepare_cpu_a_row=19.6e-6,
    finish_cpu_a_row=18.7e-6,
    event_keys=1,
    looks=1.0,
    side_by_side=1,
    record_waits=AS_IT_IS.claim_waits,
    busy="States.ALL",
)
