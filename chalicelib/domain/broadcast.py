"""A broadcast: contacts in the place of a list's rows, judged by the same rules."""

from collections.abc import Iterable, Iterator

from chalicelib.domain.fields import RowInvalid, cleaned
from chalicelib.domain.mailing_list import Rejected
from chalicelib.domain.recipient import AddressInvalid, Recipient, canonical_address
from chalicelib.domain.template import Template, merge_fields
from chalicelib.errors import MergeFieldMissing


def contact_rows(contacts: Iterable[dict[str, str]], template: Template) -> Iterator[Recipient | Rejected]:
    """Contacts as rows. Each may have attributes of its own, so a missing field rejects the contact alone, unless
    every contact lacks it."""
    seen: set[str] = set()
    columns: set[str] = set()
    complete = 0
    for number, fields in enumerate(contacts, 1):
        raw = fields.get("email", "")
        columns |= fields.keys()
        missing = sorted(template.fields - merge_fields(fields, raw).keys())
        try:
            email = canonical_address(raw)
            fields = dict(zip(fields, cleaned(list(fields), list(fields.values()), "UTF-8"), strict=True))
        except (AddressInvalid, RowInvalid) as error:
            yield Rejected(number, raw[:254], "invalid", str(error))
            continue
        if email in seen:
            yield Rejected(number, raw, "duplicate", "Another contact has the same address.")
        elif missing:
            yield Rejected(number, raw, "invalid", f"The contact has no {', '.join(missing)}.")
        else:
            complete += 1
            yield Recipient(number, email, fields)
        seen.add(email)
    if seen and not complete:
        template.check_columns(sorted(columns))
        raise MergeFieldMissing("No contact has all the fields that the mail uses.")
