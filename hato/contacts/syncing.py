"""SES's suppression list of the account, into the contacts: what SES would not deliver is not sent any more."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.contacts import Contacts
from chalicelib.aws.items import to_item
from chalicelib.domain.recipient import AddressInvalid, canonical_address
from chalicelib.steps.clock import timestamp
from hato.contacts.writing import AT_ONCE


@dataclass(frozen=True, slots=True)
class Mark:
    """Why and since when an address is on SES's list."""

    at: str
    reason: str


@dataclass(frozen=True, slots=True)
class Change:
    """What is written of one item: a mark, or that it has none any more."""

    email: str
    mark: Mark | None
    is_new: bool = False


def read_list(sesv2: Any) -> Iterator[tuple[str, Mark]]:
    """Every address that SES suppresses for the account; those that Hato could not write to are left out."""
    more: dict[str, str] = {}
    while True:  # boto3 has no paginator for it
        page = sesv2.list_suppressed_destinations(PageSize=1000, **more)
        for each in page.get("SuppressedDestinationSummaries", ()):
            try:
                email = canonical_address(each["EmailAddress"])
            except AddressInvalid:
                continue
            yield email, Mark(timestamp(each["LastUpdateTime"]), each["Reason"])
        if not page.get("NextToken"):
            return
        more = {"NextToken": page["NextToken"]}


def compare(listed: Mapping[str, Mark], items: Iterable[Mapping[str, Any]]) -> list[Change]:
    """What must be written so that the contacts say what the list says; nothing where they do already."""
    changes, filed = [], set[str]()
    for item in items:
        email = str(item["email"])
        filed.add(email)
        mark = listed.get(_canonical(email))
        if mark and (item.get("ses_suppressed_at"), item.get("ses_suppression_reason")) != (mark.at, mark.reason):
            changes.append(Change(email, mark))
        elif mark is None and "ses_suppressed_at" in item:
            changes.append(Change(email, None))
    return changes + [Change(email, mark, is_new=True) for email, mark in listed.items() if email not in filed]


class Syncer:
    """Writes SES's list into the Contacts table."""

    def __init__(self, dynamodb: Any, table: str, contacts: Contacts) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._contacts = contacts

    def sync(self, listed: Mapping[str, Mark], progress: Callable[[int, int], None]) -> dict[str, int]:
        """Mark who is on the list, and unmark who is not any more; how many of each, and of the `forgotten`."""
        changes = compare(listed, self._contacts.scan())
        erased = self._contacts.forgotten([change.email for change in changes if change.is_new])
        changes = [change for change in changes if change.email not in erased]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for number, _ in enumerate(pool.map(self._write, changes), 1):
                progress(number, len(changes))
        marked = sum(change.mark is not None for change in changes)
        return {"marked": marked, "unmarked": len(changes) - marked, "forgotten": len(erased)}

    def _write(self, change: Change) -> None:
        if change.mark is None:
            self._update(change.email, "REMOVE ses_suppressed_at, ses_suppression_reason", {})
            return
        sets = "SET ses_suppressed_at = :at, ses_suppression_reason = :reason"
        values = {":at": change.mark.at, ":reason": change.mark.reason}
        if not change.is_new or not self._update(
            change.email, f"{sets}, noted_at = :at", values, "attribute_not_exists(email)"
        ):
            # Where it was taken away meanwhile, the next time makes it anew.
            self._update(change.email, sets, values, "attribute_exists(email)")

    def _update(self, email: str, expression: str, values: Mapping[str, str], condition: str = "") -> bool:
        """Whether the condition held."""
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"email": email}),
                UpdateExpression=expression,
                ConditionExpression=condition or "attribute_exists(email)",
                **({"ExpressionAttributeValues": to_item(values)} if values else {}),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True


def _canonical(email: str) -> str:
    try:
        return canonical_address(email)
    except AddressInvalid:
        return email
