"""The Deliveries table: the ledger of which mail went to which address."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from chalicelib.aws.items import from_item, to_item
from chalicelib.aws.reading import batch_get
from chalicelib.aws.side_by_side import RunAll, one_by_one
from chalicelib.aws.statements import CLAIM_WAITS, PASSES, RECORD_WAITS, StatementFailed, Statements
from chalicelib.domain.delivery import Claim, Delivery
from chalicelib.domain.recipient import Recipient, shard_of, shard_tag
from chalicelib.errors import SendingThrottled

if TYPE_CHECKING:
    from chalicelib.domain.facts import Change, Fact


class Ledger:
    """Deliveries by mail and address."""

    def __init__(
        self,
        dynamodb: Any,
        table: str,
        sleep: Callable[[float], None] = time.sleep,
        days: int = 0,
        run_all: RunAll = one_by_one,
    ) -> None:
        """`days` is how long a delivery is kept from its claim on; 0 is for ever."""
        self._dynamodb = dynamodb
        self._table = table
        self._days = days
        self._run_all = run_all
        self._statements = Statements(dynamodb, sleep, run_all)

    def claim(self, claim: Claim, people: Sequence[Recipient]) -> dict[str, Delivery]:
        """Claim all these addresses; returns the deliveries of those that somebody else had claimed before.

        Raises SendingThrottled where the table takes no more: some may be claimed by then.
        """
        batch = claim.batch
        of_all = {"claimed_at": claim.at, "claimant": claim.claimant} | self._expiry(claim.at)
        names = ("mail_shard", "email", "campaign_id", "batch", "row", "attempt", *of_all)
        item = ", ".join(f"'{name}': ?" for name in names)
        statement = f'INSERT INTO "{self._table}" VALUE {{{item}}}'
        values = [
            [_shard(batch.mail_id, who.email), who.email, batch.campaign_id, batch.number, who.row, 1, *of_all.values()]
            for who in people
        ]
        errors = self._statements.run(statement, values, CLAIM_WAITS)
        taken = []
        for person, error in zip(people, errors, strict=True):
            if error is None:
                continue
            if error["Code"] in PASSES:  # nothing is wrong with the batch: a table grows with its load, by and by
                raise SendingThrottled(f"The table of deliveries is too busy for more: {error['Code']}.")
            if error["Code"] != "DuplicateItem":
                raise StatementFailed(f"A claim failed: {error['Code']}: {error.get('Message', '')}")
            taken.append(person)
        found = self.read(batch.mail_id, (person.email for person in taken))
        # Who was given back between the refusal and the reading belongs to nobody: without a claim it is not sent to.
        free = [person for person in taken if person.email not in found]
        # A claim of our own is refused when its answer was lost on the way and the client asked again.
        known = {email: old for email, old in found.items() if old.claimant != claim.claimant}
        return known | self.claim(claim, free) if free else known

    def read(self, mail_id: str, emails: Iterable[str]) -> dict[str, Delivery]:
        """The deliveries of these addresses, where there are any."""
        # Each once: DynamoDB refuses a call that asks for a key twice.
        keys = [{"mail_shard": _shard(mail_id, email), "email": email} for email in dict.fromkeys(emails)]
        items = batch_get(self._dynamodb, self._table, keys, run_all=self._run_all)
        return {item["email"]: Delivery.from_item(item) for item in items}

    def take_over(self, claim: Claim, old: Delivery, row: int) -> bool:
        """Claim an address whose earlier claim came to nothing; False where somebody else was faster."""
        batch = claim.batch
        found = self._change(
            batch.mail_id,
            old.email,
            "SET campaign_id = :campaign, #batch = :batch, #row = :row, attempt = :attempt, claimed_at = :at, "
            "claimant = :claimant REMOVE failed_at, #reason",
            # An event that came in the meantime proves that the mail was sent; a newer claim is somebody else's.
            "claimed_at = :old AND attempt = :last AND attribute_not_exists(accepted_at) "
            "AND attribute_not_exists(first_event_at)",
            {
                ":campaign": batch.campaign_id,
                ":batch": batch.number,
                ":row": row,
                ":attempt": old.attempt + 1,
                ":last": old.attempt,
                ":at": claim.at,
                ":claimant": claim.claimant,
                ":old": old.claimed_at,
            },
            {"#batch": "batch", "#row": "row", "#reason": "reason"},
        )
        # Our own claimant in the way: the first answer was lost, and the client asked again.
        return found is None or found.get("claimant") == claim.claimant

    def accept(self, mail_id: str, message_ids: Mapping[str, str], now: str) -> None:
        """Record that SES has these; what events have written already stays."""
        self._update(mail_id, "accepted_at", "message_id", message_ids, now)

    def fail(self, mail_id: str, reasons: Mapping[str, str], now: str) -> None:
        """Record that these were not sent and why."""
        self._update(mail_id, "failed_at", "reason", reasons, now)

    def release(self, claim: Claim, emails: Iterable[str]) -> None:
        """Give claims back, as if they had never been; those that somebody else holds by now stay."""

        def release(email: str) -> None:
            try:
                self._dynamodb.delete_item(
                    TableName=self._table,
                    Key=_key(claim.batch.mail_id, email),
                    ConditionExpression="claimant = :claimant "
                    "AND attribute_not_exists(accepted_at) AND attribute_not_exists(first_event_at)",
                    ExpressionAttributeValues=to_item({":claimant": claim.claimant}),
                )
            except ClientError as error:
                if not _is_condition(error):
                    raise

        self._run_all(release, emails)

    def add_fact(self, mail_id: str, email: str, fact: "Fact") -> "Change | None":
        """Keep what became of a delivery; its item before and after, which are the same where that was known.

        None where the ledger has no such delivery: the mail was not Hato's, or has been forgotten.
        """
        kept = {"#at": fact.attribute, "#detail": fact.detail_attribute}
        earliest = (
            "(attribute_not_exists(#at) OR #at > :at OR (#at = :at AND #detail > :detail)) AND attribute_exists(email)"
        )
        old, is_added = self._add(mail_id, email, fact, "#at = :at, #detail = :detail, ", earliest, kept)
        if old and not is_added and fact.has_room(old):
            room = "attribute_exists(email) AND (attribute_not_exists(#set) OR size(#set) < :most)"
            old, is_added = self._add(mail_id, email, fact, "", room, {})
        if not old:
            return None
        from chalicelib.domain.facts import Change  # here: a send has no facts to keep, and needs nothing of events

        return Change(old, fact.added_to(old) if is_added else old)

    def _add(
        self, mail_id: str, email: str, fact: "Fact", assignments: str, condition: str, names: Mapping[str, str]
    ) -> tuple[dict[str, Any], bool]:
        """Add a fact where the condition holds; the item as it was, and whether it does."""
        from chalicelib.domain.facts import MOST_KEPT

        expression = f"SET {assignments}first_event_at = if_not_exists(first_event_at, :at)"
        used = {":at": fact.at, ":detail": fact.detail, ":most": MOST_KEPT, ":entry": {fact.entry}}
        if fact.entry:
            expression, names = f"{expression} ADD #set :entry", {**names, "#set": fact.set_attribute}
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(mail_id, email),
                UpdateExpression=expression,
                ConditionExpression=condition,
                **({"ExpressionAttributeNames": dict(names)} if names else {}),
                ExpressionAttributeValues=to_item(
                    {name: value for name, value in used.items() if name in f"{expression} {condition}"}
                ),
                ReturnValues="ALL_OLD",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if not _is_condition(error):
                raise
            return from_item(error.response.get("Item", {})), False
        return from_item(answer.get("Attributes", {})), True

    def _expiry(self, at: str) -> dict[str, int]:
        if not self._days:
            return {}
        return {"expires_at": int((datetime.fromisoformat(at) + timedelta(days=self._days)).timestamp())}

    def _update(self, mail_id: str, time: str, detail: str, details: Mapping[str, str], now: str) -> None:
        statement = f'UPDATE "{self._table}" SET {time} = ? SET {detail} = ? WHERE mail_shard = ? AND email = ?'
        values = [[now, text, _shard(mail_id, email), email] for email, text in details.items()]
        for error in self._statements.run(statement, values, RECORD_WAITS):
            if error is not None:
                raise StatementFailed(f"A record failed: {error['Code']}: {error.get('Message', '')}")

    def _change(
        self,
        mail_id: str,
        email: str,
        expression: str,
        condition: str,
        values: Mapping[str, Any],
        names: Mapping[str, str],
    ) -> dict[str, Any] | None:
        """Change an item; None where it was changed, else the item that did not fulfil the condition."""
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(mail_id, email),
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeNames=dict(names),
                ExpressionAttributeValues=to_item(values),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            if not _is_condition(error):
                raise
            return from_item(error.response.get("Item", {}))
        return None


def _shard(mail_id: str, email: str) -> str:
    return f"{mail_id}#{shard_tag(shard_of(email))}"


def _key(mail_id: str, email: str) -> dict[str, Any]:
    return to_item({"mail_shard": _shard(mail_id, email), "email": email})


def _is_condition(error: ClientError) -> bool:
    return bool(error.response["Error"]["Code"] == "ConditionalCheckFailedException")
