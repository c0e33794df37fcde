"""What events and people say against a contact: each is one write, that may come twice, late, and in any order.

Whoever is known by this alone gets `noted_at`, and is no contact that a broadcast goes to. Of whoever was erased on
request nothing is written: it would bring the address back.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.items import from_item, to_item
from chalicelib.aws.side_by_side import RunAll, one_by_one
from chalicelib.domain.contact import is_set
from chalicelib.domain.forgotten import MARKER, forgotten_key
from chalicelib.domain.soft_bounces import ended, in_a_row, member


class ContactMarks:
    """The Contacts table, as far as marks go.

    `forgotten_key` gives the stage's key, and is asked for only where anybody was erased at all. Without it nobody is
    known to be.
    """

    def __init__(
        self,
        dynamodb: Any,
        table: str,
        soft_bounce_limit: int = 5,
        forgotten_key: Callable[[], str] | None = None,
        run_all: RunAll = one_by_one,
    ) -> None:
        self._run_all = run_all
        self._dynamodb = dynamodb
        self._table = table
        self._soft_bounce_limit = soft_bounce_limit
        self._forgotten_key = forgotten_key

    def mark_unreachable(self, email: str, attribute: str, at: str, reason: str) -> None:
        """Set `haserror` and the time; the contact is created where there is none."""
        self._mark(
            email,
            ("haserror = :one", "#at = if_not_exists(#at, :at)", "error_reason = :reason"),
            {":one": 1, ":at": at, ":reason": reason or attribute.removesuffix("_at")},
            at,
            {"#at": attribute},
        )

    def count_soft_bounce(self, email: str, message_id: str, at: str) -> None:
        """Remember one more transient bounce, once for each message; after the limit the contact is unreachable."""
        values = {":bounces": {member(message_id, at)}}
        bounced = self._mark(email, (), values, at, add="ADD soft_bounces :bounces") or {}
        in_row = in_a_row(bounced.get("soft_bounces", ()), bounced.get("soft_bounces_ended_at", ""))
        if in_row >= self._soft_bounce_limit and not is_set(bounced.get("haserror")):
            reason = f"{self._soft_bounce_limit} transient bounces in a row"
            self.mark_unreachable(email, "soft_bounced_at", at, reason)

    def end_soft_bounces(self, email: str, at: str) -> None:
        """A mail was delivered at this time: the transient bounces before it count no more.

        Nothing is written where there are none, and the limit's mark stays where it was reached.
        """
        contact = self._read(email, consistent=False)
        over = ended(contact.get("soft_bounces", ()), at)
        if not over or contact.get("soft_bounced_at"):
            return
        last = max(at, contact.get("soft_bounces_ended_at", ""))
        self._update(
            email, "DELETE soft_bounces :over SET soft_bounces_ended_at = :at", {}, {":over": over, ":at": last}
        )

    def unsubscribe(self, email: str, at: str) -> bool:
        """Write to this address no more, from now on; whether that is new."""
        sets, values = ("unsubscribed_at = if_not_exists(unsubscribed_at, :at)",), {":at": at}
        before = self._mark(email, sets, values, at, returning="ALL_OLD")
        if before is None or before.get("unsubscribed_at"):
            return False
        if "unsubscribed_at" in before:  # an empty text, as a CSV brings it, is no unsubscribing, and stands in the way
            self._update(email, "SET unsubscribed_at = :at", {}, values)
        return True

    def resubscribe(self, email: str) -> None:
        """Take back an unsubscribing, and nothing else that is against the contact."""
        self._update_existing(email, "REMOVE unsubscribed_at", {}, {})

    def is_forgotten(self, email: str) -> bool:
        """Whether this canonical address was erased on request."""
        if self._forgotten_key is None or not self._read(MARKER):
            return False
        return bool(self._read(forgotten_key(self._forgotten_key(), email)))

    def _mark(
        self,
        email: str,
        sets: Sequence[str],
        values: Mapping[str, Any],
        at: str,
        names: Mapping[str, str] | None = None,
        add: str = "",
        returning: str = "ALL_NEW",
    ) -> dict[str, Any] | None:
        """Change the contact, which is created where there is none; the item, or None where they were forgotten."""
        names = names or {}
        found = self._update_existing(email, _expression(sets, add), names, values, returning)
        if found is not None:
            return found
        if self.is_forgotten(email):
            return None
        noted = _expression((*sets, "noted_at = if_not_exists(noted_at, :noted)"), add)
        return self._update(email, noted, names, {**values, ":noted": at}, returning)

    def _update_existing(
        self, email: str, expression: str, names: Mapping[str, str], values: Mapping[str, Any], returning: str = "NONE"
    ) -> dict[str, Any] | None:
        """Change the contact and return it; None where there is none."""
        try:
            return self._update(email, expression, names, values, returning, "attribute_exists(email)")
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return None

    def _read(self, email: str, *, consistent: bool = True) -> dict[str, Any]:
        answer = self._dynamodb.get_item(**self._key(email), ConsistentRead=consistent)
        return from_item(answer.get("Item", {}))

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
            **self._key(email),
            UpdateExpression=expression,
            ReturnValues=returning,
            **({"ExpressionAttributeValues": to_item(values)} if values else {}),
            **({"ExpressionAttributeNames": dict(names)} if names else {}),
            **({"ConditionExpression": condition} if condition else {}),
        )
        return from_item(answer.get("Attributes", {}))

    def _key(self, email: str) -> dict[str, Any]:
        return {"TableName": self._table, "Key": to_item({"email": email})}


def _expression(sets: Sequence[str], add: str) -> str:
    return " ".join(part for part in (f"SET {', '.join(sets)}" if sets else "", add) if part)
