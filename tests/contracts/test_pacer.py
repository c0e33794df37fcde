"""The pace: the fake and DynamoDB promise the same."""

import random
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest

from chalicelib.aws.pacer import Pacer
from chalicelib.domain.pacing import Reservation
from chalicelib.errors import DailyQuotaReached, SendingThrottled
from tests.contracts.conftest import make_table
from tests.fakes.clock import FakeClock
from tests.fakes.pacer import FakePacer

FAR = 1e12
CLOSE = 1e-4  # the table keeps microseconds


class FakeAccount:
    """SES, as far as its limits go."""

    def __init__(self, rate: float = 10.0, daily: float = 50_000.0) -> None:
        self.quota = {"MaxSendRate": rate, "Max24HourSend": daily, "SentLast24Hours": 0.0}
        self.asked = 0

    def get_account(self) -> dict[str, Any]:
        self.asked += 1
        return {"SendQuota": self.quota}


class TestPacer:
    """A pace of 10 mails a second, and a clock that stands still."""

    @pytest.fixture
    def clock(self) -> FakeClock:
        return FakeClock()

    @pytest.fixture(params=["fake", "dynamodb"])
    def pacer(self, request: pytest.FixtureRequest, clock: FakeClock) -> Any:
        if request.param == "fake":
            return FakePacer(clock, rate=10.0)
        dynamodb = request.getfixturevalue("moto_dynamodb")
        table = make_table(dynamodb, "campaign_id", "part")
        return Pacer(dynamodb, table, lambda: FakeAccount(), 1.0, clock.seconds)

    def test_who_finds_nobody_sending_starts_now(self, pacer, clock):
        reservation = pacer.reserve(20, FAR)
        assert reservation.start == pytest.approx(clock.seconds(), abs=CLOSE)
        assert reservation.end == pytest.approx(clock.seconds() + 2, abs=CLOSE)
        assert reservation.slot(10) == pytest.approx(clock.seconds() + 1, abs=CLOSE)

    def test_who_comes_second_starts_where_the_first_ends(self, pacer):
        first, second = pacer.reserve(20, FAR), pacer.reserve(5, FAR)
        assert second.start == pytest.approx(first.end, abs=CLOSE)
        assert second.interval == pytest.approx(0.1, abs=CLOSE)

    def test_who_comes_after_a_pause_starts_now_and_not_in_the_past(self, pacer, clock):
        pacer.reserve(20, FAR)
        clock.turn(seconds=60)
        assert pacer.reserve(5, FAR).start == pytest.approx(clock.seconds(), abs=CLOSE)

    def test_time_that_ends_just_by_the_deadline_is_given(self, pacer, clock):
        pacer.reserve(20, FAR)
        assert pacer.reserve(10, clock.seconds() + 3.01).count == 10

    def test_time_that_would_end_after_the_deadline_is_not_taken_from_others(self, pacer, clock):
        first = pacer.reserve(20, FAR)
        with pytest.raises(SendingThrottled):
            pacer.reserve(10, clock.seconds() + 2.9)
        assert pacer.reserve(9, clock.seconds() + 2.95).start == pytest.approx(first.end, abs=CLOSE)

    def test_a_batch_too_large_for_its_lambda_starts_all_the_same_where_nobody_sends(self, pacer, clock):
        # Were it refused, it would be refused for ever: so it sends what it can, and comes back for the rest.
        assert pacer.reserve(100, clock.seconds() + 1).start == pytest.approx(clock.seconds(), abs=CLOSE)

    def test_the_rate_is_the_accounts(self, pacer):
        assert pacer.rate() == pacer.refresh_rate() == 10.0


@pytest.fixture
def table(moto_dynamodb: Any) -> str:
    return make_table(moto_dynamodb, "campaign_id", "part")


def test_reservations_of_several_pacers_never_overlap_and_keep_the_rate(moto_dynamodb, table):
    clock, account = FakeClock(), FakeAccount(rate=50.0)
    pacers = [Pacer(moto_dynamodb, table, lambda: account, 1.0, clock.seconds) for _ in range(5)]
    chance, taken = random.Random(7), list[Reservation]()
    for _ in range(60):
        taken.append(chance.choice(pacers).reserve(chance.randint(1, 100), FAR))
        assert taken[-1].start >= clock.seconds() - CLOSE
        clock.turn(seconds=chance.choice([0, 0, 0.1, 1, 10]))
    for earlier, later in pairwise(taken):
        assert later.start >= earlier.end - CLOSE
    assert all(each.interval == pytest.approx(1 / 50, abs=CLOSE) for each in taken)


@pytest.mark.cloud
def test_pacers_that_reserve_at_the_same_moment_never_get_the_same_slots(cloud_dynamodb):
    table, account, clock = make_table(cloud_dynamodb, "campaign_id", "part"), FakeAccount(rate=10.0), FakeClock()

    def reserve(_: int) -> list[Reservation]:
        pacer = Pacer(cloud_dynamodb, table, lambda: account, 1.0, clock.seconds)
        return [pacer.reserve(5, FAR) for _ in range(10)]

    with ThreadPoolExecutor(4) as pool:
        taken = sorted((each for some in pool.map(reserve, range(4)) for each in some), key=lambda each: each.start)
    assert len(taken) == 40
    for earlier, later in pairwise(taken):
        assert later.start == pytest.approx(earlier.end, abs=CLOSE)


def test_the_share_leaves_room_for_other_mail(moto_dynamodb, table):
    assert Pacer(moto_dynamodb, table, lambda: FakeAccount(rate=14.0), 0.5).refresh_rate() == 7.0


def test_a_share_of_a_sandbox_is_not_less_than_one_mail_a_second(moto_dynamodb, table):
    assert Pacer(moto_dynamodb, table, lambda: FakeAccount(rate=1.0), 0.9).refresh_rate() == 1.0


@pytest.mark.parametrize("account", [FakeAccount(rate=0.0), FakeAccount(daily=0.0)])
def test_an_account_that_may_not_send_at_all_is_told(moto_dynamodb, table, account):
    with pytest.raises(DailyQuotaReached):
        Pacer(moto_dynamodb, table, lambda: account, 0.9).refresh_rate()


def test_an_account_without_a_daily_limit_may_send(moto_dynamodb, table):
    assert Pacer(moto_dynamodb, table, lambda: FakeAccount(rate=10.0, daily=-1.0), 1.0).refresh_rate() == 10.0


def test_a_pacer_takes_the_rate_that_another_has_read(moto_dynamodb, table):
    Pacer(moto_dynamodb, table, lambda: FakeAccount(rate=33.0), 1.0).refresh_rate()
    account = FakeAccount(rate=99.0)
    assert Pacer(moto_dynamodb, table, lambda: account, 1.0).rate() == 33.0
    assert account.asked == 0


def test_a_new_rate_reaches_a_warm_pacer_with_its_next_reservation_and_moves_no_slot(moto_dynamodb, table):
    clock = FakeClock()
    account = FakeAccount(rate=10.0)
    warm = Pacer(moto_dynamodb, table, lambda: account, 1.0, clock.seconds)
    first = warm.reserve(20, FAR)
    Pacer(moto_dynamodb, table, lambda: FakeAccount(rate=100.0), 1.0).refresh_rate()
    assert warm.reserve(20, FAR).start == pytest.approx(first.end, abs=CLOSE)
    assert warm.rate() == 100.0
    assert account.asked == 1


class OvertakenDynamoDb:
    """Before each change of the pace, somebody else has been there."""

    def __init__(self, dynamodb: Any, table: str, times: int) -> None:
        self._dynamodb, self._table, self._times = dynamodb, table, times
        self._now = FakeClock().seconds()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dynamodb, name)

    def update_item(self, **request: Any) -> Any:
        if "ConditionExpression" in request and self._times:
            self._times -= 1
            # Idle when it was asked whether somebody sends, and taken when it was asked whether nobody does.
            slot = self._now + 50 if self._times % 2 == 0 else self._now - 50
            self._dynamodb.update_item(
                TableName=self._table,
                Key=request["Key"],
                UpdateExpression="SET next_slot = :slot",
                ExpressionAttributeValues={":slot": {"N": f"{slot:.6f}"}},
            )
        return self._dynamodb.update_item(**request)


def test_a_pacer_that_was_overtaken_between_two_questions_asks_again(moto_dynamodb, table):
    clock = FakeClock()
    dynamodb = OvertakenDynamoDb(moto_dynamodb, table, times=2)
    reservation = Pacer(dynamodb, table, lambda: FakeAccount(), 1.0, clock.seconds).reserve(5, FAR)
    assert reservation.start == pytest.approx(clock.seconds() + 50, abs=CLOSE)
