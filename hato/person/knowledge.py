"""Everything that Hato knows of one address, gathered from where it lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.domain.contact import is_contact
from chalicelib.domain.delivery import Settling
from chalicelib.domain.recipient import Recipient
from chalicelib.steps.clock import timestamp
from hato.access import Access
from hato.person.address import what_was_changed
from hato.person.deliveries import Deliveries, mail_ids
from hato.person.judgement import timeline, what_now

# The stage's own setting is known to its functions alone; this is what it is unless somebody changed it.
SETTLING = Settling(timedelta(minutes=15))
NOT_ASKED = "not known: you may not ask SES"


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All about one address; `mail` is the one that was asked about, and may be none that there is."""

    typed: str
    email: str
    contacts: tuple[Mapping[str, Any], ...]
    suppressed: str
    forgotten: bool
    ses: str
    deliveries: Mapping[str, Mapping[str, Any]]
    now: datetime
    mail: str = ""
    is_mail_known: bool = True

    @property
    def verdict(self) -> str:
        """What Hato would do now."""
        if self.mail and not self.is_mail_known:
            return f"There is no mail {self.mail!r}. {self._of_any_mail}"
        if self.mail:
            return what_now(self.deliveries.get(self.mail), self.suppressed, self.now, SETTLING)
        return self._of_any_mail

    @property
    def _of_any_mail(self) -> str:
        if self.suppressed:
            return f"Send it nothing. {self.suppressed}"
        is_one = any(map(is_contact, self.contacts))
        broadcasts = "broadcasts too" if is_one else "but no broadcast, for it is no contact"
        return f"Send it any mail that it has not had; {broadcasts}."

    def to_document(self) -> dict[str, Any]:
        """All of it as a JSON object."""
        return {
            "email": self.email,
            "changed": what_was_changed(self.typed, self.email),
            "contacts": [_plain(item) for item in self.contacts],
            "suppressed": self.suppressed,
            "forgotten": self.forgotten,
            "ses_suppression_list": self.ses,
            "deliveries": [
                {
                    "mail_id": mail_id,
                    **_plain({name: value for name, value in item.items() if name not in ("mail_shard", "email")}),
                    "timeline": [{"at": at, "what": what} for at, what in timeline(item)],
                    "now": what_now(item, self.suppressed, self.now, SETTLING),
                }
                for mail_id, item in self.deliveries.items()
            ],
            "now": self.verdict,
        }


def gather(access: Access, typed: str, email: str, mail: str, now: datetime) -> Knowledge:
    """Ask the tables and SES."""
    dynamodb, contacts = access.client("dynamodb"), access.contacts
    spelling = typed.strip()
    mails = mail_ids(dynamodb, access.outputs["MailsTable"], access.campaigns.summaries())
    # The rule is the one that is asked before every send, so that this cannot say anything else.
    suppressed = contacts.suppressed([Recipient(0, email, {"typed": spelling})])
    return Knowledge(
        typed=typed,
        email=email,
        contacts=tuple(contacts.get({email, spelling}).values()),
        suppressed=suppressed.get(email, ""),
        forgotten=bool(contacts.forgotten({email})),
        ses=_ask_ses(access.client("sesv2"), email),
        deliveries=Deliveries(dynamodb, access.outputs["DeliveriesTable"], email).read(mails),
        now=now,
        mail=mail,
        is_mail_known=mail in mails,
    )


def _ask_ses(sesv2: Any, email: str) -> str:
    """Whether and why the address is on the account's suppression list, in words."""
    try:
        found = sesv2.get_suppressed_destination(EmailAddress=email)["SuppressedDestination"]
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code == "NotFoundException":
            return "not on it"
        if "AccessDenied" in code or "NotAuthorized" in code:
            return NOT_ASKED
        raise
    return f"on it since {timestamp(found['LastUpdateTime'])}: {found['Reason'].lower()}"


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: sorted(value) if isinstance(value, set) else value for name, value in item.items()}
