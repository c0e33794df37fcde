"""The Deliveries table: the ledger of which mail went to which address."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.items import to_attribute, to_item
from chalicelib.aws.reading import batch_get
from chalicelib.domain.batch import Batch
from chalicelib.domain.delivery import Delivery
from chalicelib.domain.recipient import Recipient, shard_of, shard_tag

_STATEMENTS_PER_CALL = 25


class Ledger:
    """Deliveries by mail and address."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def claim(self, batch: Batch, people: Sequence[Recipient], now: str) -> dict[str, Delivery]:
        """Claim all these addresses for the batch; returns the deliveries of those that were claimed before."""
        statement = (
            f"INSERT INTO \"{self._table}\" VALUE {{'mail_shard': ?, 'email': ?, 'campaign_id': ?, 'batch': ?, "
            "'row': ?, 'attempt': ?, 'claimed_at': ?}"
        )
        values = [
            [_shard(batch.mail_id, who.email), who.email, batch.campaign_id, batch.number, who.row, 1, now]
            for who in people
        ]
        errors = self._execute(statement, values)
        taken = []
        for person, error in zip(people, errors, strict=True):
            if error is None:
                continue
            if error["Code"] != "DuplicateItem":
                raise StatementFailed(f"A claim failed: {error['Code']}: {error.get('Message', '')}")
            taken.append(person)
        known = self.read(batch.mail_id, (person.email for person in taken))
        # Who was given back between the refusal and the reading belongs to nobody: without a claim it is not sent to.
        free = [person for person in taken if person.email not in known]
        return known | self.claim(batch, free, now) if free else known

    def read(self, mail_id: str, emails: Iterable[str]) -> dict[str, Delivery]:
        """The deliveries of these addresses, where there are any."""
        # Each once: DynamoDB refuses a call that asks for a key twice.
        keys = [{"mail_shard": _shard(mail_id, email), "email": email} for email in dict.fromkeys(emails)]
        items = batch_get(self._dynamodb, self._table, keys) if keys else ()
        return {item["email"]: Delivery.from_item(item) for item in items}

    def take_over(self, batch: Batch, old: Delivery, row: int, now: str) -> bool:
        """Claim an address whose earlier claim came to nothing; False where somebody else was faster."""
        return self._change(
            batch.mail_id,
            old.email,
            "SET campaign_id = :campaign, #batch = :batch, #row = :row, attempt = :attempt, claimed_at = :now "
            "REMOVE failed_at, #reason",
            # An event that came in the meantime proves that the mail was sent; a newer claim is somebody else's.
            "claimed_at = :old AND attempt = :last AND attribute_not_exists(accepted_at) "
            "AND attribute_not_exists(first_event_at)",
            {
                ":campaign": batch.campaign_id,
                ":batch": batch.number,
                ":row": row,
                ":attempt": old.attempt + 1,
                ":last": old.attempt,
                ":now": now,
                ":old": old.claimed_at,
            },
            {"#batch": "batch", "#row": "row", "#reason": "reason"},
        )

    def accept(self, mail_id: str, message_ids: Mapping[str, str], now: str) -> None:
        """Record that SES has these; what events have written already stays."""
        self._update(mail_id, "accepted_at", "message_id", message_ids, now)

    def fail(self, mail_id: str, reasons: Mapping[str, str], now: str) -> None:
        """Record that these were not sent and why."""
        self._update(mail_id, "failed_at", "reason", reasons, now)

    def release(self, batch: Batch, emails: Iterable[str]) -> None:
        """Give the batch's claims back, as if they had never been."""
        for email in emails:
            try:
                self._dynamodb.delete_item(
                    TableName=self._table,
                    Key=_key(batch.mail_id, email),
                    ConditionExpression="campaign_id = :campaign AND #batch = :batch "
                    "AND attribute_not_exists(accepted_at) AND attribute_not_exists(first_event_at)",
                    ExpressionAttributeNames={"#batch": "batch"},
                    ExpressionAttributeValues=to_item({":campaign": batch.campaign_id, ":batch": batch.number}),
                )
            except ClientError as error:
                if not _is_condition(error):
                    raise

    def record_event(self, mail_id: str, email: str, attribute: str, at: str, detail: str) -> str | None:
        """Keep the time of the event's first arrival.

        Returns the campaign of the delivery where this kind of event is new to it, else None: also where the ledger
        has no such delivery, for then the mail was not Hato's, or has been forgotten.
        """
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(mail_id, email),
                UpdateExpression="SET #at = :at, #detail = :detail, "
                "first_event_at = if_not_exists(first_event_at, :at)",
                ConditionExpression="attribute_exists(email) AND (attribute_not_exists(#at) OR #at > :at)",
                ExpressionAttributeNames={
                    "#at": attribute,
                    "#detail": attribute.removesuffix("_at") + "_detail",
                },
                ExpressionAttributeValues=to_item({":at": at, ":detail": detail}),
                ReturnValues="ALL_OLD",
            )
        except ClientError as error:
            if not _is_condition(error):
                raise
            return None
        old = answer.get("Attributes", {})
        return str(old["campaign_id"]["S"]) if attribute not in old and "campaign_id" in old else None

    def _update(self, mail_id: str, time: str, detail: str, details: Mapping[str, str], now: str) -> None:
        statement = f'UPDATE "{self._table}" SET {time} = ? SET {detail} = ? WHERE mail_shard = ? AND email = ?'
        values = [[now, text, _shard(mail_id, email), email] for email, text in details.items()]
        for error in self._execute(statement, values):
            if error is not None:
                raise StatementFailed(f"A record failed: {error['Code']}: {error.get('Message', '')}")

    def _execute(self, statement: str, values: Iterable[Sequence[Any]]) -> list[dict[str, Any] | None]:
        """Run the statement for each row of values, 25 a call; each one's error or None. HTTP 200 is not success."""
        errors: list[dict[str, Any] | None] = []
        rows = iter(values)
        while some := list(islice(rows, _STATEMENTS_PER_CALL)):
            answer = self._dynamodb.batch_execute_statement(
                Statements=[
                    {"Statement": statement, "Parameters": [to_attribute(value) for value in row]} for row in some
                ]
            )
            errors += [response.get("Error") for response in answer["Responses"]]
        return errors

    def _change(
        self,
        mail_id: str,
        email: str,
        expression: str,
        condition: str,
        values: Mapping[str, Any],
        names: Mapping[str, str],
    ) -> bool:
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(mail_id, email),
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeNames=dict(names),
                ExpressionAttributeValues=to_item(values),
            )
        except ClientError as error:
            if not _is_condition(error):
                raise
            return False
        return True


class StatementFailed(Exception):
    """DynamoDB refused a statement for another reason than an existing item."""


def _shard(mail_id: str, email: str) -> str:
    return f"{mail_id}#{shard_tag(shard_of(email))}"


def _key(mail_id: str, email: str) -> dict[str, Any]:
    return to_item({"mail_shard": _shard(mail_id, email), "email": email})


def _is_condition(error: ClientError) -> bool:
    return bool(error.response["Error"]["Code"] == "ConditionalCheckFailedException")
