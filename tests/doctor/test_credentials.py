"""What is said of the credentials, the region and the clock."""

import pytest
from botocore.exceptions import NoCredentialsError

from hato.doctor.asking.credentials import ask_introduction
from hato.doctor.finding import Mark
from hato.doctor.judging.credentials import Introduction, judge_clock, judge_credentials
from tests.fakes.aws import FakeAws, refusal

NOON = 1_767_268_800.0  # 2026-01-01T12:00:00Z
NOON_AT_AWS = {"date": "Thu, 01 Jan 2026 12:00:00 GMT"}
CALLER = {"Account": "123456789012", "ResponseMetadata": {"HTTPHeaders": NOON_AT_AWS}}


def introduction(answer: dict[str, object] | Exception, own_clock: float = NOON) -> Introduction:
    return ask_introduction(FakeAws({("sts", "GetCallerIdentity"): answer}).client, lambda: own_clock)


def test_account_and_region_are_named() -> None:
    finding = judge_credentials(introduction(CALLER), "eu-west-1", region_is_chosen=True)
    assert (finding.mark, finding.text) == (Mark.OK, "Account 123456789012, region eu-west-1.")


def test_a_region_that_nobody_chose_is_a_warning() -> None:
    finding = judge_credentials(introduction(CALLER), "us-east-1", region_is_chosen=False)
    assert finding.mark is Mark.WARNING
    assert "no region is set, so us-east-1 is taken" in finding.text
    assert "--region" in finding.mend


@pytest.mark.parametrize(
    ("error", "said", "mend"),
    [
        (NoCredentialsError(), "There are no AWS credentials here.", "aws configure"),
        (refusal("GetCallerIdentity", "ExpiredToken"), "have expired", "aws sso login"),
        (refusal("GetCallerIdentity", "InvalidClientTokenId"), "does not know these credentials", "new access key"),
        (refusal("GetCallerIdentity", "SignatureDoesNotMatch"), "or the clock is wrong", "See the clock"),
        (refusal("GetCallerIdentity", "Strange", "Says AWS."), "Strange: Says AWS.", ""),
    ],
)
def test_credentials_that_do_not_work_fail_with_the_way_to_better_ones(error: Exception, said: str, mend: str) -> None:
    finding = judge_credentials(introduction(error), "us-east-1", region_is_chosen=True)
    assert finding.mark is Mark.FAILED
    assert said in finding.text
    assert mend in finding.mend


@pytest.mark.parametrize(
    ("ahead", "mark", "said"),
    [
        (0.0, Mark.OK, "agrees"),
        (60.0, Mark.OK, "agrees"),
        (61.0, Mark.WARNING, "61 seconds ahead of"),
        (-61.0, Mark.WARNING, "61 seconds behind"),
        (300.0, Mark.FAILED, "300 seconds ahead of"),
        (-3600.0, Mark.FAILED, "3,600 seconds behind"),
    ],
)
def test_the_clock_is_held_against_that_of_aws(ahead: float, mark: Mark, said: str) -> None:
    finding = judge_clock(introduction(CALLER, NOON + ahead))
    assert finding.mark is mark
    assert said in finding.text
    assert bool(finding.mend) is (mark is not Mark.OK)


def test_the_clock_is_known_though_aws_refuses_the_signature_for_it() -> None:
    refused = refusal("GetCallerIdentity", "SignatureDoesNotMatch", "Signature expired.", **NOON_AT_AWS)
    assert judge_clock(introduction(refused, NOON - 900.0)).mark is Mark.FAILED


@pytest.mark.parametrize(
    "answer",
    [
        NoCredentialsError(),
        {"Account": "1"},
        {"Account": "1", "ResponseMetadata": {"HTTPHeaders": {"date": "no date"}}},
    ],
)
def test_the_clock_is_not_known_where_aws_tells_no_time(answer: dict[str, object] | Exception) -> None:
    assert judge_clock(introduction(answer)).mark is Mark.UNKNOWN
