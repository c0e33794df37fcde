"""The mails in a dict."""

from chalicelib.domain.mail import Mail
from chalicelib.domain.template import Template
from chalicelib.errors import MailNotFound


class FakeMails:
    """Mails by their id; a campaign finds them as they are now."""

    def __init__(self, *mails: Mail) -> None:
        self.items = {mail.mail_id: mail for mail in mails}

    def get(self, mail_id: str) -> Mail:
        if mail_id not in self.items:
            raise MailNotFound(f"There is no mail {mail_id!r}.")
        return self.items[mail_id]

    def put(self, mail: Mail) -> None:
        self.items[mail.mail_id] = mail

    def template(self, campaign_id: str, mail_id: str) -> Template:
        return Template(self.get(mail_id))
