"""The pace: the fake and DynamoDB promise the same."""

import math
from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.domain.pacing import call_interval, call_size
from chalicelib.errors import CampaignStopped, DailyQuotaReached, SendingThrottled
from tests.contracts.pacers import AGAIN, CLOSE, FAR, SOON, FakeAccount, Workers
from tests.fakes.clock import FakeClock
from tests.fakes.pacer import FakePacer

MakePacer = Callable[..., tuple[Any, FakeClock]]


class TestPacer:
    """A pace of 10 mails a second and 1000 a day, and a clock that stands still."""

    @pytest.fixture(params=["fake", "dynamodb"])
    def make(self, request: pytest.FixtureRequest) -> MakePacer:
        """A pacer of either kind, and its clock."""

        def make(rate: float = 10.0, daily: float = 1000.0) -> tuple[Any, FakeClock]:
            if request.param == "fake":
                clock = FakeClock()
                return FakePacer(clock, rate, daily=daily), clock
            account = FakeAccount(rate, -1.0 if math.isinf(daily) else daily)
            workers = Workers(request.getfixturevalue("moto_dynamodb"), account)
            return workers.one(), workers.clock

        return make

    @pytest.fixture
    def made(self, make: MakePacer) -> tuple[Any, FakeClock]:
        return make()

    @pytest.fixture
    def pacer(self, made: tuple[Any, FakeClock]) -> Any:
        return made[0]

    @pytest.fixture
    def clock(self, made: tuple[Any, FakeClock]) -> FakeClock:
        return made[1]

    # Sending time

    def test_who_finds_nobody_sending_starts_at_once(self, pacer, clock):
        reservation = pacer.reserve(4, 5, 20, FAR)
        assert 0 <= reservation.start - clock.seconds() <= SOON
        assert reservation.interval == pytest.approx(call_interval(10.0, 5), abs=CLOSE)
        assert reservation.calls == 4

    def test_who_comes_second_starts_where_the_first_ends(self, pacer):
        first, second = pacer.reserve(4, 5, 20, FAR), pacer.reserve(2, 10, 20, FAR)
        assert second.start == pytest.approx(first.end, abs=CLOSE)
        assert second.interval == pytest.approx(call_interval(10.0, 10), abs=CLOSE)

    @pytest.mark.parametrize("after_the_end", [-1, -0.001, 0.001, 1, 5, 11, 3600])
    def test_who_comes_later_starts_neither_in_anothers_time_nor_in_the_past(self, pacer, clock, after_the_end):
        first = pacer.reserve(4, 5, 20, FAR)
        clock.sleep_until(first.end + after_the_end)
        start, soonest = pacer.reserve(1, 5, 5, FAR).start, max(first.end, clock.seconds())
        assert soonest - CLOSE <= start <= soonest + SOON

    def test_time_that_ends_just_by_the_deadline_is_given(self, pacer):
        first = pacer.reserve(4, 5, 20, FAR)
        second = pacer.reserve(2, 5, 10, first.end + 2 * call_interval(10.0, 5) + 0.001)
        assert second.calls == 2
        assert second.start == pytest.approx(first.end, abs=CLOSE)

    @pytest.mark.parametrize(("room", "calls"), [(1.001, 1), (1.999, 1), (3.5, 3)])
    def test_where_there_is_no_time_for_all_calls_there_is_for_some(self, pacer, room, calls):
        first = pacer.reserve(4, 5, 20, FAR)
        second = pacer.reserve(4, 5, 20, first.end + room * call_interval(10.0, 5))
        assert second.calls == calls
        assert second.start == pytest.approx(first.end, abs=CLOSE)
        assert second.interval == pytest.approx(call_interval(10.0, 5), abs=CLOSE)
        assert pacer.reserve(1, 5, 5, FAR).start == pytest.approx(second.end, abs=CLOSE)

    @pytest.mark.parametrize("room", [-5, 0, 0.999])
    def test_where_there_is_no_time_for_a_call_none_is_taken_from_others(self, pacer, room):
        first = pacer.reserve(4, 5, 20, FAR)
        with pytest.raises(SendingThrottled):
            pacer.reserve(2, 5, 10, first.end + room * call_interval(10.0, 5))
        assert pacer.reserve(1, 5, 5, FAR).start == pytest.approx(first.end, abs=CLOSE)

    def test_a_batch_too_large_for_its_lambda_starts_all_the_same_where_nobody_sends(self, pacer, clock):
        # Were it refused, it would be refused for ever: so it sends what it can, and comes back for the rest.
        reservation = pacer.reserve(50, 10, 500, clock.seconds() + 1)
        assert 0 <= reservation.start - clock.seconds() <= SOON

    # The pace

    def test_the_limits_are_the_accounts(self, pacer):
        found = pacer.refresh()
        assert (found.rate, found.per_day) == (10.0, 1000.0)
        assert pacer.limits() == found

    def test_calls_are_sized_to_the_rate(self, pacer):
        assert pacer.call_size() == call_size(10.0)
        assert pacer.interval(5) == pytest.approx(call_interval(10.0, 5), abs=CLOSE)

    def test_an_account_without_a_daily_limit_has_none(self, make):
        pacer, _ = make(daily=math.inf)
        assert pacer.refresh().per_day == pacer.limits().per_day == math.inf
        assert pacer.reserve(10**6, 10, 10**7, FAR).calls == 10**6

    def test_a_throttle_slows_down_what_comes_after_it_at_once(self, pacer):
        first = pacer.reserve(4, 5, 20, FAR)
        pacer.throttled()
        assert pacer.call_size() == call_size(7.0) < call_size(10.0)
        assert pacer.interval(5) == pytest.approx(call_interval(7.0, 5), abs=CLOSE)
        second = pacer.reserve(4, 3, 12, FAR)
        assert second.start == pytest.approx(first.end, abs=CLOSE)
        assert second.interval == pytest.approx(call_interval(7.0, 3), abs=CLOSE)

    def test_throttles_of_the_same_moment_count_once(self, pacer, clock):
        for _ in range(3):
            pacer.throttled()
            clock.turn(seconds=0.5)
        clock.turn(seconds=-1.5)
        assert pacer.interval(5) == pytest.approx(call_interval(7.0, 5), abs=CLOSE)

    def test_a_throttle_some_seconds_later_counts_again(self, pacer, clock):
        pacer.throttled()
        clock.turn(seconds=2.5)
        pacer.throttled()
        assert pacer.interval(5) == pytest.approx(call_interval(10 * 0.75 * 0.7, 5), abs=CLOSE)

    def test_the_pace_comes_back_by_and_by(self, pacer, clock):
        pacer.throttled()
        clock.turn(seconds=5)
        assert pacer.interval(5) == pytest.approx(call_interval(8.0, 5), abs=CLOSE)
        clock.turn(seconds=3600)
        assert pacer.call_size() == call_size(10.0)
        assert pacer.reserve(4, 5, 20, FAR).interval == pytest.approx(call_interval(10.0, 5), abs=CLOSE)

    def test_a_throttle_before_anything_was_reserved_counts(self, pacer):
        pacer.throttled()
        assert pacer.reserve(4, 5, 20, FAR).interval == pytest.approx(call_interval(7.0, 5), abs=CLOSE)

    # The day

    def test_the_days_mails_are_reserved_with_the_time_and_no_more_than_there_are(self, pacer):
        pacer.reserve(99, 10, 990, FAR)
        pacer.reserve(1, 10, 10, FAR)
        with pytest.raises(DailyQuotaReached):
            pacer.reserve(1, 1, 1, FAR)

    def test_who_wants_more_than_the_day_has_takes_neither_its_mails_nor_time(self, pacer):
        first = pacer.reserve(99, 10, 990, FAR)
        with pytest.raises(DailyQuotaReached):
            pacer.reserve(2, 10, 11, FAR)
        assert pacer.reserve(1, 10, 10, FAR).start == pytest.approx(first.end, abs=CLOSE)

    def test_who_gets_no_time_takes_none_of_the_days_mails(self, pacer, clock):
        pacer.reserve(1, 10, 10, FAR)
        with pytest.raises(SendingThrottled):
            pacer.reserve(1, 10, 10, clock.seconds())
        assert pacer.reserve(99, 10, 990, FAR).calls == 99

    def test_who_has_taken_mails_of_the_day_already_gets_more_time_when_it_is_used_up(self, pacer):
        pacer.reserve(100, 10, 1000, FAR)
        assert pacer.reserve(2, 10, 0, FAR).calls == 2

    def test_once_ses_has_said_so_the_days_mails_are_used_up_for_a_while(self, pacer, clock):
        pacer.reserve(1, 10, 10, FAR)
        pacer.quota_reached()
        clock.turn(seconds=AGAIN - 1)
        with pytest.raises(DailyQuotaReached):
            pacer.reserve(1, 1, 1, FAR)
        clock.turn(seconds=1)
        assert pacer.reserve(1, 1, 1, FAR).calls == 1

    def test_an_account_that_may_not_send_at_all_is_told(self, make):
        pacer, _ = make(rate=0.0)
        with pytest.raises(CampaignStopped):
            pacer.refresh()
