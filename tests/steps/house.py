"""All that sends a batch, of fakes, and the state machine that calls again until it is done."""

from datetime import timedelta
from typing import Any

from chalicelib.domain.batch import Batch, BatchMessage
from chalicelib.domain.mail import Mail
from chalicelib.domain.outcome import Outcome
from chalicelib.domain.recipient import Recipient
from chalicelib.steps.clock import timestamp
from chalicelib.steps.send_batch import SendBatch
from tests.fakes.campaigns import FakeCampaigns
from tests.fakes.clock import FakeClock
from tests.fakes.contacts import FakeContacts
from tests.fakes.files import FakeFiles
from tests.fakes.ledger import FakeLedger
from tests.fakes.mailer import FakeMailer
from tests.fakes.mails import FakeMails
from tests.fakes.moments import Moments
from tests.fakes.pacer import FakePacer
from tests.fakes.tasks import FakeTasks

SETTLING = timedelta(minutes=15)
MAIL = Mail("m1", "Hello {{ name }}", "{{ 100 // (n | int) }}")


def address(name: str) -> str:
    return f"{name}@example.com"


def batch(names: str, campaign: str = "c1", number: int = 0, **fields: str) -> Batch:
    """A batch of one recipient for each letter, whose row is the letter's place in the alphabet."""
    people = [Recipient(ord(name) - 96, address(name), {"name": name.upper(), "n": "1"} | fields) for name in names]
    return Batch(campaign, "m1", number, tuple(people))


class House:
    """One stage of Hato, in memory."""

    def __init__(self, rate: float = 100.0) -> None:
        self.moments = Moments()
        self.clock = FakeClock()
        self.campaigns = FakeCampaigns(self.moments)
        self.contacts = FakeContacts()
        self.mails = FakeMails(MAIL)
        self.ledger = FakeLedger(self.moments)
        self.pacer = FakePacer(self.clock, rate, self.moments)
        self.mailer = FakeMailer(self.moments)
        self.files = FakeFiles(self.moments)
        self.tasks = FakeTasks(self.moments)
        self.send_batch = SendBatch(
            campaigns=self.campaigns,
            mails=self.mails,
            contacts=self.contacts,
            ledger=self.ledger,
            pacer=self.pacer,
            mailer=self.mailer,
            files=self.files,
            tasks=self.tasks,
            clock=self.clock,
            settling=SETTLING,
        )

    def deliver(self, batch: Batch, seconds: float = 60.0, token: str = "token") -> Any:  # noqa: S107
        """One delivery of the batch's message; what the state machine was told: the totals, or an error's name."""
        self.send_batch(BatchMessage(token, batch), self.clock.seconds() + seconds)
        return self.tasks.told[-1][1]

    def finish(self, batch: Batch) -> dict[str, int]:
        """Deliver the batch again and again, a minute apart, until it is done."""
        for _ in range(60):
            told = self.deliver(batch)
            if isinstance(told, dict):
                return told
            self.clock.turn(minutes=1)
        raise AssertionError(f"The batch was never done: {self.tasks.told[-3:]}")

    def event(self, name: str, attribute: str = "delivered_at") -> None:
        """An event of the mail to this address arrives."""
        self.ledger.record_event("m1", address(name), attribute, timestamp(self.clock.now()), "")

    def arrivals(self, names: str) -> dict[str, int]:
        """How many mails each of these got."""
        return {name: self.mailer.reached().count(address(name)) for name in names}

    def outcomes(self, batch: Batch) -> dict[str, Outcome]:
        """The batch's outcome file, by the letters."""
        return {each.email[0]: each for each in self.files.outcome_files[batch.campaign_id, batch.number]}

    def kinds(self, batch: Batch) -> dict[str, str]:
        """How each row of the batch ended."""
        return {name: outcome.kind.value for name, outcome in self.outcomes(batch).items()}

    def claims(self, names: str) -> set[str]:
        """Which of these the ledger has anything about."""
        return {name for name in names if ("m1", address(name)) in self.ledger.items}
