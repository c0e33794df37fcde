"""Batches that follow each other keep to the rate, whatever their sizes: with the fake's pace and with DynamoDB's."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from chalicelib.domain.batch import Batch
from chalicelib.domain.delivery import Claim
from chalicelib.domain.mail import Mail, Rendered
from chalicelib.domain.parcel import Parcel, SendResult
from chalicelib.domain.recipient import Recipient
from chalicelib.steps.courier import Courier
from chalicelib.steps.triage import Progress
from tests.contracts.pacers import FAR, FakeAccount, Workers
from tests.fakes.campaigns import FakeCampaigns
from tests.fakes.clock import FakeClock
from tests.fakes.executor import OneAtATime
from tests.fakes.ledger import FakeLedger
from tests.fakes.mailer import FakeMailer
from tests.fakes.pacer import FakePacer
from tests.seconds import most_in

MAIL = Mail("m1", "", "")


class TimedMailer(FakeMailer):
    """SES, which notes when each call arrived and how many recipients it had."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__()
        self.arrived: list[tuple[float, int]] = []
        self._clock = clock

    def send(self, mail: Mail, campaign_id: str, parcels: Sequence[Parcel]) -> list[SendResult]:
        self.arrived.append((self._clock.seconds(), len(parcels)))
        return super().send(mail, campaign_id, parcels)


class Street:
    """A courier that sends one batch after another."""

    def __init__(self, pacer: Any, clock: FakeClock) -> None:
        self.ledger, self.mailer = FakeLedger(), TimedMailer(clock)
        self._courier = Courier(FakeCampaigns(), self.ledger, pacer, self.mailer, clock, OneAtATime)
        self._clock = clock

    def send(self, sizes: Sequence[int]) -> list[tuple[float, int]]:
        """Send batches of these sizes; when each call arrived, and its size."""
        for number, size in enumerate(sizes):
            people = [Recipient(row, f"{number}-{row}@example.com", {}) for row in range(size)]
            claim = Claim(Batch("c1", "m1", number, tuple(people)), f"try {number}", "2026-01-31T08:00:00.000Z")
            self.ledger.claim(claim, people)
            parcels = [Parcel(person, Rendered("", "", "")) for person in people]
            self._courier.deliver(claim, MAIL, parcels, FAR, Progress())
        assert len(self.mailer.inbox) == sum(sizes)
        return self.mailer.arrived


@pytest.fixture(params=["fake", "dynamodb"])
def street(request: pytest.FixtureRequest) -> Callable[[float], Street]:
    """Makes a street of an account with this rate."""

    def make(rate: float) -> Street:
        if request.param == "fake":
            clock = FakeClock()
            return Street(FakePacer(clock, rate), clock)
        workers = Workers(request.getfixturevalue("moto_dynamodb"), FakeAccount(rate, -1.0))
        return Street(workers.one(), workers.clock)

    return make


@pytest.mark.parametrize(
    ("rate", "sizes"),
    [(0.9, [4, 4]), (14, [70, 70, 63]), (51, [255, 255, 250]), (101, [500, 493]), (900, [500] * 4 + [487])],
)
def test_no_second_of_large_batches_holds_more_than_the_rate(street, rate, sizes):
    arrived = street(rate).send(sizes)
    assert most_in(1.0, arrived) <= max(1, rate)
    seconds = arrived[-1][0] - arrived[0][0]
    assert sum(sizes) / seconds > 0.9 * rate, "so slow that it proves nothing"


@pytest.mark.parametrize(
    ("rate", "sizes"),
    [(14, [14, 3, 14]), (14, [3, 3, 3, 14]), (50, [50, 10, 50]), (60, [30, 7, 300]), (200, [500, 20, 500])],
)
def test_no_second_with_a_batch_of_less_than_a_call_in_it_holds_more_than_the_rate(street, rate, sizes):
    # The end of each list is such a batch, one of whom most had the mail before, and what is left to be tried again.
    assert most_in(1.0, street(rate).send(sizes)) <= rate
