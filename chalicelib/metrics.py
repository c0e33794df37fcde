"""What an invocation's answer comes to in numbers, and the form in which CloudWatch takes them from a log line.

Each metric of each stage costs 0.30 USD a month, so the stage is the only dimension; what else there is to know
(campaign, batch, request) stands beside the metrics in the same line.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib.domain.campaign import Status
from chalicelib.domain.outcome import OutcomeKind

if TYPE_CHECKING:
    from chalicelib.domain.event import EventKind

NAMESPACE = "Hato"
_ORDINARY = {"events", "campaign", "new"}  # what is said of a notification that brought news, and nothing besides

_MAILS: Mapping[str, str] = {OutcomeKind.ACCEPTED: "MailsAccepted", OutcomeKind.FAILED: "MailsFailed"}

# A campaign that its owner cancelled is neither.
_ENDS: Mapping[str, str] = {
    Status.FINISHED: "CampaignsFinished",
    Status.FAILED: "CampaignsFailed",
    Status.STOPPED: "CampaignsFailed",
}


def metrics_of(function: str, answer: object) -> dict[str, int]:
    """How much of what this answer of a function (`hato-dev-send_batch`, `send_batch`) tells of; never a zero."""
    read = _READERS.get(function.rpartition("-")[2])
    counts = read(answer) if read and isinstance(answer, Mapping) else {}
    return {name: count for name, count in counts.items() if count}


def says_no_more(answer: object, metrics: Mapping[str, int]) -> bool:
    """Whether an answer about events is told by its metrics alone, as almost all are: all was new, and counted."""
    if not metrics or not isinstance(answer, Mapping) or answer.keys() != {"recorded"}:
        return False
    events = [each.get("events") for each in answer["recorded"] if each.keys() == _ORDINARY]
    new = [each["new"] for each in answer["recorded"] if "new" in each]
    return events == new and len(events) == len(answer["recorded"]) and _total(events) == sum(metrics.values())


def _total(counts: Iterable[Mapping[str, int]]) -> int:
    return sum(sum(each.values()) for each in counts)


def embedded(metrics: Mapping[str, int], stage: str, at: int) -> dict[str, Any]:
    """The members of a log line by which CloudWatch counts these for the stage, `at` milliseconds of the epoch.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    directive = {
        "Namespace": NAMESPACE,
        "Dimensions": [["Stage"]],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in metrics],
    }
    return {"Stage": stage, **metrics, "_aws": {"Timestamp": at, "CloudWatchMetrics": [directive]}}


def _of_upload(answer: Mapping[str, Any]) -> Mapping[str, int]:
    return {"CampaignsFailed": sum("failed" in each for each in answer.get("started", ()))}


def _of_batch(answer: Mapping[str, Any]) -> Mapping[str, int]:
    """A batch may be tried often; what an earlier try has recorded was counted then."""
    earlier = answer.get("earlier", {})
    return {
        **{name: answer.get(kind, 0) - earlier.get(kind, 0) for kind, name in _MAILS.items()},
        "MailsUnknown": answer.get(OutcomeKind.UNKNOWN, 0),
        "CallsThrottled": answer.get("throttled", 0),
        "CampaignsPaused": int("stopped" in answer),
    }


def _of_end(answer: Mapping[str, Any]) -> Mapping[str, int]:
    """An answer that is still settling is not the last one."""
    end = _ENDS.get(answer.get("status", "")) if "settling" not in answer else None
    return {end: 1} if end else {}


def _of_events(answer: Mapping[str, Any]) -> Mapping[str, int]:
    """Only what is new to a delivery: SNS may tell of an event twice, and SES tells of the account's other mail too."""
    names, unknown = _events()
    counts: Counter[str] = Counter()
    for each in answer.get("recorded", ()):
        for kind in each.get("new", {}).keys() & names.keys():
            counts[names[kind]] += each["new"][kind]
        counts["EventsNotUnderstood"] += each.get("events", {}).get(unknown, 0)
        if "unreadable" in each:
            counts["EventsIgnored" if "note" in each else "EventsNotUnderstood"] += 1
        counts["CampaignsPaused"] += len(each.get("paused", ()))
    return counts


@cache
def _events() -> tuple[Mapping["EventKind", str], "EventKind"]:
    """What each kind of event is counted as, and the kind that is none."""
    from chalicelib.domain.event import EventKind  # here: every function logs, and half of them see no event

    names = {
        EventKind.DELIVERED: "Deliveries",
        EventKind.BOUNCED_PERMANENTLY: "Bounces",
        EventKind.BOUNCED_TRANSIENTLY: "SoftBounces",
        EventKind.BOUNCED_UNDETERMINED: "SoftBounces",
        EventKind.COMPLAINED: "Complaints",
        EventKind.REJECTED: "Rejects",
        EventKind.RENDERING_FAILED: "RenderingFailures",
        EventKind.OPENED: "Opens",
        EventKind.CLICKED: "Clicks",
    }
    return names, EventKind.UNKNOWN


_READERS: Mapping[str, Callable[[Mapping[str, Any]], Mapping[str, int]]] = {
    "on_upload": _of_upload,
    "send_batch": _of_batch,
    "finish_campaign": _of_end,
    "on_feedback": _of_events,
    "on_delivery": _of_events,
    "on_engagement": _of_events,
}
