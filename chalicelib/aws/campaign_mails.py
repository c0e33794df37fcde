"""The mail of a campaign, compiled once and kept while the Lambda is warm."""

from functools import lru_cache
from typing import TYPE_CHECKING

from chalicelib.aws.files import Files
from chalicelib.aws.mails import Mails

if TYPE_CHECKING:
    from chalicelib.domain.template import Template


class CampaignMails:
    """The mails as the campaigns keep them."""

    def __init__(self, files: Files, mails: Mails) -> None:
        self._files = files
        self._mails = mails
        self.template = lru_cache(maxsize=8)(self._template)

    def _template(self, campaign_id: str, mail_id: str) -> "Template":
        """The campaign's mail, ready to be filled in. Raises MailNotFound or MailInvalid.

        A batch that somebody put into the queue by hand has no campaign files; its mail comes from the table.
        """
        from chalicelib.domain.template import Template  # here: a batch may end before it comes to a mail

        return Template(self._files.mail(campaign_id) or self._mails.get(mail_id))
