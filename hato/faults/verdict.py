"""What came of a run: the simulated SES's inbox, the ledger, the counters and report.csv, held against each other."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from chalicelib.aws.files import report_key
from chalicelib.aws.items import from_item
from chalicelib.domain.report import Report
from hato.access import Access
from hato.faults.list import Rows
from hato.faults.trouble import Trouble
from hato.local.cloud import LocalCloud

_TO_RECORD = timedelta(seconds=5)  # from a topic to the ledger, on a busy machine


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known after a run."""

    rows: Rows
    report: Report
    lines: Sequence[Mapping[str, str]]
    inbox: Sequence[Mapping[str, Any]]
    events: Sequence[Mapping[str, Any]]
    ledger: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the fault lab's table."""

    name: str
    recipients: int
    kills: int
    accepted: int
    inbox: int
    lost: int
    doubled: int
    unknown: int
    taken_over: int
    balanced: bool
    seconds: float
    throttled: int
    dropped: int
    wrong: tuple[str, ...]


def gather(cloud: LocalCloud, access: Access, rows: Rows, campaign_id: str) -> Evidence:
    """Read everything that a run has left behind."""
    body = access.client("s3").get_object(Bucket=access.bucket, Key=report_key(campaign_id))["Body"].read()
    pages = access.client("dynamodb").get_paginator("scan").paginate(TableName=access.outputs["DeliveriesTable"])
    return Evidence(
        rows=rows,
        report=access.campaigns.report(campaign_id),
        lines=list(csv.DictReader(io.StringIO(body.decode("utf-8-sig")))),
        inbox=cloud.ask_lines("/messages"),
        events=cloud.ask_lines("/_simulator/events"),
        ledger=[from_item(item) for page in pages for item in page["Items"]],
    )


def judge(trouble: Trouble, found: Evidence, kills: int, seconds: float, status: Mapping[str, int]) -> Result:
    """The run's line, and in `wrong` a sentence for everything that is not as Hato promises."""
    mails = Counter(message["to"][0] for message in found.inbox)
    ends = {line["email"]: line["outcome"] for line in found.lines if line["outcome"] not in ("invalid", "duplicate")}
    unknown = {email for email, end in ends.items() if end == "unknown"}
    doubled = {email for email, count in mails.items() if count > 1}
    lost = found.rows.expected - mails.keys() - unknown
    return Result(
        name=trouble.name,
        recipients=trouble.recipients,
        kills=kills,
        accepted=found.report.ends["accepted"],
        inbox=sum(mails.values()),
        lost=len(lost),
        doubled=len(doubled),
        unknown=len(unknown),
        taken_over=sum(int(item.get("attempt", 1)) > 1 for item in found.ledger),
        balanced=found.report.balanced and len(found.lines) == found.report.rows == found.rows.count,
        seconds=round(seconds, 1),
        throttled=status["throttled_calls"] + status["injected_throttles"],
        dropped=status["dropped_answers"],
        wrong=tuple(_wrongs(trouble, found, mails, ends, lost, doubled)),
    )


def _wrongs(
    trouble: Trouble,
    found: Evidence,
    mails: Counter[str],
    ends: Mapping[str, str],
    lost: frozenset[str],
    doubled: set[str],
) -> list[str]:
    report = found.report
    accepted = {email for email, end in ends.items() if end == "accepted"}
    unknown = {email for email, end in ends.items() if end == "unknown"}
    could_tell = {email for email in doubled if _could_tell(email, found)}
    recorded = {item["email"] for item in found.ledger if "accepted_at" in item or "first_event_at" in item}
    checks = {
        f"the campaign is {report.status.value}: {report.reason}": report.status.value != "finished",
        "the rows do not balance": not report.balanced or len(found.lines) != found.rows.count,
        f"{len(lost)} are lost": bool(lost),
        f"{len(could_tell)} were sent to twice though an event could tell": bool(could_tell),
        f"{len(doubled)} were sent to twice though unknown outcomes are held": bool(doubled)
        and trouble.unknown_outcomes == "hold",
        f"{len(accepted - mails.keys())} are reported as sent and were not": bool(accepted - mails.keys()),
        f"{len(mails.keys() - accepted - unknown)} were sent to and are reported as not": bool(
            mails.keys() - accepted - unknown
        ),
        f"{len(unknown)} are unknown though every event came": bool(unknown) and not trouble.deaf,
        "the ledger and the report differ in who was sent to": recorded != accepted,
        f"{len(mails.keys() - found.rows.expected)} were sent to who must not be": bool(
            mails.keys() - found.rows.expected
        ),
    }
    # Where answers of DynamoDB are lost, an event may be counted twice or not at all; the ledger knows better.
    miscounted = [] if trouble.calls else _miscounted(found)
    return [sentence for sentence, is_wrong in checks.items() if is_wrong] + miscounted


def _could_tell(email: str, found: Evidence) -> bool:
    """Whether an event of a mail to this address was told before the next mail to it was sent."""
    mails = sorted((each for each in found.inbox if each["to"][0] == email), key=lambda each: str(each["accepted_at"]))
    told: dict[str, datetime] = {}
    for event in found.events:
        if event["recipient"] == email and event["published_at"]:
            at = _moment(event["published_at"])
            told[event["message_id"]] = min(at, told.get(event["message_id"], at))
    return any(
        first["message_id"] in told and told[first["message_id"]] + _TO_RECORD < _moment(again["accepted_at"])
        for first, again in pairwise(mails)
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _miscounted(found: Evidence) -> list[str]:
    """Where the counters are not what the simulated recipients did and what was published."""
    did: dict[str, set[str]] = defaultdict(set)
    for event in found.events:
        if event["published"]:
            soft = event["kind"] == "Bounce" and not str(event["detail"]).startswith("Permanent")
            did["soft bounce" if soft else event["kind"]].add(event["recipient"])
    counted = {"delivered": "Delivery", "bounced": "Bounce", "opened": "Open", "clicked": "Click"}
    return [
        f"{found.report.events[name]} are counted as {name}, and it is {len(did[kind])}"
        for name, kind in counted.items()
        if found.report.events[name] != len(did[kind])
    ]
