"""A ledger of so many deliveries, told page by page, and counters that agree with it."""

import json
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

from bench.intake.wire import Answer, Request
from chalicelib.aws.items import from_item, to_item
from chalicelib.domain.event_counts import EventCounts
from chalicelib.domain.recipient import SHARDS
from chalicelib.domain.report import Report
from chalicelib.domain.tally import Count, tally

PER_PAGE = 2000  # deliveries of about 500 bytes: DynamoDB ends a page at 1 MB
_DOMAINS = ("gmail.com", "docomo.ne.jp", "yahoo.co.jp", "example.com", "ezweb.ne.jp")


class Deliveries:
    """Answers for DynamoDB's Query: each shard has its part of the rows, in pages of 1 MB and one of what is left."""

    def __init__(self, rows: int, per_page: int = PER_PAGE) -> None:
        self._rows = rows
        self._per_page = per_page
        self._made: dict[tuple[int, frozenset[str]], bytes] = {}

    def pages(self, shard: int) -> list[int]:
        """How many deliveries each page of the shard has."""
        rows = self._rows // SHARDS + (shard < self._rows % SHARDS)
        full, rest = divmod(rows, self._per_page)
        return [self._per_page] * full + ([rest] if rest else [])

    def answer(self, request: Request) -> Answer:
        """The page that is asked for, and where the next one begins."""
        query = json.loads(request.body)
        sizes = self.pages(int(query["ExpressionAttributeValues"][":shard"]["S"].rpartition("#")[2]))
        number = int(query.get("ExclusiveStartKey", {}).get("email", {}).get("S", "0"))
        if number >= len(sizes):
            return Answer(b'{"Items":[],"Count":0,"ScannedCount":0}')
        following = f'"LastEvaluatedKey":{{"email":{{"S":"{number + 1}"}}}},' if number + 1 < len(sizes) else ""
        return Answer(b"{%s%s" % (following.encode(), self._page(sizes[number], query)))

    def _page(self, size: int, query: Mapping[str, Any]) -> bytes:
        """A page of this size, of the attributes that are asked for, or of all."""
        wanted = frozenset(query.get("ExpressionAttributeNames", {}).values())
        if (size, wanted) not in self._made:
            items = [{name: each[name] for name in each if name in wanted or not wanted} for each in deliveries(size)]
            self._made[size, wanted] = f'"Count":{size},"ScannedCount":{size},"Items":{json.dumps(items)}}}'.encode()
        return self._made[size, wanted]


class Campaigns:
    """One campaign, all of whose counters are right."""

    def __init__(self, rows: int, ledger: Deliveries) -> None:
        self._rows = rows
        self._ledger = ledger

    def report(self, campaign_id: str) -> Report:
        """What the campaign's end said."""
        summary = {"part": "summary", "status": "finished", "mail_id": "m1", "rows": self._rows, "accepted": self._rows}
        return Report.from_parts(campaign_id, [summary | {"finished_at": "2026-01-31T09:00:00.000Z"}])

    def event_counts(self, campaign_id: str, shard: int) -> Mapping[Count, int]:
        """The counters of this shard, as its deliveries say."""
        counts = Counter[Count]()
        for size, pages in Counter(self._ledger.pages(shard)).items():
            counts.update({count: number * pages for count, number in _counts(size).items()})
        return EventCounts(counts).counts

    def count_events(self, campaign_id: str, shard: int, changes: Mapping[Count, int]) -> None:
        """Nothing is wrong, so nothing is added."""


def deliveries(rows: int) -> list[dict[str, Any]]:
    """Items of the ledger: of 100, all are delivered but one, 30 opened, 5 of them followed a link."""
    return [to_item(_delivery(row)) for row in range(rows)]


def _delivery(row: int) -> dict[str, Any]:
    second = row % 60
    item: dict[str, Any] = {
        "mail_shard": "m1#00",
        "email": f"sato.taro{row}@{_DOMAINS[row % 5]}",
        "campaign_id": "c1",
        "batch": row // 500,
        "row": row,
        "attempt": 1,
        "claimed_at": f"2026-01-31T08:15:{second:02d}.000Z",
        "claimant": f"0d9f3c52-{row:012d}",
        "accepted_at": f"2026-01-31T08:16:{second:02d}.000Z",
        "message_id": f"0100018d7a9e-{row:08d}-4c1b-9d3e-5f60718293a4-000000",
        "first_event_at": f"2026-01-31T08:17:{second:02d}.000Z",
    }
    if row % 100 == 99:
        return item | {
            "bounced_at": f"2026-01-31T08:17:{second:02d}.000Z",
            "bounced_detail": "General: 550 no such user",
        }
    item |= {"delivered_at": f"2026-01-31T08:17:{second:02d}.000Z", "delivered_detail": "250 2.0.0 OK"}
    if row % 10 < 3:
        at = f"2026-01-31T{9 + row % 12:02d}:20:{second:02d}.000Z"
        item |= {"opened_at": at, "opened_detail": "", "opens": {f"{at} person"}}
    if row % 20 == 0:
        at = f"2026-01-31T{9 + row % 12:02d}:21:{second:02d}.000Z"
        item |= {"clicked_at": at, "clicked_detail": "https://example.com/", "clicks": {f"{at} person 0"}}
    return item


@cache
def _counts(size: int) -> Mapping[Count, int]:
    counts = Counter[Count]()
    for item in deliveries(size):
        counts.update(tally(from_item(item)))
    return counts
