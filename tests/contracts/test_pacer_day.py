"""The day's mails: once they are used up, SES is asked now and then, by one worker, whether there are more."""

from chalicelib.errors import DailyQuotaReached
from tests.contracts.pacers import AGAIN, FAR, BusyDynamoDb, FakeAccount, Workers


def used_up(moto_dynamodb) -> Workers:
    """Workers for whom the day has no mail left; SES was asked once."""
    workers = Workers(moto_dynamodb, FakeAccount(daily=100.0))
    workers.one().reserve(10, 10, 100, FAR)
    workers.account.quota["SentLast24Hours"] = 100.0
    assert workers.account.asked == 1
    return workers


def wants(pacer) -> bool:
    """Whether the day has a mail for it."""
    try:
        pacer.reserve(1, 1, 1, FAR)
    except DailyQuotaReached:
        return False
    return True


def test_once_the_day_is_used_up_ses_is_asked_again_only_after_a_while(moto_dynamodb):
    workers = used_up(moto_dynamodb)
    pacer = workers.one()
    for seconds, asked in ((0, 1), (AGAIN - 1, 1), (1, 2), (AGAIN / 2, 2), (AGAIN / 2 - 1, 2), (1, 3)):
        workers.clock.turn(seconds=seconds)
        assert not wants(pacer)
        assert workers.account.asked == asked


def test_of_many_workers_one_asks(moto_dynamodb):
    workers = used_up(moto_dynamodb)
    pacers = [workers.one() for _ in range(3)]
    for time in range(1, 4):
        workers.clock.turn(seconds=AGAIN)
        assert [wants(pacer) for pacer in pacers] == [False] * 3
        assert workers.account.asked == 1 + time


def test_while_one_worker_asks_no_other_does(moto_dynamodb):
    workers = used_up(moto_dynamodb)
    one, other, found = workers.one(), workers.one(), list[bool]()
    workers.clock.turn(seconds=AGAIN)
    workers.account.while_asked = lambda: found.append(wants(other))
    assert not wants(one)
    assert found == [False]
    assert workers.account.asked == 2


def test_a_worker_that_would_ask_just_after_another_does_not(moto_dynamodb):
    workers = used_up(moto_dynamodb)
    workers.clock.turn(seconds=AGAIN)
    dynamodb = BusyDynamoDb(moto_dynamodb, lambda: wants(workers.one()))
    assert not wants(workers.one(dynamodb))
    assert workers.account.asked == 2


def test_when_ses_takes_mail_again_it_goes_on(moto_dynamodb):
    workers = used_up(moto_dynamodb)
    one, other = workers.one(), workers.one()
    assert not wants(one)
    assert not wants(other)
    workers.account.quota["SentLast24Hours"] = 90.0
    workers.clock.turn(seconds=AGAIN)
    assert wants(one)
    assert wants(other)
    assert workers.account.asked == 2


def test_while_somebody_wants_mails_that_the_day_has_not_ses_is_asked_each_minute(moto_dynamodb):
    workers = used_up(moto_dynamodb)
    watch, pacer, asked = workers.one(), workers.one(), list[bool]()
    workers.clock.turn(hours=1)
    watch.refresh_while_sending()  # what was sent an hour ago is known now
    for is_wanted in (False, True, True, False, False):
        workers.clock.turn(seconds=59)
        assert not (is_wanted and wants(pacer))
        workers.clock.turn(seconds=1)
        asked.append(watch.refresh_while_sending())
    assert asked == [False, True, True, False, False]


def test_what_ses_said_to_one_worker_of_the_days_end_all_know_and_nobody_asks_for_a_while(moto_dynamodb):
    workers = Workers(moto_dynamodb)
    one, other = workers.one(), workers.one()
    assert wants(other)
    one.quota_reached()
    workers.clock.turn(seconds=AGAIN - 1)
    assert not wants(other)
    assert workers.account.asked == 1
    workers.clock.turn(seconds=1)
    assert wants(other), "SES counts otherwise by now"
    assert workers.account.asked == 2
