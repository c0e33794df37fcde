"""What people are told when something goes wrong: one sentence, and what to try next."""

import re
from collections.abc import Iterator

import botocore.exceptions as boto
import pytest
from botocore.exceptions import ClientError

from chalicelib.errors import CampaignNotFound, MailNotFound
from hato.cli.exit_status import MEANINGS, ExitStatus
from hato.cli.failing import sentence
from hato.cli.finding import nearest
from hato.reference.commands import page


def refusal(code: str, message: str = "", operation: str = "Scan") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, operation)


DENIED = (
    "User: arn:aws:iam::123456789012:user/x is not authorized to perform: dynamodb:Scan on resource: "
    "arn:aws:dynamodb:us-east-1:123456789012:table/hato-dev-campaigns because no identity-based policy allows it"
)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (boto.NoCredentialsError(), ["no AWS credentials", "`aws configure`", "`hato local up`"]),
        (boto.ProfileNotFound(profile="x"), ["no AWS credentials", "(x)", "AWS_PROFILE"]),
        (boto.SSOTokenLoadError(error_msg="x"), ["`aws sso login`"]),
        (boto.EndpointConnectionError(endpoint_url="http://x"), ["could not be reached", "--region"]),
        (boto.ReadTimeoutError(endpoint_url="http://x"), ["could not be reached", "`hato local status`"]),
        (refusal("ExpiredTokenException"), ["have expired", "`aws sso login`"]),
        (refusal("UnrecognizedClientException"), ["does not know these credentials", "UnrecognizedClientException"]),
        (refusal("AccessDeniedException", DENIED), ["dynamodb:Scan", "table/hato-dev-campaigns", "`hato doctor`"]),
        (refusal("AccessDenied", "no", "PutObject"), ["PutObject", "`hato doctor`"]),
        (refusal("ResourceNotFoundException", "gone"), ["AWS refused Scan", "`hato doctor`", "`hato deploy`"]),
        (refusal("ValidationException", "odd"), ["AWS refused Scan: ValidationException: odd"]),
        (FileNotFoundError(2, "No such file or directory", "a.csv"), ["No such file or directory: a.csv."]),
        (CampaignNotFound("There is no campaign 'x'."), ["There is no campaign 'x'."]),
        (MailNotFound("There is no mail 'x'."), ["There is no mail 'x'."]),
    ],
)
def test_an_error_is_a_sentence_that_says_what_to_try(error: Exception, words: list[str]) -> None:
    told = sentence(error)
    assert [each for each in words if each not in told] == []
    assert "\n" not in told


def test_the_nearest_of_what_there_is_is_named_and_nothing_that_is_not_near() -> None:
    assert nearest("sprnig-1", ["autumn-1", "spring-1"]) == "; the nearest is spring-1"
    assert nearest("x", ["autumn-1", "spring-1"]) == ""


def test_who_may_not_list_what_there_is_is_told_nothing_near() -> None:
    def denied() -> Iterator[str]:
        yield "spring-1"
        raise refusal("AccessDeniedException")

    assert nearest("spring-2", denied()) == ""


def test_the_exit_statuses_are_told_from_one_table() -> None:
    assert set(MEANINGS) == set(ExitStatus)
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", page(), re.MULTILINE)
    assert [(int(number), told) for number, told in rows] == [(each.value, told) for each, told in MEANINGS.items()]
