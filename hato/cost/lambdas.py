"""How long a function runs on AWS, modelled from what it took here, and what Lambda writes into its log by itself."""

from hato.cost.counted import Count, System

_WHOLE_PROCESSOR = 1769  # MB of memory that one processor comes with; less memory is less of it
_LATENCY = {  # seconds that a call to AWS is assumed to take
    "dynamodb": 0.005,
    "s3": 0.03,
    "sqs": 0.01,
    "ses": 0.05,
    "secretsmanager": 0.01,
    "sns": 0.02,
}
_ID = "00000000-0000-4000-8000-000000000000"
_PLATFORM_LINES = (
    f"START RequestId: {_ID} Version: $LATEST\n",
    f"END RequestId: {_ID}\n",
    f"REPORT RequestId: {_ID}\tDuration: 12.34 ms\tBilled Duration: 13 ms\t"
    "Memory Size: 256 MB\tMax Memory Used: 98 MB\t\n",
)
LINE_BYTES = 26  # that CloudWatch adds to each line
PLATFORM_BYTES = sum(len(line) + LINE_BYTES for line in _PLATFORM_LINES)


def gb_seconds(invocations: Count, system: System) -> float:
    """Of what was counted: the processor's time, stretched to its share of one, and the calls to AWS one by one."""
    memory = system.memory[invocations.who]
    working = invocations.cpu * max(1.0, _WHOLE_PROCESSOR / memory)
    calls = [each for each in system.counts if each.who == invocations.who and each.per is invocations.per]
    waiting = sum(each.calls * _LATENCY.get(each.service, 0.0) for each in calls)
    return (working + waiting) * memory / 1024
