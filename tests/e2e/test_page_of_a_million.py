"""The page of a campaign of a million rows: made from counters alone, in few calls, however many mails there were."""

import json
import time
import urllib.request
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from chalicelib.aws.event_counters import event_key
from chalicelib.aws.items import to_item
from chalicelib.domain.grant import Grant, sign
from chalicelib.domain.recipient import SHARDS
from hato.access import Access

pytestmark = pytest.mark.cloud

CAMPAIGN = "a-million"
ROWS = 1_000_000
DAYS, QUARTERS, HOURS = 14, range(0, 24, 6), 6
MOST_CALLS = 1 + SHARDS  # of DynamoDB's Query: the campaign itself, and a key of event counters for each shard
HOURLY = ("delivered", "opened", "human_opened", "clicked", "human_clicked")
KEYED = ("delivered_to/Gmail", "delivered_to/Docomo", "bounced_by/Gmail", "clicked_link/0", "human_clicked_link/0")


def items() -> Iterator[dict[str, Any]]:
    """All items of the campaign, with every counter that there can be."""
    yield from ({"campaign_id": CAMPAIGN, **item} for item in of_campaign())
    for shard in range(SHARDS):
        yield from ({"campaign_id": event_key(CAMPAIGN, shard), **item} for item in events())


def of_campaign() -> Iterator[dict[str, Any]]:
    """What lies under the campaign's own key."""
    ends = {"accepted": 31_000, "suppressed": 100, "failed": 50}
    at = {"created_at": "2026-05-01T08:00:00.000Z", "finished_at": "2026-05-01T12:00:00.000Z"}
    totals = {name: count * SHARDS for name, count in ends.items()}
    rows = {"rows": ROWS, "batches": 10_000, **totals, "invalid": ROWS - sum(totals.values())}
    yield {"part": "summary", "status": "finished", "mail_id": "spring", "source": "s3://b/l.csv", **at, **rows}
    yield {"part": "links", "links": [f"https://example.com/{number}" for number in range(20)]}
    for shard in range(SHARDS):
        yield {"part": f"counts#{shard:02d}", **ends, "counted_batches": set(range(shard, 10_000, SHARDS))}


def events() -> Iterator[dict[str, Any]]:
    """What lies under the key of a shard's event counters."""
    for day, first in product(range(1, DAYS + 1), QUARTERS):
        hours = {f"{name}@{hour:02d}": 60 for name in HOURLY for hour in range(first, first + HOURS)}
        yield {"part": f"2026-05-{day:02d}T{first:02d}", **hours, **dict.fromkeys(KEYED, 75)}


@pytest.fixture(scope="module")
def campaign(deployed: Access) -> str:
    dynamodb, table = deployed.client("dynamodb"), deployed.outputs["CampaignsTable"]
    puts = [{"PutRequest": {"Item": to_item(item)}} for item in items()]
    for start in range(0, len(puts), 25):
        dynamodb.batch_write_item(RequestItems={table: puts[start : start + 25]})
    return CAMPAIGN


def test_the_page_asks_for_counters_alone_in_few_calls(
    deployed: Access, campaign: str, recorded_calls: Path, record_property: Any
) -> None:
    token = sign(deployed.link_key(), Grant(campaign, int(time.time()) + 3600))
    url = f"{deployed.pages_url}campaigns/{campaign}?token={token}"
    seconds, asked = list[float](), list[list[str]]()
    for _ in range(4):  # the first may have to start the function, and to read its key
        before = recorded_calls.stat().st_size
        start = time.perf_counter()
        with urllib.request.urlopen(url, timeout=60) as answer:
            page = answer.read().decode()
        seconds.append(time.perf_counter() - start)
        asked.append(calls(recorded_calls, before, f"{deployed.stack}-api"))
    assert "1,000,000" in page
    record_property("seconds", seconds)
    assert 1 <= len(asked[-1]) <= MOST_CALLS
    assert set(asked[-1]) == {"dynamodb:Query campaigns"}


def calls(recorded: Path, offset: int, role: str) -> list[str]:
    """What the pages' role asked DynamoDB for since then: action and table."""
    with recorded.open() as lines:
        lines.seek(offset)
        made = [json.loads(line) for line in lines]
    return [
        f"{action} {resource.rpartition('-')[2]}"
        for principal, action, resource, _ in made
        if action.startswith("dynamodb:") and role.lower() in principal.lower()
    ]
