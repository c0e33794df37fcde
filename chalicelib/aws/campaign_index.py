"""The list of all campaigns, the newest first, which nobody has to look through a table for.

It lies beside the campaigns, in items of one key in the order of time. An entry is written before its campaign, so one
whose campaign never came to be, or was made by somebody else at another time, is passed over.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from chalicelib.aws.campaign_statuses import SUMMARY, CampaignStatuses
from chalicelib.aws.items import from_item, to_item
from chalicelib.aws.reading import batch_get
from chalicelib.domain.campaign import Newest

INDEX = "#index"
_MOST_AT_ONCE = 100
_LONGEST_KEY = 1024  # bytes that DynamoDB takes


class CampaignIndex(CampaignStatuses):
    """The campaigns by when they were created."""

    def newest(self, limit: int, before: str = "") -> Newest:
        """So many of the newest campaigns, or of those before a place that an earlier call named."""
        listed = self._listed(before, limit + 1)
        found = list(islice(listed, limit))
        is_all = next(listed, None) is None
        return Newest([summary for _, summary in found], "" if is_all else found[-1][0])

    def summaries(self) -> Iterator[dict[str, Any]]:
        """The summaries of all campaigns, the newest first."""
        return (summary for _, summary in self._listed("", _MOST_AT_ONCE))

    def mail_ids(self) -> list[str]:
        """The mails of all campaigns, each once, that of the newest first."""
        entries = (from_item(item) for page in self._pages("", _MOST_AT_ONCE, whole=True) for item in page)
        return list(dict.fromkeys(entry["mail_id"] for entry in entries if entry["mail_id"]))

    def _enter(self, campaign_id: str, source: str, mail_id: str, now: str) -> None:
        """Enter a campaign that is about to be created."""
        self._update(
            INDEX,
            f"{now}#{campaign_id}",
            "SET mail_id = :mail_id, #source = :source",
            {":mail_id": mail_id, ":source": source},
            names={"#source": "source"},
        )

    def _listed(self, before: str, at_once: int) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each campaign's place and summary, the newest first; so many are read at once."""
        for page in self._pages(before, min(at_once, _MOST_AT_ONCE)):
            places = [str(item["part"]["S"]) for item in page]
            summaries = self._summaries(place.partition("#")[2] for place in places)
            for place in places:
                created_at, _, campaign_id = place.partition("#")
                summary = summaries.get(campaign_id)
                if summary and summary.get("created_at") == created_at:
                    yield place, summary

    def _summaries(self, campaign_ids: Iterator[str]) -> Mapping[str, dict[str, Any]]:
        keys = [{"campaign_id": each, "part": SUMMARY} for each in dict.fromkeys(campaign_ids)]
        return {item["campaign_id"]: item for item in batch_get(self._dynamodb, self._table, keys)}

    def _pages(self, before: str, size: int, *, whole: bool = False) -> Iterator[list[Mapping[str, Any]]]:
        """The index's items, page by page, the newest first; whole pages where all of them are wanted."""
        condition = "campaign_id = :index" + (" AND part < :before" if before else "")
        values = {":index": INDEX} | ({":before": _cut(before)} if before else {})
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression=condition,
            ExpressionAttributeValues=to_item(values),
            ScanIndexForward=False,
            ConsistentRead=True,
            **({} if whole else {"Limit": size}),
        )
        for page in pages:
            yield page["Items"]


def _cut(key: str) -> str:
    """The text, no longer than a key may be."""
    return key.encode()[:_LONGEST_KEY].decode(errors="ignore")
