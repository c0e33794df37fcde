"""A whole table, read in parallel."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from threading import Event
from typing import Any

from chalicelib.aws.items import from_item

_SEGMENTS = 8

Pages = Queue[list[dict[str, Any]] | BaseException | None]


def scan(dynamodb: Any, table: str) -> Generator[dict[str, Any]]:
    """Every item of the table, in no order, page after page in parallel segments: a table of any size is read."""
    # A worker holds its next page until there is room for it: the queue, not the table, bounds the memory.
    pages: Pages = Queue(maxsize=2 * _SEGMENTS)
    stop, open_segments = Event(), _SEGMENTS
    with ThreadPoolExecutor(_SEGMENTS) as pool:
        for segment in range(_SEGMENTS):
            pool.submit(_read_segment, dynamodb, table, segment, pages, stop)
        try:
            while open_segments:
                page = pages.get()
                open_segments -= not isinstance(page, list)
                if isinstance(page, BaseException):
                    raise page
                yield from map(from_item, page or ())
        finally:  # left early, by a failure or by who reads: no worker may wait for room for ever
            stop.set()
            while open_segments:
                open_segments -= not isinstance(pages.get(), list)


def _read_segment(dynamodb: Any, table: str, segment: int, pages: Pages, stop: Event) -> None:
    try:
        paginator = dynamodb.get_paginator("scan")
        for page in paginator.paginate(TableName=table, Segment=segment, TotalSegments=_SEGMENTS, ConsistentRead=True):
            pages.put(page["Items"])
            if stop.is_set():
                break
        pages.put(None)
    except Exception as error:  # handed to the reader, who raises it
        pages.put(error)
