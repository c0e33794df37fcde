"""All deliveries of one address, to be read or erased, and the mails that they may be of."""

from collections.abc import Iterable
from typing import Any

from chalicelib.aws.deliveries import Deliveries as Ledger
from chalicelib.aws.items import from_item, to_item


class Deliveries:
    """The ledger's items of one address."""

    def __init__(self, dynamodb: Any, table: str, email: str) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._email = email

    def read(self, mail_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The items as they are, by the id of the mail, the oldest claim first."""
        return Ledger(self._dynamodb, self._table).of(self._email, mail_ids)

    def delete(self, mail_ids: Iterable[str]) -> int:
        """Delete them; how many there were."""
        found = self.read(mail_ids)
        for item in found.values():
            key = to_item({"mail_shard": item["mail_shard"], "email": self._email})
            self._dynamodb.delete_item(TableName=self._table, Key=key)
        return len(found)


def mail_ids(dynamodb: Any, mails_table: str, summaries: Iterable[dict[str, Any]]) -> list[str]:
    """The ids of all mails that ever were: those that are stored, and those of campaigns."""
    pages = dynamodb.get_paginator("scan").paginate(TableName=mails_table, ProjectionExpression="mail_id")
    stored = {from_item(item)["mail_id"] for page in pages for item in page["Items"]}
    return sorted(stored | {str(each["mail_id"]) for each in summaries if each.get("mail_id")})
