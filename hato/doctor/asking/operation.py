"""How things go: reputation and alarms asked of CloudWatch, dead letters of SQS."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

_LOOKS_BACK = timedelta(days=14)
_HOUR = 3600


def ask_reputation(cloudwatch: Any, metric: str, now: datetime) -> float | None:
    """The newest value of one of SES's reputation metrics, a share from 0 to 1; None where there is none."""
    points = cloudwatch.get_metric_statistics(
        Namespace="AWS/SES",
        MetricName=f"Reputation.{metric}",
        StartTime=now - _LOOKS_BACK,
        EndTime=now,
        Period=_HOUR,
        Statistics=["Average"],
    )["Datapoints"]
    newest = max(points, key=lambda point: point["Timestamp"], default=None)
    return None if newest is None else float(newest["Average"])


def ask_raised_alarms(cloudwatch: Any, stack: str) -> Sequence[str]:
    """The names of the stage's alarms that are raised."""
    pages = cloudwatch.get_paginator("describe_alarms").paginate(
        AlarmNamePrefix=f"{stack}-", StateValue="ALARM", AlarmTypes=["MetricAlarm", "CompositeAlarm"]
    )
    return [
        alarm["AlarmName"]
        for page in pages
        for kind in ("MetricAlarms", "CompositeAlarms")
        for alarm in page.get(kind, ())
    ]


def ask_message_count(sqs: Any, queue_url: str) -> int:
    """About how many messages a queue holds."""
    name = "ApproximateNumberOfMessages"
    return int(sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=[name])["Attributes"][name])
