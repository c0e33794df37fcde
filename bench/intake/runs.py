"""What is measured, each a function of so many rows; it checks that nothing was lost on the way."""

import csv
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from bench.intake import stage, tables
from bench.intake.bucket import Bucket
from bench.intake.wire import Wire
from chalicelib.aws.files import Files
from chalicelib.aws.raw_items import read_items_raw
from chalicelib.domain.mailing_list import read_rows
from chalicelib.domain.recipient import SHARDS
from chalicelib.steps.finish_campaign import FinishCampaign
from chalicelib.steps.prepare_batches import PrepareBatches
from chalicelib.steps.rejections import SpooledRejections
from hato.recounting import Recounting

_CHUNK = 256 * 1024
_LIST = {"file_name": "lists/m1/list.csv", "mail_id": "m1"}

Run = Callable[[], int]  # how many rows came through


def read_by_csv(rows: int, path: Path) -> Run:
    """Python's csv alone."""

    def run() -> int:
        with path.open(encoding="utf-8", newline="") as file:
            return sum(1 for _ in csv.reader(file)) - 1

    return run


def read_by_hato(rows: int, path: Path) -> Run:
    """Every row judged: encoding, cells, address, duplicates."""

    def run() -> int:
        with path.open("rb") as file:
            return sum(1 for _ in read_rows(iter(partial(file.read, _CHUNK), b"")))

    return run


def prepare(rows: int, path: Path) -> Run:
    """The whole step, from the list's bytes in S3 to those of batches.jsonl."""
    return preparing(Files(Wire(Bucket(rows, path).answer).client("s3"), "uploads"))


def preparing(files: Files) -> Run:
    """The same of the list that is there."""
    step = PrepareBatches(
        mails=stage.Mails(),
        contacts=stage.Contacts(),
        lists=files,
        files=files,
        campaigns=stage.Campaigns(),
        account=stage.Account(),
        clock=stage.Clock(),
        new_rejections=SpooledRejections,
    )
    return lambda: int(step("c1", "arn", dict(_LIST))["rows"])


def finish(rows: int, path: Path) -> Run:
    """The whole step, from the outcome files in S3 to the bytes of report.csv."""
    bucket = Bucket(rows)
    return finishing(Files(Wire(bucket.answer).client("s3"), "uploads"), rows, bucket.batches)


def finishing(files: Files, rows: int, batches: int) -> Run:
    """The same of the outcome files that are there."""
    step = FinishCampaign(
        files=files,
        campaigns=stage.Campaigns(rows=rows, batches=batches),
        ledger=stage.Ledger(),
        clock=stage.Clock(),
        settling_time=stage.SETTLING_TIME,
        notify=stage.tell_nobody,
    )

    def run() -> int:
        totals = step("c1")
        return int(totals["accepted"]) + int(totals["invalid"])

    return run


def page_through(rows: int, path: Path) -> Run:
    """The ledger's items handed out, and nothing done with them."""
    client = Wire(tables.Deliveries(rows).answer).client("dynamodb")
    read_items_raw(client)
    return _paging(client)


def page_by_boto3(rows: int, path: Path) -> Run:
    """The same with boto3 as it comes."""
    return _paging(Wire(tables.Deliveries(rows).answer).client("dynamodb"))


def _paging(client: Any) -> Run:
    def run() -> int:
        found = 0
        for shard in range(SHARDS):
            values = {":shard": {"S": f"m1#{shard:02d}"}}
            pages = client.get_paginator("query").paginate(
                TableName="deliveries",
                KeyConditionExpression="mail_shard = :shard",
                ExpressionAttributeValues=values,
            )
            found += sum(len(page["Items"]) for page in pages)
        return found

    return run


def recount(rows: int, path: Path) -> Run:
    """Every counter of a campaign made anew from the ledger."""
    ledger = tables.Deliveries(rows)
    return recounting(Wire(ledger.answer).client("dynamodb"), rows, ledger)


def recounting(client: Any, rows: int, ledger: tables.Deliveries) -> Run:
    """The same of the ledger that is there."""
    campaigns: Any = tables.Campaigns(rows, ledger)
    recounting = Recounting(client, "deliveries", campaigns)

    def run() -> int:
        found = recounting.recount("c1")
        return found.deliveries if found.agreed else 0

    return run


RUNS: Mapping[str, Callable[[int, Path], Run]] = {
    "csv.reader": read_by_csv,
    "read": read_by_hato,
    "prepare": prepare,
    "finish": finish,
    "boto3": page_by_boto3,
    "paging": page_through,
    "recount": recount,
}
