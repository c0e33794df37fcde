"""The Contacts table."""

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from chalicelib.aws.contact_marks import ContactMarks
from chalicelib.aws.reading import batch_get
from chalicelib.aws.scanning import scan
from chalicelib.domain.contact import SUPPRESSIONS, as_fields, is_in_good_standing, why_suppressed
from chalicelib.domain.forgotten import MARKER, NOBODY_AT_ALL, REASON, forgotten_key
from chalicelib.domain.recipient import Recipient

_SUPPRESSING = ", ".join(("email", "haserror", *SUPPRESSIONS))


class Contacts(ContactMarks):
    """What is known of each address, over all campaigns."""

    def suppressed(self, recipients: Sequence[Recipient]) -> dict[str, str]:
        """The reason for each of these addresses that must not be written to."""
        # A contact put by hand may be filed under its address as somebody typed it, so both forms are asked for.
        spellings = {person.email: person.email for person in recipients}
        for person in recipients:
            spellings.update({v: person.email for v in person.fields.values() if v.lower() == person.email})
        emails = set(spellings.values())
        # What was written within the last second may be missed; so it might if it were written a second later.
        found = {item["email"]: item for item in self._get((*spellings, MARKER), _SUPPRESSING, consistent=False)}
        erased = self._erased(emails) if found.pop(MARKER, None) else set[str]()
        reasons = {spellings[email]: why for email, item in found.items() if (why := why_suppressed(item))}
        return reasons | dict.fromkeys(erased | (emails & {NOBODY_AT_ALL}), REASON)

    def forgotten(self, emails: Collection[str]) -> set[str]:
        """Those of these canonical addresses that were erased on request."""
        return self._erased(emails) if any(self._get((MARKER,), "email")) else set()

    def in_good_standing(self, where: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
        """The attributes of every contact that may be written to, as text; `email` among them.

        `where` names attributes and what each must be, as text. The table is read to its end, whatever its size.
        """
        with closing(self.scan()) as items:
            yield from (as_fields(item) for item in items if is_in_good_standing(item, where))

    def scan(self) -> Generator[dict[str, Any]]:
        """Every item of the table, in no order: also those that are no contacts."""
        return scan(self._dynamodb, self._table)

    def get(self, spellings: Collection[str]) -> dict[str, dict[str, Any]]:
        """The items under these keys, as they are written, where there are any."""
        return {item["email"]: item for item in self._get(spellings, "")}

    def is_unsubscribed(self, email: str) -> bool:
        """Whether this address is out of all mailings by its owner's wish."""
        return any(item.get("unsubscribed_at") for item in self._get((email,), "unsubscribed_at"))

    def _erased(self, emails: Collection[str]) -> set[str]:
        """Those of them that were erased, where it is known that anybody was."""
        if self._forgotten_key is None or not emails:
            return set()
        key = self._forgotten_key()
        hashes = {forgotten_key(key, email): email for email in emails}
        return {hashes[item["email"]] for item in self._get(hashes, "email")}

    def _get(self, keys: Collection[str], attributes: str, consistent: bool = True) -> Iterator[dict[str, Any]]:
        wanted = [{"email": key} for key in dict.fromkeys(keys)]
        return batch_get(self._dynamodb, self._table, wanted, attributes, self._run_all, consistent)
