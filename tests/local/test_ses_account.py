"""Quota and rate, with the clock handed in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hato.local.ses.account import DAY, UNLIMITED, Account, TokenBucket
from hato.local.ses.errors import TooManyRequests


@given(
    rate=st.floats(0.1, 500),
    calls=st.lists(st.tuples(st.floats(0, 3), st.integers(1, 60)), max_size=200),
)
def test_a_bucket_never_lets_through_more_than_its_rate_and_one_second_at_once(
    rate: float, calls: list[tuple[float, int]]
) -> None:
    now, bucket = 1000.0, TokenBucket(rate, 1000.0)
    passed: list[tuple[float, int]] = []
    for wait, count in calls:
        now += wait
        if bucket.has(count, now):
            bucket.take(count)
            passed.append((now, count))
    for start in range(len(passed)):
        seconds = passed[-1][0] - passed[start][0]
        assert sum(count for _, count in passed[start:]) <= max(1.0, rate) + rate * seconds + 1e-6


def test_a_call_over_the_rate_is_refused_whole_and_uses_up_nothing() -> None:
    account = Account(rate=50, daily_quota=1000, now=0)
    account.admit(30, 30, now=0)
    with pytest.raises(TooManyRequests, match=r"^Maximum sending rate exceeded\.$"):
        account.admit(21, 21, now=0)
    account.admit(20, 20, now=0)
    assert account.sent_in_last_24_hours(0) == 50


def test_the_rate_is_there_again_after_a_second() -> None:
    account = Account(rate=50, daily_quota=1000, now=0)
    account.admit(50, 50, now=0)
    account.admit(50, 50, now=1)


def test_the_quota_counts_the_last_24_hours() -> None:
    account = Account(rate=100, daily_quota=100, now=0)
    account.admit(60, 60, now=0)
    account.admit(40, 40, now=3600)
    with pytest.raises(TooManyRequests, match=r"^Daily message quota exceeded\.$"):
        account.admit(1, 1, now=DAY - 1)
    account.admit(60, 60, now=DAY + 1)
    assert account.sent_in_last_24_hours(DAY + 1) == 100


def test_mail_to_the_mailbox_simulator_counts_against_the_rate_only() -> None:
    account = Account(rate=10, daily_quota=5, now=0)
    account.admit(10, 0, now=0)
    assert account.sent_in_last_24_hours(0) == 0
    with pytest.raises(TooManyRequests, match="rate"):
        account.admit(1, 0, now=0)


def test_an_account_without_a_quota_sends_on() -> None:
    account = Account(rate=1e6, daily_quota=UNLIMITED, now=0)
    account.admit(200_000, 200_000, now=0)


def test_a_new_rate_counts_from_now_on() -> None:
    account = Account(rate=1, daily_quota=1000, now=0)
    account.change(rate=100, daily_quota=1000, now=0)
    with pytest.raises(TooManyRequests):
        account.admit(50, 50, now=0)
    account.admit(50, 50, now=0.5)


def test_a_clock_set_back_gives_nothing_away() -> None:
    bucket = TokenBucket(10, now=100)
    bucket.take(10)
    assert not bucket.has(1, now=50)
    assert not bucket.has(1, now=100)
