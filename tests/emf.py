"""CloudWatch's embedded metric format, as AWS documents it: what is wrong with a line, and what it counts.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

_UNITS = {"Count", "Seconds", "Milliseconds", "Bytes", "Percent", "None"}  # those of CloudWatch's that Hato may need
_MOST_BYTES, _MOST_DIMENSIONS, _MOST_METRICS, _MOST_VALUES = 1_000_000, 30, 100, 100


def counted(line: Mapping[str, Any]) -> dict[str, Any]:
    """The metrics that CloudWatch takes from the line."""
    directives = line.get("_aws", {}).get("CloudWatchMetrics", [])
    return {each["Name"]: line[each["Name"]] for directive in directives for each in directive["Metrics"]}


def problems(line: Mapping[str, Any]) -> list[str]:
    """Every rule of the format that the line breaks."""
    metadata = line.get("_aws")
    if not isinstance(metadata, dict):
        return ["there is no _aws"]
    found = [] if len(repr(line).encode()) < _MOST_BYTES else ["the line is too long"]
    found += [] if _is_recent(metadata.get("Timestamp")) else ["Timestamp is not now, in milliseconds"]
    directives = metadata.get("CloudWatchMetrics")
    if not isinstance(directives, list) or not directives:
        return [*found, "there are no CloudWatchMetrics"]
    return found + [problem for directive in directives for problem in _of_directive(directive, line)]


def _of_directive(directive: Mapping[str, Any], line: Mapping[str, Any]) -> Iterator[str]:
    namespace, sets, metrics = (directive.get(name) for name in ("Namespace", "Dimensions", "Metrics"))
    if directive.keys() != {"Namespace", "Dimensions", "Metrics"}:
        yield "a directive has members that it should not have, or lacks some"
    if not (isinstance(namespace, str) and 1 <= len(namespace) <= 1024):
        yield "Namespace is no name"
    if not (isinstance(sets, list) and sets and all(isinstance(each, list) for each in sets)):
        yield "Dimensions is no list of lists"
    else:
        for dimensions in sets:
            yield from _of_dimensions(dimensions, line)
    if not (isinstance(metrics, list) and 1 <= len(metrics) <= _MOST_METRICS):
        yield "Metrics is no list, or has none, or too many"
    else:
        for metric in metrics:
            yield from _of_metric(metric, line)


def _of_dimensions(dimensions: list[Any], line: Mapping[str, Any]) -> Iterator[str]:
    if len(dimensions) > _MOST_DIMENSIONS:
        yield "a set has too many dimensions"
    for name in dimensions:
        value = line.get(name)
        if not (isinstance(name, str) and 1 <= len(name) <= 250):
            yield "a dimension has no name"
        if not (isinstance(value, str) and 1 <= len(value) <= 1024 and value.isascii()):
            yield f"the dimension {name} has no text at the top of the line"


def _of_metric(metric: Mapping[str, Any], line: Mapping[str, Any]) -> Iterator[str]:
    name = metric.get("Name")
    if not (isinstance(name, str) and 1 <= len(name) <= 1024):
        yield "a metric has no name"
    if not metric.keys() <= {"Name", "Unit", "StorageResolution"}:
        yield f"the metric {name} has members that it should not have"
    if metric.get("Unit", "None") not in _UNITS or metric.get("StorageResolution", 60) not in (1, 60):
        yield f"the metric {name} has no unit or resolution of CloudWatch's"
    target = line.get(name)  # type: ignore[arg-type]
    values = target if isinstance(target, list) else [target]
    if not (1 <= len(values) <= _MOST_VALUES and all(map(_is_number, values))):
        yield f"the metric {name} has no number at the top of the line"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_recent(timestamp: object) -> bool:
    """In milliseconds of the epoch: as seconds or microseconds the number would be of another age."""
    if not isinstance(timestamp, int) or isinstance(timestamp, bool) or not 0 <= timestamp < 10**14:
        return False
    return abs(datetime.fromtimestamp(timestamp / 1000, UTC) - datetime.now(UTC)) < timedelta(hours=1)
