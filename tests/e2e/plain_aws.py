"""Drives a deployed Hato as a stranger would: with the stack's outputs and AWS calls alone, no code of Hato's."""

import csv
import io
import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any, TypeVar
from zlib import crc32

import boto3

T = TypeVar("T")
_PATIENCE = 240.0


class PlainAws:
    """A stack in a region behind an endpoint, and the inbox of the simulated SES."""

    def __init__(self, endpoint_url: str, region: str, stack: str, inbox_url: str) -> None:
        self._session = boto3.Session("test", "test", region_name=region)
        self._endpoint_url, self._inbox_url = endpoint_url, inbox_url
        stacks = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
        self.outputs = {each["OutputKey"]: each["OutputValue"] for each in stacks[0]["Outputs"]}

    def client(self, service: str) -> Any:
        return self._session.client(service, endpoint_url=self._endpoint_url)

    def put_item(self, table: str, item: dict[str, Any]) -> None:
        self.client("dynamodb").put_item(TableName=self.outputs[table], Item=item)

    def get_item(self, table: str, **key: str) -> dict[str, Any]:
        answer = self.client("dynamodb").get_item(
            TableName=self.outputs[table],
            Key={name: {"S": value} for name, value in key.items()},
            ConsistentRead=True,
        )
        return {name: next(iter(value.values())) for name, value in answer.get("Item", {}).items()}

    def delivery(self, mail_id: str, email: str) -> dict[str, Any]:
        """What the ledger has of this mail to this address."""
        return self.get_item("DeliveriesTable", mail_shard=f"{mail_id}#{crc32(email.encode()) % 32:02d}", email=email)

    def upload(self, key: str, content: bytes) -> None:
        self.client("s3").put_object(Bucket=self.outputs["UploadBucket"], Key=key, Body=content)

    def campaigns_of(self, source_end: str) -> list[dict[str, Any]]:
        """The summaries of the campaigns whose source ends so."""
        pages = self.client("dynamodb").get_paginator("scan").paginate(TableName=self.outputs["CampaignsTable"])
        items = [
            {name: next(iter(value.values())) for name, value in item.items()}
            for page in pages
            for item in page["Items"]
        ]
        return [item for item in items if item["part"] == "summary" and item.get("source", "").endswith(source_end)]

    def ended_campaigns(self, source_end: str, count: int = 1) -> list[dict[str, Any]]:
        """The campaigns of this source, once there are so many that have ended, oldest first."""

        def look() -> list[dict[str, Any]] | None:
            found = self.campaigns_of(source_end)
            ended = [each for each in found if each["status"] not in {"preparing", "sending"}]
            return sorted(ended, key=lambda each: each["created_at"]) if len(ended) >= count else None

        return self.wait_for(look, f"{count} ended campaigns of {source_end}")

    def report(self, campaign_id: str) -> list[dict[str, str]]:
        """The rows of a campaign's report.csv."""
        answer = self.client("s3").get_object(
            Bucket=self.outputs["UploadBucket"], Key=f"campaigns/{campaign_id}/report.csv"
        )
        return list(csv.DictReader(io.StringIO(answer["Body"].read().decode("utf-8-sig"))))

    def inbox(self, mail_id: str) -> list[dict[str, Any]]:
        """The messages of this mail in the inbox."""
        with urllib.request.urlopen(f"{self._inbox_url}/messages", timeout=30) as answer:
            messages = [json.loads(line) for line in answer]
        return [message for message in messages if message["tags"].get("mail") == mail_id]

    def wait_for(self, look: Callable[[], T | None], what: str) -> T:
        """What the look returns, once it returns something."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            found = look()
            if found is not None:
                return found
            time.sleep(0.3)
        raise AssertionError(f"{what} did not come about within {_PATIENCE:.0f} seconds")
