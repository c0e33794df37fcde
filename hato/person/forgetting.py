"""A person is erased everywhere: the hash first, so that nothing brings the address back; then all that names it.

Every part can be done again, and doing it again does what is left.
"""

import codecs
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.aws.files import Files
from chalicelib.aws.items import to_item
from chalicelib.domain.campaign import CAMPAIGN_FILES
from chalicelib.domain.contact import as_fields
from chalicelib.domain.forgotten import MARKER, forgotten_key, is_about_the_forgotten
from chalicelib.domain.report import Report
from chalicelib.errors import HatoError, ListNotFound
from hato.access import Access
from hato.person.deliveries import Deliveries, mail_ids
from hato.person.erasing import Erased, Eraser
from hato.person.naming import Naming
from hato.person.versions import Versions


class CampaignUnderWay(HatoError):
    """A campaign that has not ended names the person, or may yet."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was erased, and what is left."""

    contacts: int
    deliveries: int
    files: Erased
    named_by: tuple[str, ...]  # other contacts in whose attributes the address stands


class Forgetting:
    """Erases one address from one stage."""

    def __init__(self, access: Access, email: str, say: Callable[[str], None] = lambda words: None) -> None:
        self._access = access
        self._email = email
        self._say = say
        self._naming = Naming(email)
        self._dynamodb, self._s3 = access.client("dynamodb"), access.client("s3")
        self._contacts_table = access.outputs["ContactsTable"]
        self.eraser = Eraser(Versions(self._s3, access.bucket), self._naming)

    def check(self) -> None:
        """Raises CampaignUnderWay."""
        for summary in self._access.campaigns.summaries():
            campaign_id = str(summary["campaign_id"])
            if Report.from_parts(campaign_id, [summary]).has_ended:
                continue
            self._say(f"looking into campaign {campaign_id}, which has not ended")
            if "batches" not in summary:
                raise CampaignUnderWay(
                    f"Campaign {campaign_id} is still reading its list, which may name {self._email}: wait until it "
                    f"has ended, or end it with `hato cancel {campaign_id}`."
                )
            if self._is_in(campaign_id):
                raise CampaignUnderWay(
                    f"Campaign {campaign_id} is under way and names {self._email}: wait until it has ended, or end it "
                    f"with `hato cancel {campaign_id}`."
                )

    def forget(self, now: datetime) -> Forgotten:
        """Do it, all but the uploaded lists, which are the user's own."""
        self._remember(now)
        self._say("looking through the contacts")
        contacts, named_by = self._erase_contacts()
        self._say("looking through the ledger")
        mails = mail_ids(self._dynamodb, self._access.outputs["MailsTable"], self._access.campaigns.summaries())
        ledger = Deliveries(self._dynamodb, self._access.outputs["DeliveriesTable"], self._email)
        deliveries = ledger.delete(mails)
        files = self.eraser.erase(lambda read: self._say(f"{read:,} files read"))
        return Forgotten(contacts, deliveries, files, named_by)

    def _remember(self, now: datetime) -> None:
        """Keep the hash and the day; the marker last, for without the hash it would say nothing."""
        day = now.date().isoformat()
        hashed = forgotten_key(self._access.link_key(), self._email)
        for item in ({"email": hashed, "forgotten_at": day}, {"email": MARKER}):
            self._dynamodb.put_item(TableName=self._contacts_table, Item=to_item(item))

    def _erase_contacts(self) -> tuple[int, tuple[str, ...]]:
        """How many items were deleted, whatever spelling they stood under, and who else names the address."""
        erased, named_by = 0, list[str]()
        for item in self._access.contacts.scan():
            key = str(item["email"])
            if is_about_the_forgotten(item):
                continue
            if self._naming.is_it(key):
                self._dynamodb.delete_item(TableName=self._contacts_table, Key=to_item({"email": key}))
                erased += 1
            elif self._is_named(item):
                named_by.append(key)
        return erased, tuple(sorted(named_by))

    def _is_named(self, item: Mapping[str, Any]) -> bool:
        return any(map(self._naming.named_in, as_fields(item).values()))

    def _is_in(self, campaign_id: str) -> bool:
        try:
            chunks = Files(self._s3, self._access.bucket).read_list(f"{CAMPAIGN_FILES}{campaign_id}/batches.jsonl")
        except ListNotFound:
            return False
        text = codecs.iterdecode(chunks, "utf-8", errors="replace")
        return self._naming.named_in_any(text, are_json=True)
