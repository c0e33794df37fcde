"""The Mails table."""

from collections.abc import Iterator
from typing import Any

from chalicelib.aws.items import from_item, to_item
from chalicelib.domain.mail import Mail
from chalicelib.errors import MailNotFound


class Mails:
    """Mails by their id."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def get(self, mail_id: str) -> Mail:
        """The mail. Raises MailNotFound or MailInvalid."""
        answer = self._dynamodb.get_item(TableName=self._table, Key=to_item({"mail_id": mail_id}), ConsistentRead=True)
        if "Item" not in answer:
            raise MailNotFound(
                f"There is no mail {mail_id!r} in the table {self._table}: put it there with `hato mail put`."
            )
        return Mail.from_document(from_item(answer["Item"]))

    def put(self, mail: Mail) -> None:
        """Store the mail under its id, in the place of the one that was there."""
        self._dynamodb.put_item(TableName=self._table, Item=to_item(mail.to_document()))

    def subjects(self) -> Iterator[tuple[str, str]]:
        """The id and the subject of every mail, in no order."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table,
            ProjectionExpression="mail_id, #subject",
            ExpressionAttributeNames={"#subject": "subject"},
        )
        for page in pages:
            for item in map(from_item, page["Items"]):
                yield str(item["mail_id"]), str(item.get("subject", ""))
