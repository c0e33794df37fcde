"""What is said of SES's account."""

from dataclasses import replace

import pytest

from hato.doctor.finding import Mark
from hato.doctor.judging.account import (
    UNLIMITED,
    SendingAccount,
    judge_account,
    judge_production_access,
    judge_quota,
    judge_sending,
    judge_standing,
    judge_suppression,
)

GOOD = SendingAccount(
    has_production_access=True, is_enabled=True, standing="HEALTHY", rate=14.0, quota=50_000.0, sent=1_250.0
)


def test_nothing_is_amiss_with_a_good_account() -> None:
    assert {finding.mark for finding in judge_account(GOOD)} == {Mark.OK}


def test_the_sandbox_is_explained_with_the_way_out_of_it() -> None:
    finding = judge_production_access(replace(GOOD, has_production_access=False))
    assert finding.mark is Mark.FAILED
    assert "verified addresses only" in finding.text
    assert "--production-access-enabled" in finding.mend


@pytest.mark.parametrize(
    ("review", "said", "mend"),
    [
        ("PENDING", "before it", "Wait for the answer: it comes by mail."),
        ("DENIED", "denied", "Answer the case in the AWS support center."),
        ("FAILED", "did not get through", "Ask again."),
    ],
)
def test_a_request_to_leave_the_sandbox_is_not_asked_for_twice(review: str, said: str, mend: str) -> None:
    finding = judge_production_access(replace(GOOD, has_production_access=False, review=review))
    assert said in finding.text
    assert finding.mend == mend


def test_sending_that_is_switched_off_fails() -> None:
    finding = judge_sending(replace(GOOD, is_enabled=False))
    assert finding.mark is Mark.FAILED
    assert "put-account-sending-attributes --sending-enabled" in finding.mend


@pytest.mark.parametrize(
    ("standing", "mark"),
    [
        ("HEALTHY", Mark.OK),
        ("PROBATION", Mark.WARNING),
        ("SHUTDOWN", Mark.FAILED),
        ("", Mark.UNKNOWN),
    ],
)
def test_the_standing_is_marked_as_ses_has_it(standing: str, mark: Mark) -> None:
    assert judge_standing(replace(GOOD, standing=standing)).mark is mark


def test_a_standing_that_nobody_knows_is_told_as_it_is() -> None:
    finding = judge_standing(replace(GOOD, standing="SOMETHING_NEW"))
    assert finding.mark is Mark.UNKNOWN
    assert "SOMETHING_NEW" in finding.text


@pytest.mark.parametrize(
    ("sent", "mark"), [(0.0, Mark.OK), (40_000.0, Mark.OK), (40_001.0, Mark.WARNING), (50_000.0, Mark.WARNING)]
)
def test_a_day_that_is_more_than_four_fifths_used_up_is_a_warning(sent: float, mark: Mark) -> None:
    assert judge_quota(replace(GOOD, sent=sent)).mark is mark


def test_the_quota_is_told_in_numbers() -> None:
    assert judge_quota(GOOD).text == "14 mails a second, 50,000 in 24 hours; 1,250 of them (2%) are used."
    assert judge_quota(replace(GOOD, rate=1.0)).text.startswith("1 mail a second, ")


def test_an_account_without_a_daily_quota_has_room() -> None:
    finding = judge_quota(replace(GOOD, quota=UNLIMITED, sent=1e9))
    assert (finding.mark, finding.text) == (Mark.OK, "14 mails a second, with no limit a day.")


def test_an_account_that_may_send_nothing_is_used_up() -> None:
    assert judge_quota(replace(GOOD, quota=0.0, sent=0.0)).mark is Mark.WARNING


@pytest.mark.parametrize(
    ("suppressed", "missing"),
    [
        ({"BOUNCE"}, "for a complaint."),
        ({"COMPLAINT"}, "for a bounce."),
        (set(), "for a bounce nor for a complaint."),
    ],
)
def test_a_suppression_list_that_leaves_somebody_in_is_a_warning(suppressed: set[str], missing: str) -> None:
    finding = judge_suppression(replace(GOOD, suppressed=frozenset(suppressed)))
    assert finding.mark is Mark.WARNING
    assert finding.text.endswith(missing)
    assert "--suppressed-reasons BOUNCE COMPLAINT" in finding.mend
