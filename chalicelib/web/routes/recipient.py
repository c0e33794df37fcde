"""One recipient's history, over the mails that a link is for: for those who may see addresses, and know this one.

The address comes in a form and stands in no link, where logs and histories of browsers would keep it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from chalicelib.domain.facts import CLICKS
from chalicelib.domain.grant import DASHBOARD, Grant
from chalicelib.domain.history import Moment, history
from chalicelib.domain.recipient import AddressInvalid, Recipient, canonical_address
from chalicelib.errors import LinkInvalid, RequestMalformed
from chalicelib.invocation import invocation
from chalicelib.web.page import Answer
from chalicelib.web.recipient_page import Person, recipient_page
from chalicelib.web.routes.answers import html, refusal
from chalicelib.web.routes.gate import Gate
from chalicelib.web.routes.request import PageRequest


class Campaigns(Protocol):
    """The campaigns' own records."""

    def summary(self, campaign_id: str) -> Mapping[str, Any]:
        """The campaign's summary; empty where there is none."""
        ...

    def mail_ids(self) -> Sequence[str]:
        """The mails of all campaigns."""
        ...

    def links(self, campaign_id: str) -> Sequence[str]:
        """The links of the campaign's mail."""
        ...


class Contacts(Protocol):
    """What is known of each address."""

    def get(self, spellings: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
        """The items under these keys, as they are written, where there are any."""
        ...

    def suppressed(self, recipients: Sequence[Recipient]) -> Mapping[str, str]:
        """The reason for each of these addresses that must not be written to."""
        ...


class Deliveries(Protocol):
    """The ledger, by address."""

    def of(self, email: str, mail_ids: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
        """The items of this address, by the id of the mail, the oldest claim first."""
        ...


@dataclass(frozen=True, slots=True)
class RecipientRoute:
    """The route, with what it needs."""

    gate: Gate
    campaigns: Campaigns
    contacts: Contacts
    deliveries: Deliveries

    def __call__(self, campaign_id: str, request: PageRequest) -> Answer:
        """Status, headers and body; without a campaign's id it is the dashboard's."""
        try:
            if request.is_from_elsewhere:
                raise LinkInvalid("This link is not valid.")
            grant = self.gate.open_to_addresses(request.token, campaign_id or DASHBOARD)
            person = self._person(request.form("email").strip(), grant)
        except (LinkInvalid, RequestMalformed) as error:
            return refusal(error, request)
        page = f"../{quote(campaign_id, safe='')}" if campaign_id else "campaigns"
        back = f"{page}?{urlencode({'token': request.token})}"
        return html(recipient_page(person, request.language, back=back), request)

    def _person(self, typed: str, grant: Grant) -> Person:
        invocation.keep_secret(typed)
        try:
            email = canonical_address(typed)
        except AddressInvalid as error:
            raise RequestMalformed(error.reason) from None
        # A contact put by hand may be filed under its address as somebody typed it.
        contacts = self.contacts.get((email, typed))
        suppressed = self.contacts.suppressed([Recipient(0, email, {"typed": typed})])
        mails = tuple(self._mails(email, self._mail_ids(grant)))
        return Person(email, contacts.get(email) or contacts.get(typed), suppressed.get(email, ""), mails)

    def _mail_ids(self, grant: Grant) -> Sequence[str]:
        """The mails that a link is for: its campaign's, or that of every campaign."""
        if grant.allows(DASHBOARD):
            return self.campaigns.mail_ids()
        mail_id = self.campaigns.summary(grant.subject).get("mail_id")
        return [str(mail_id)] if mail_id else []

    def _mails(self, email: str, mail_ids: Sequence[str]) -> Iterator[tuple[str, str, Sequence[Moment]]]:
        """What happened to each mail, the newest first."""
        found = self.deliveries.of(email, mail_ids)
        for mail_id, item in reversed(list(found.items())):
            campaign_id = str(item.get("campaign_id", ""))
            links = self.campaigns.links(campaign_id) if item.get(CLICKS) else ()
            yield mail_id, campaign_id, history(item, links)
