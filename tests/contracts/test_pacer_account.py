"""The pace: when SES is asked what the account may send, and how often."""

import pytest

from chalicelib.domain.pacing import Limits, call_interval
from chalicelib.errors import CampaignStopped, DailyQuotaReached
from tests.contracts.pacers import CLOSE, FAR, FakeAccount, Workers

# Limits


def test_the_share_leaves_room_for_other_mail(moto_dynamodb):
    workers = Workers(moto_dynamodb, FakeAccount(rate=14.0, daily=1000.0, sent=100.0), share=0.5)
    pacer = workers.one()
    assert pacer.refresh() == pacer.limits() == Limits(7.0, 500.0, ceiling=14.0)
    assert pacer.interval(7) == pytest.approx(call_interval(7.0, 7, 14.0), abs=CLOSE)
    with pytest.raises(DailyQuotaReached):
        pacer.reserve(100, 7, 401, FAR)
    assert pacer.reserve(100, 7, 400, FAR)


def test_a_sandbox_may_send_less_than_a_mail_a_second(moto_dynamodb):
    workers = Workers(moto_dynamodb, FakeAccount(rate=1.0, daily=200.0), share=0.9)
    assert workers.one().refresh() == Limits(0.9, 180.0, ceiling=1.0)
    pacer = workers.one()
    assert pacer.call_size() == 1
    assert pacer.reserve(1, 1, 1, FAR).interval == pytest.approx(call_interval(0.9, 1, 1.0), abs=CLOSE)


@pytest.mark.parametrize("share", [0.1, 1 / 3, 0.7, 0.9])
@pytest.mark.parametrize("rate", [0.7, 14.0, 333.3])
def test_a_rate_with_many_digits_is_the_same_for_who_wrote_and_who_reads_it(moto_dynamodb, rate, share):
    workers = Workers(moto_dynamodb, FakeAccount(rate=rate), share)
    first, second = workers.one(), workers.one()
    first.refresh()
    first.throttled()
    assert (first.call_size(), first.interval(1)) == (second.call_size(), second.interval(1))
    end = first.reserve(3, 1, 3, FAR).end
    assert second.reserve(3, 1, 3, FAR).start == pytest.approx(end, abs=CLOSE)


@pytest.mark.parametrize(
    "account",
    [FakeAccount(rate=0.0), FakeAccount(daily=0.0), FakeAccount(enabled=False)],
    ids=["no rate", "no mails", "paused"],
)
def test_an_account_that_may_not_send_at_all_is_told_to_whoever_asks(moto_dynamodb, account):
    pacer = Workers(moto_dynamodb, account).one()
    for ask in (pacer.refresh, pacer.limits, pacer.call_size, lambda: pacer.reserve(1, 1, 1, FAR)):
        with pytest.raises(CampaignStopped):
            ask()


# How often


def test_ses_is_asked_once_by_all_who_send(moto_dynamodb):
    workers = Workers(moto_dynamodb)
    for pacer in [workers.one() for _ in range(3)]:
        assert pacer.call_size() == 5
        pacer.reserve(1, 5, 5, FAR)
        pacer.reserve(1, 5, 5, FAR)
        assert pacer.limits() == Limits(10.0, 50_000.0, 10.0)
    assert workers.account.asked == 1


def test_a_new_rate_reaches_a_warm_pacer_with_its_next_reservation_and_moves_no_slot(moto_dynamodb):
    workers = Workers(moto_dynamodb)
    warm = workers.one()
    first = warm.reserve(2, 10, 20, FAR)
    workers.account.quota["MaxSendRate"] = 100.0
    workers.one().refresh()
    second = warm.reserve(2, 10, 20, FAR)
    assert second.start == pytest.approx(first.end, abs=CLOSE)
    assert second.interval == pytest.approx(call_interval(100.0, 10), abs=CLOSE)
    assert warm.call_size() == 50


def test_a_new_rate_makes_nothing_undone_that_ses_throttled(moto_dynamodb):
    workers = Workers(moto_dynamodb)
    pacer = workers.one()
    pacer.throttled()
    workers.account.quota["MaxSendRate"] = 100.0
    pacer.refresh()
    for each in (pacer, workers.one()):
        assert each.interval(10) == pytest.approx(call_interval(70.0, 10), abs=CLOSE)


def test_while_nothing_was_ever_sent_ses_is_not_asked(moto_dynamodb):
    workers = Workers(moto_dynamodb)
    assert not workers.one().refresh_while_sending()
    assert workers.account.asked == 0


def test_while_something_is_sent_ses_is_asked_again_and_after_it_once_more(moto_dynamodb):
    workers = Workers(moto_dynamodb)
    pacer, watch = workers.one(), workers.one()
    pacer.refresh()
    workers.clock.turn(seconds=10)
    assert not watch.refresh_while_sending()
    end = pacer.reserve(90, 10, 900, FAR).end
    asked = []
    for _ in range(4):
        workers.clock.turn(minutes=1)
        asked.append((watch.refresh_while_sending(), workers.clock.seconds() < end))
    assert asked == [(True, True), (True, False), (False, False), (False, False)]


def test_what_ses_says_meanwhile_reaches_who_sends(moto_dynamodb):
    workers = Workers(moto_dynamodb)
    pacer = workers.one()
    pacer.reserve(90, 10, 900, FAR)
    workers.account.quota |= {"MaxSendRate": 20.0, "Max24HourSend": 1000.0, "SentLast24Hours": 900.0}
    assert workers.one().refresh_while_sending()
    with pytest.raises(DailyQuotaReached):
        pacer.reserve(1, 10, 101, FAR)
    assert pacer.reserve(1, 10, 100, FAR).interval == pytest.approx(call_interval(20.0, 10), abs=CLOSE)


def test_an_account_that_is_paused_while_it_sends_is_told_to_who_asks_again(moto_dynamodb):
    workers = Workers(moto_dynamodb)
    workers.one().reserve(90, 10, 900, FAR)
    workers.account.enabled = False
    with pytest.raises(CampaignStopped):
        workers.one().refresh_while_sending()
