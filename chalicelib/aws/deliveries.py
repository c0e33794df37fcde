"""All deliveries of one address: the ledger is kept by mail, so each mail is asked for."""

from collections.abc import Iterable
from typing import Any

from chalicelib.aws.reading import batch_get
from chalicelib.domain.recipient import shard_of, shard_tag


class Deliveries:
    """The ledger's items by address."""

    def __init__(self, dynamodb: Any, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def of(self, email: str, mail_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The items of this address as they are, by the id of the mail, the oldest claim first."""
        shard = shard_tag(shard_of(email))
        mails = {f"{mail_id}#{shard}": mail_id for mail_id in mail_ids}
        wanted = [{"mail_shard": mail_shard, "email": email} for mail_shard in mails]
        items = batch_get(self._dynamodb, self._table, wanted)
        ordered = sorted(items, key=lambda item: str(item.get("claimed_at", "")))
        return {mails[item["mail_shard"]]: item for item in ordered}
