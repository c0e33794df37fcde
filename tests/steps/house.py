"""All that sends a batch, of fakes, and the state machine that calls again until it is done."""

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from datetime import timedelta
from itertools import count
from typing import Any

from chalicelib.domain import pacing
from chalicelib.domain.batch import Batch, BatchMessage
from chalicelib.domain.delivery import Settling
from chalicelib.domain.facts import Fact
from chalicelib.domain.mail import Mail
from chalicelib.domain.outcome import Outcome, OutcomeKind
from chalicelib.domain.recipient import Recipient
from chalicelib.domain.unsubscribe import UnsubscribeLinks
from chalicelib.steps.clock import timestamp
from chalicelib.steps.courier import Courier
from chalicelib.steps.finish_campaign import FinishCampaign
from chalicelib.steps.send_batch import SendBatch
from tests.fakes.campaigns import FakeCampaigns
from tests.fakes.clock import FakeClock
from tests.fakes.contacts import FakeContacts
from tests.fakes.executor import OneAtATime
from tests.fakes.files import FakeFiles
from tests.fakes.ledger import FakeLedger
from tests.fakes.mailer import FakeMailer
from tests.fakes.mails import FakeMails
from tests.fakes.moments import Moments, PowerCut
from tests.fakes.notify import FakeNotify
from tests.fakes.pacer import FakePacer
from tests.fakes.tasks import FakeTasks

SETTLING = Settling(timedelta(minutes=15))
NONE = dict.fromkeys((kind.value for kind in OutcomeKind), 0)
LINKS = UnsubscribeLinks("a key of the tests", "https://pages.example.com/")
PAIRS = 4.0  # mails a second: at this rate a call takes two, and the next leaves GAP seconds later
GAP = pacing.call_interval(PAIRS, 2)
MAIL = Mail("m1", "Hello {{ name }}", "{{ 100 // (n | int) }}")


class Broken(Exception):
    """Something that nobody foresaw."""


def fail() -> None:
    """Happens at a moment, and was not foreseen."""
    raise Broken("the line is dead")


def address(name: str) -> str:
    return f"{name}@example.com"


def batch(names: str, campaign: str = "c1", number: int = 0, **fields: str) -> Batch:
    """A batch of one recipient for each letter, whose row is the letter's place in the alphabet."""
    people = [Recipient(ord(name) - 96, address(name), {"name": name.upper(), "n": "1"} | fields) for name in names]
    return Batch(campaign, "m1", number, tuple(people))


class House:
    """One stage of Hato, in memory."""

    def __init__(
        self,
        rate: float = 100.0,
        settling: Settling = SETTLING,
        side_by_side: Callable[[], Executor] = OneAtATime,
    ) -> None:
        self._tries = count(1)
        self.moments = Moments()
        self.clock = FakeClock()
        self.notify = FakeNotify()
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
            courier=Courier(
                campaigns=self.campaigns,
                ledger=self.ledger,
                pacer=self.pacer,
                mailer=self.mailer,
                clock=self.clock,
                side_by_side=side_by_side,
            ),
            files=self.files,
            tasks=self.tasks,
            clock=self.clock,
            settling=settling,
            new_claimant=lambda: f"try {next(self._tries)}",
            links=lambda: LINKS,
        )

    def deliver(self, batch: Batch, seconds: float = 60.0, token: str = "token") -> Any:  # noqa: S107 - a task token, no password
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

    def crash(self, batch: Batch, moment: str, nth: int = 0) -> None:
        """A delivery of the batch that ends with the power, at the moment's nth coming."""
        for _ in range(nth):
            self.moments.at(moment, lambda: None)
        self.moments.cut(moment)
        with suppress(PowerCut):
            self.deliver(batch)
            raise AssertionError(f"The moment {moment!r} never came.")

    def close(self, campaign: str, error: dict[str, str] | None = None) -> dict[str, Any]:
        """One try of writing the campaign's report."""
        finish = FinishCampaign(self.files, self.campaigns, self.ledger, self.clock, SETTLING.time, self.notify)
        return finish(campaign, error)

    def event(self, name: str, attribute: str = "delivered_at") -> None:
        """An event of the mail to this address arrives."""
        self.ledger.add_fact("m1", address(name), Fact(attribute, timestamp(self.clock.now())))

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

    def calls(self) -> list[str]:
        """The calls to SES in their order, as letters."""
        return ["".join(email[0] for email in call) for call in self.mailer.calls]

    def departures(self) -> list[float]:
        """How long after this moment each call leaves; filled while they do."""
        left, start = list[float](), self.clock.seconds()
        for _ in range(100):
            self.moments.at("before send", lambda: left.append(self.clock.seconds() - start))
        return left

    def after_call(self, number: int, action: Callable[[], object]) -> None:
        """Let this happen while SES answers the call of this number, counted from 1."""
        for _ in range(number - 1):
            self.moments.at("after send", lambda: None)
        self.moments.at("after send", action)

    def begin_campaign(self) -> None:
        """The campaign c1 is sending."""
        self.campaigns.create("c1", "s", "m1", "t")
        self.campaigns.prepared("c1", "m1", "arn", {"rows": 26, "batches": 1})
