"""A stage of Hato, with everything in it that can name a person, on moto."""

import json
from typing import Any

from chalicelib.aws.campaigns import Campaigns
from chalicelib.aws.contacts import Contacts
from chalicelib.aws.files import Files
from chalicelib.aws.items import from_item, to_item
from chalicelib.domain.batch import Batch
from chalicelib.domain.campaign import Status
from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.recipient import Recipient, shard_of, shard_tag
from tests.contracts.conftest import make_table

TARO, HANAKO = "taro@example.com", "hanako@example.com"
AT = "2026-01-31T08:00:00.000Z"
KEY = "a key"


class Stage:
    """What `Access` is to a deployed Hato."""

    stack = "hato-test"
    bucket = "uploads"

    def __init__(self, clients: dict[str, Any]) -> None:
        self._clients = clients
        self._s3, self._dynamodb = clients["s3"], clients["dynamodb"]
        self._s3.create_bucket(Bucket=self.bucket)
        self._s3.put_bucket_versioning(Bucket=self.bucket, VersioningConfiguration={"Status": "Enabled"})
        self.outputs = {
            "ContactsTable": make_table(self._dynamodb, "email"),
            "DeliveriesTable": make_table(self._dynamodb, "mail_shard", "email"),
            "MailsTable": make_table(self._dynamodb, "mail_id"),
            "CampaignsTable": make_table(self._dynamodb, "campaign_id", "part"),
        }
        self.campaigns = Campaigns(self._dynamodb, self.outputs["CampaignsTable"])
        self.contacts = Contacts(self._dynamodb, self.outputs["ContactsTable"], forgotten_key=self.link_key)
        self.files = Files(self._s3, self.bucket)

    def client(self, service: str) -> Any:
        return self._clients[service]

    def link_key(self) -> str:
        return KEY

    # ── what is in it ───────────────────────────────────────────────────────────────────────────────────────────────

    def campaign(self, campaign_id: str, mail_id: str = "m1", status: Status = Status.FINISHED) -> None:
        """A campaign to Taro and Hanako, with all its files; its report was written twice."""
        self.campaigns.create(campaign_id, "lists/m1/people.csv", mail_id, AT)
        self.campaigns.prepared(campaign_id, mail_id, "arn", {"rows": 3, "invalid": 0, "duplicate": 1, "batches": 1})
        people = (Recipient(2, TARO, {"email": "Taro@Example.com", "name": "T."}), Recipient(3, HANAKO, {"name": "H."}))
        self.files.write_batches(campaign_id, [Batch(campaign_id, mail_id, 0, people).to_line()])
        sent = [Outcome(person.row, person.email, OutcomeKind.ACCEPTED, "", f"id-{person.row}") for person in people]
        duplicate = Outcome(4, "Taro <taro@example.com>", OutcomeKind.DUPLICATE, "An earlier row has the same address.")
        self.files.write_outcomes(campaign_id, 0, sent)
        self.files.write_unsent(campaign_id, 1, 0, sent)
        self.files.write_rejected(campaign_id, [duplicate])
        for _ in range(2):
            self.files.write_report(campaign_id, [*sent, duplicate])
        self.upload(f"campaigns/{campaign_id}/run/SUCCEEDED_0.json", json.dumps([{"Input": json.dumps({"to": TARO})}]))
        self.upload(f"campaigns/{campaign_id}/run/manifest.json", "{}")
        self.upload(f"campaigns/{campaign_id}/mail.json", json.dumps({"body": f"Write to {TARO}"}))
        for person in people:
            self.deliver(mail_id, person.email, campaign_id)
        if status is Status.FINISHED:
            self.campaigns.finish(campaign_id, status, "", {"accepted": 2}, AT)

    def upload(self, key: str, text: str, encoding: str = "utf-8") -> None:
        self._s3.put_object(Bucket=self.bucket, Key=key, Body=text.encode(encoding), ContentType="text/x-test")

    def deliver(self, mail_id: str, email: str, campaign_id: str) -> None:
        key = {"mail_shard": f"{mail_id}#{shard_tag(shard_of(email))}", "email": email}
        item = key | {"campaign_id": campaign_id, "claimed_at": AT, "accepted_at": AT}
        self._dynamodb.put_item(TableName=self.outputs["DeliveriesTable"], Item=to_item(item))

    def contact(self, email: str, **attributes: Any) -> None:
        item = to_item({"email": email, **attributes})
        self._dynamodb.put_item(TableName=self.outputs["ContactsTable"], Item=item)

    # ── what is left of it ──────────────────────────────────────────────────────────────────────────────────────────

    def items(self, output: str) -> list[dict[str, Any]]:
        return [from_item(item) for item in self._dynamodb.scan(TableName=self.outputs[output])["Items"]]

    def content(self) -> dict[tuple[str, str], str]:
        """Every version of every file, by its key and its id."""
        found = self._s3.list_object_versions(Bucket=self.bucket).get("Versions", ())
        read = self._s3.get_object
        return {
            (each["Key"], each["VersionId"]): read(Bucket=self.bucket, Key=each["Key"], VersionId=each["VersionId"])[
                "Body"
            ]
            .read()
            .decode("utf-8", "replace")
            for each in found
        }

    def where(self, email: str) -> set[str]:
        """The tables and files, old versions too, that name this address, in whatever letters."""
        tables = {name for name in self.outputs if email in str(self.items(name)).lower()}
        return tables | {key for (key, _), text in self.content().items() if email in text.lower()}
