"""Whole accounts, looked at: nothing that is missing or forbidden keeps the other checks from looking."""

from dataclasses import replace

import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError

from hato.doctor.finding import Mark
from tests.doctor.accounts import STACK, Looked, everything
from tests.fakes.aws import Answer, refusal
from tests.fakes.resolver import FakeResolver

MACHINE = {"clock", "Python", "chalice", "boto3"}
ALL = MACHINE | {
    *("credentials", "production access", "sending", "standing", "quota", "suppression list"),
    *("identity", "DKIM", "MAIL FROM", "DMARC", "MX", "MAIL FROM's MX", "MAIL FROM's SPF"),
    *("stack", "functions", "configuration set", "feedback events", "delivery events", "engagement events"),
    *("subscriptions", "bounce rate", "complaint rate", "send dead letters", "event dead letters"),
    *("alarms", "notifications", "campaigns"),
}
ASKS_THE_STACK = {
    *("functions", "configuration set", "events", "subscriptions", "send dead letters", "event dead letters"),
    *("notifications", "campaigns"),
}
NO_STACK = refusal("DescribeStacks", "ValidationError", "Stack with id hato-dev does not exist")


def account(**changed: Answer) -> dict[tuple[str, str], Answer]:
    """An account with everything, but for these answers (service__Operation)."""
    services = {tuple(name.split("__")): answer for name, answer in changed.items()}
    return everything() | {(service, operation): answer for (service, operation), answer in services.items()}


def marked(looked: Looked, mark: Mark) -> set[str]:
    return {subject for subject, finding in looked.findings().items() if finding.mark is mark}


def test_an_account_with_everything_has_only_good_findings() -> None:
    findings = Looked().findings()
    assert {subject: finding for subject, finding in findings.items() if finding.mark is not Mark.OK} == {}
    assert findings.keys() == ALL
    assert not any(finding.mend for finding in findings.values())


@pytest.mark.parametrize(
    ("service", "operation", "action", "subjects"),
    [
        ("sesv2", "GetAccount", "ses:GetAccount", {"SES account"}),
        ("sesv2", "GetEmailIdentity", "ses:GetEmailIdentity", {"identity", "MAIL FROM's MX", "MAIL FROM's SPF"}),
        ("lambda", "ListFunctions", "lambda:ListFunctions", {"functions"}),
        ("sesv2", "GetConfigurationSet", "ses:GetConfigurationSet", {"configuration set"}),
        ("sesv2", "GetConfigurationSetEventDestinations", "ses:GetConfigurationSetEventDestinations", {"events"}),
        ("sns", "ListSubscriptionsByTopic", "sns:ListSubscriptionsByTopic", {"subscriptions", "notifications"}),
        ("cloudwatch", "GetMetricStatistics", "cloudwatch:GetMetricStatistics", {"bounce rate", "complaint rate"}),
        ("cloudwatch", "DescribeAlarms", "cloudwatch:DescribeAlarms", {"alarms"}),
        ("sqs", "GetQueueAttributes", "sqs:GetQueueAttributes", {"send dead letters", "event dead letters"}),
        ("dynamodb", "Query", "dynamodb:Query", {"campaigns"}),
    ],
)
@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException", "AuthorizationError"])
def test_one_call_that_is_not_allowed_is_not_known_with_the_action_that_it_needs(
    service: str, operation: str, action: str, subjects: set[str], code: str
) -> None:
    looked = Looked(account(**{f"{service}__{operation}": refusal(operation, code, "You may not.")}))
    findings = looked.findings()
    assert {subject for subject, finding in findings.items() if finding.mark is not Mark.OK} == subjects
    assert {findings[subject].text for subject in subjects} == {f"Not known: this needs the IAM action {action}."}


def test_the_action_that_aws_names_itself_is_the_one_that_is_told() -> None:
    message = "User: arn:aws:iam::123456789012:user/x is not authorized to perform: dynamodb:Query on resource: y"
    looked = Looked(account(dynamodb__Query=refusal("Query", "AccessDeniedException", message)))
    assert looked.findings()["campaigns"].text == "Not known: this needs the IAM action dynamodb:Query."


def test_where_nothing_is_allowed_everything_is_not_known_and_nothing_failed() -> None:
    looked = Looked({("sts", "GetCallerIdentity"): everything()["sts", "GetCallerIdentity"]})
    assert marked(looked, Mark.FAILED) == set()
    assert marked(looked, Mark.OK) == {"credentials", *MACHINE}


def test_without_a_stack_the_account_is_looked_at_all_the_same() -> None:
    looked = Looked(account(cloudformation__DescribeStacks=NO_STACK), sender="news@example.com")
    assert marked(looked, Mark.FAILED) == {"stack"}
    assert marked(looked, Mark.UNKNOWN) == ASKS_THE_STACK
    assert {"production access", "identity", "DKIM", "DMARC", "bounce rate", "alarms"} <= marked(looked, Mark.OK)


def test_without_a_stack_and_a_sender_it_says_how_to_name_one() -> None:
    nothing: Answer = {"Functions": []}
    looked = Looked(account(cloudformation__DescribeStacks=NO_STACK, lambda__ListFunctions=nothing))
    finding = looked.findings()["identity"]
    assert (finding.mark, finding.text) == (Mark.UNKNOWN, "There is no sender yet.")
    assert "`--sender ADDRESS`" in finding.mend
    assert {"DMARC", "MX"} <= marked(looked, Mark.UNKNOWN)


def test_where_the_stack_has_no_sender_that_of_the_functions_counts() -> None:
    variables = {"STAGE": "dev", "SENDER": "news@functions.example.org"}
    functions = [{"FunctionName": "hato-dev", "Runtime": "python3.12", "Environment": {"Variables": variables}}]
    stack: Answer = {"Stacks": [STACK | {"Parameters": []}]}
    looked = Looked(account(cloudformation__DescribeStacks=stack, lambda__ListFunctions={"Functions": functions}))
    assert looked.findings()["identity"].text == "news@functions.example.org is verified."


def test_a_sender_that_is_named_counts_before_that_of_the_stack() -> None:
    assert Looked(sender="a@example.com").findings()["identity"].text == "a@example.com is verified."
    assert Looked().findings()["identity"].text == "news@example.com is verified."


@pytest.mark.parametrize(
    "error", [NoCredentialsError(), EndpointConnectionError(endpoint_url="https://sts.eu-west-1.amazonaws.com")]
)
def test_without_credentials_or_a_network_only_what_needs_none_is_looked_at(error: Exception) -> None:
    looked = Looked({("sts", "GetCallerIdentity"): error}, sender="news@example.com")
    assert marked(looked, Mark.FAILED) == {"credentials"}
    assert marked(looked, Mark.OK) == {"DMARC", "MX", *MACHINE} - {"clock"}
    assert looked.findings()["stack"].text == "Not known without credentials."


def test_without_credentials_the_sender_must_be_named() -> None:
    findings = Looked({("sts", "GetCallerIdentity"): NoCredentialsError()}).findings()
    assert findings["DMARC"].text == "The sender is not known without credentials."


def test_dns_that_does_not_answer_is_not_known() -> None:
    looked = Looked(resolver=FakeResolver(is_reachable=False))
    assert marked(looked, Mark.UNKNOWN) == {"DMARC", "MX", "MAIL FROM's MX", "MAIL FROM's SPF"}
    assert marked(looked, Mark.FAILED) == set()


def test_without_a_mail_from_domain_nothing_is_said_of_its_records() -> None:
    identity: Answer = {"VerifiedForSendingStatus": True, "DkimAttributes": {"SigningEnabled": True}}
    findings = Looked(account(sesv2__GetEmailIdentity=identity)).findings()
    assert findings["MAIL FROM"].mark is Mark.WARNING
    assert not {"MAIL FROM's MX", "MAIL FROM's SPF"} & findings.keys()


def test_on_the_local_cloud_the_dns_is_not_asked() -> None:
    looked = replace(Looked(), endpoint_url="http://127.0.0.1:4566", resolver=FakeResolver(is_reachable=False))
    assert marked(looked, Mark.UNKNOWN) == {"records"}
    assert "stay on this machine" in looked.findings()["records"].text


def test_another_trouble_of_aws_is_not_known_in_its_own_words() -> None:
    looked = Looked(account(cloudwatch__DescribeAlarms=refusal("DescribeAlarms", "Throttling", "Rate exceeded")))
    finding = looked.findings()["alarms"]
    assert finding.mark is Mark.UNKNOWN
    assert "Throttling: Rate exceeded" in finding.text


def test_an_older_stack_without_an_output_is_told_to_be_deployed_again() -> None:
    outputs = [each for each in STACK["Outputs"] if each["OutputKey"] != "EventDeadLetterQueue"]
    looked = Looked(account(cloudformation__DescribeStacks={"Stacks": [STACK | {"Outputs": outputs}]}))
    finding = looked.findings()["event dead letters"]
    assert marked(looked, Mark.UNKNOWN) == {"event dead letters"}
    assert "`hato deploy --stage dev`" in finding.mend
