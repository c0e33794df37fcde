"""How long it takes, and what it costs."""

import math

import pytest

from hato.checking.estimating import Account, estimate
from hato.cli.check import duration
from hato.cost.billing import Use, bill

DAY = 86_400.0


def test_a_list_takes_as_long_as_hatos_share_of_the_rate_says() -> None:
    assert estimate(900, Account(rate=100, share=0.9)).seconds == pytest.approx(10)


@pytest.mark.parametrize(
    ("mails", "sent_today", "days"),
    [(900, 0, 0), (901, 0, 1), (1_800, 0, 1), (1_801, 0, 2), (900, 300, 1), (1, 900, 1)],
)
def test_where_the_mails_of_a_day_are_used_up_the_rest_waits_for_the_next(
    mails: int, sent_today: int, days: int
) -> None:
    seconds = estimate(mails, Account(rate=14, per_day=1_000, sent_today=sent_today, share=0.9)).seconds
    assert math.floor(seconds / DAY) == days


def test_a_million_mails_cost_what_hato_cost_says_and_sess_fee() -> None:
    account = Account(rate=200, share=0.9)
    found, due = estimate(1_000_000, account), bill(Use(1_000_000, limits=account.limits))
    assert found.cost["SES"] == pytest.approx(100.0)
    assert found.total == pytest.approx(due.usd + due.ses, abs=0.001)


def test_nothing_costs_nothing_and_takes_no_time() -> None:
    found = estimate(0, Account(rate=14))
    assert (found.seconds, found.total) == (0, 0)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 second"),
        (1, "1 second"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (90, "1.5 minutes"),
        (5_400, "1.5 hours"),
        (86_400, "1 day"),
        (2_000_000, "23.1 days"),
    ],
)
def test_a_time_is_said_as_people_say_it(seconds: float, words: str) -> None:
    assert duration(seconds) == words
