"""The Contacts table."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from threading import Event
from typing import Any

from chalicelib.aws.items import from_item, to_item
from chalicelib.aws.reading import batch_get
from chalicelib.domain.contact import is_in_good_standing, is_set, why_suppressed
from chalicelib.domain.recipient import Recipient

_SEGMENTS = 8
_SUPPRESSING = "email, haserror, bounced_at, complained_at, unsubscribed_at, soft_bounced_at"


class Contacts:
    """What is known of each address, over all campaigns."""

    def __init__(self, dynamodb: Any, table: str, soft_bounce_limit: int = 5) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._soft_bounce_limit = soft_bounce_limit

    def suppressed(self, recipients: Sequence[Recipient]) -> dict[str, str]:
        """The reason for each of these addresses that must not be written to."""
        # A contact put by hand may be filed under its address as somebody typed it, so both forms are asked for.
        spellings = {person.email: person.email for person in recipients}
        for person in recipients:
            spellings.update({v: person.email for v in person.fields.values() if v.lower() == person.email})
        items = batch_get(self._dynamodb, self._table, [{"email": each} for each in spellings], _SUPPRESSING)
        reasons = ((spellings[item["email"]], why_suppressed(item)) for item in items)
        return {email: reason for email, reason in reasons if reason}

    def in_good_standing(self) -> Iterator[dict[str, str]]:
        """The attributes of every contact that may be written to, as text; `email` among them.

        The table is read in parallel segments, page after page: a table of any size is read to its end.
        """
        # A worker holds its next page until there is room for it: the queue, not the table, bounds the memory.
        pages: Queue[list[dict[str, Any]] | BaseException | None] = Queue(maxsize=2 * _SEGMENTS)
        stop, open_segments = Event(), _SEGMENTS
        with ThreadPoolExecutor(_SEGMENTS) as pool:
            for segment in range(_SEGMENTS):
                pool.submit(self._read_segment, segment, pages, stop)
            try:
                while open_segments:
                    page = pages.get()
                    open_segments -= not isinstance(page, list)
                    if isinstance(page, BaseException):
                        raise page
                    yield from (_as_fields(item) for item in map(from_item, page or ()) if is_in_good_standing(item))
            finally:  # left early, by a failure or by who reads: no worker may wait for room for ever
                stop.set()
                while open_segments:
                    open_segments -= not isinstance(pages.get(), list)

    def _read_segment(
        self, segment: int, pages: "Queue[list[dict[str, Any]] | BaseException | None]", stop: Event
    ) -> None:
        try:
            scan = self._dynamodb.get_paginator("scan").paginate(
                TableName=self._table, Segment=segment, TotalSegments=_SEGMENTS, ConsistentRead=True
            )
            for page in scan:
                pages.put(page["Items"])
                if stop.is_set():
                    break
            pages.put(None)
        except Exception as error:  # handed to the reader, who raises it
            pages.put(error)

    def mark_unreachable(self, email: str, attribute: str, at: str, reason: str) -> None:
        """Set `haserror` and the time; the contact is created where there is none."""
        self._update(
            email,
            "SET haserror = :one, #at = if_not_exists(#at, :at), error_reason = :reason",
            {"#at": attribute},
            {":one": 1, ":at": at, ":reason": reason or attribute.removesuffix("_at")},
        )

    def count_soft_bounce(self, email: str, message_id: str, at: str) -> None:
        """Remember one more transient bounce, once for each message; after the limit the contact is unreachable.

        An address that nobody made a contact is remembered as `noted_at` this time, and is none by that.
        """
        add, message = "ADD soft_bounces :message", {":message": {message_id or at}}
        try:
            bounced = self._update(email, add, {}, message, "ALL_NEW", "attribute_exists(email)")
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            note = f"SET noted_at = if_not_exists(noted_at, :at) {add}"
            bounced = self._update(email, note, {}, message | {":at": at}, "ALL_NEW")
        if len(bounced.get("soft_bounces", ())) >= self._soft_bounce_limit and not is_set(bounced.get("haserror")):
            reason = f"{self._soft_bounce_limit} transient bounces"
            self.mark_unreachable(email, "soft_bounced_at", at, reason)

    def _update(
        self,
        email: str,
        expression: str,
        names: Mapping[str, str],
        values: Mapping[str, Any],
        returning: str = "NONE",
        condition: str = "",
    ) -> dict[str, Any]:
        answer = self._dynamodb.update_item(
            TableName=self._table,
            Key=to_item({"email": email}),
            UpdateExpression=expression,
            ExpressionAttributeValues=to_item(values),
            ReturnValues=returning,
            **({"ExpressionAttributeNames": dict(names)} if names else {}),
            **({"ConditionExpression": condition} if condition else {}),
        )
        return from_item(answer.get("Attributes", {}))


def _as_fields(contact: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in contact.items() if isinstance(value, str | int | float)}
