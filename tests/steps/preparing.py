"""All that prepares a campaign, of fakes."""

import math
from typing import Any

from chalicelib.domain.mail import Mail
from chalicelib.steps.prepare_batches import PrepareBatches
from chalicelib.steps.rejections import SpooledRejections
from tests.fakes.campaigns import FakeCampaigns
from tests.fakes.clock import FakeClock
from tests.fakes.contacts import FakeContacts
from tests.fakes.files import FakeFiles
from tests.fakes.mails import FakeMails
from tests.fakes.pacer import FakePacer

LIST = {"file_name": "lists/m1/members.csv", "mail_id": "m1"}
TEXT = {"file_name": "broadcasts/news.txt", "mail_id": "m1"}
MAIL = Mail("m1", "Hello {{ name }}", "Body")


class House:
    """The campaign c1, and what it is made of."""

    def __init__(self, rate: float = 100.0, daily: float = math.inf) -> None:
        self.clock = FakeClock()
        self.mails = FakeMails(MAIL)
        self.contacts = FakeContacts()
        self.files = FakeFiles()
        self.campaigns = FakeCampaigns()
        self.pacer = FakePacer(self.clock, rate, daily=daily)
        self.step = PrepareBatches(
            mails=self.mails,
            contacts=self.contacts,
            lists=self.files,
            files=self.files,
            campaigns=self.campaigns,
            account=self.pacer,
            clock=self.clock,
            new_rejections=SpooledRejections,
        )

    def prepare(self, document: dict[str, Any] = LIST) -> dict[str, Any]:
        return self.step("c1", "arn:execution", document)

    def refuse(self, document: dict[str, Any] = LIST) -> tuple[str, str]:
        """Prepare what cannot be sent; the name of what is wrong, and the sentence."""
        answer = self.prepare(document)
        return answer["Error"], answer["Cause"]

    def upload(self, *lines: str, header: str = "email,name") -> None:
        self.files.uploaded[LIST["file_name"]] = "\n".join([header, *lines, ""]).encode()

    def say(self, file_name: str = LIST["file_name"], **said: str) -> None:
        """Say this of the upload, as metadata."""
        self.files.said[file_name] = {name.replace("_", "-"): value for name, value in said.items()}

    def contact(self, email: str, **attributes: Any) -> None:
        self.contacts.items[email] = {"email": email, **attributes}

    def people(self) -> list[tuple[int, str]]:
        """Row and address of all who are to be sent to."""
        return [(who.row, who.email) for batch in self.files.batches("c1") for who in batch.recipients]

    def rejected(self) -> list[tuple[int, str]]:
        return [(each.row, each.kind.value) for each in self.files.rejections["c1"]]
