"""Whole accounts in AWS's words, from one with everything to one with nothing."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hato.doctor.case import Case
from hato.doctor.checks import checks_of
from hato.doctor.examining import examine
from hato.doctor.finding import Finding
from hato.doctor.judging.events import CHANNELS
from tests.fakes.aws import Answer, FakeAws
from tests.fakes.resolver import FakeResolver

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC).timestamp()
ARN = "arn:aws:sns:eu-west-1:123456789012:hato-dev-"
QUEUES = "https://sqs.eu-west-1.amazonaws.com/123456789012/hato-dev-"
HOST = "feedback-smtp.eu-west-1.amazonses.com"
OUTPUTS = {
    **{channel.output: f"{ARN}{channel.name}" for channel in CHANNELS},
    "NotificationTopic": f"{ARN}notifications",
    "ConfigurationSet": "hato-dev",
    "StateMachine": "arn:aws:states:eu-west-1:123456789012:stateMachine:hato-dev-campaign",
    "CampaignsTable": "hato-dev-campaigns",
    "SendDeadLetterQueue": f"{QUEUES}send-dead-letters",
    "EventDeadLetterQueue": f"{QUEUES}event-dead-letters",
}
STACK: dict[str, Any] = {
    "StackName": "hato-dev",
    "StackStatus": "UPDATE_COMPLETE",
    "CreationTime": 0,
    "Parameters": [{"ParameterKey": "Sender", "ParameterValue": "News <news@example.com>"}],
    "Outputs": [{"OutputKey": name, "OutputValue": value} for name, value in OUTPUTS.items()],
}
DATE = {"HTTPHeaders": {"date": "Sat, 31 Jan 2026 12:00:00 GMT"}}


def everything() -> dict[tuple[str, str], Answer]:
    """What AWS answers where nothing is amiss."""
    function = "arn:aws:lambda:eu-west-1:123456789012:function:hato-dev-on_feedback"
    return {
        ("sts", "GetCallerIdentity"): {"Account": "123456789012", "ResponseMetadata": DATE},
        ("sesv2", "GetAccount"): {
            "ProductionAccessEnabled": True,
            "SendingEnabled": True,
            "EnforcementStatus": "HEALTHY",
            "SendQuota": {"MaxSendRate": 14.0, "Max24HourSend": 50_000.0, "SentLast24Hours": 0.0},
            "SuppressionAttributes": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
        },
        ("sesv2", "GetEmailIdentity"): {
            "VerifiedForSendingStatus": True,
            "VerificationStatus": "SUCCESS",
            "DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS"},
            "MailFromAttributes": {
                "MailFromDomain": "bounce.example.com",
                "MailFromDomainStatus": "SUCCESS",
                "BehaviorOnMxFailure": "USE_DEFAULT_VALUE",
            },
        },
        ("cloudformation", "DescribeStacks"): {"Stacks": [STACK]},
        ("lambda", "ListFunctions"): {"Functions": [{"FunctionName": "hato-dev-send_batch", "Runtime": "python3.12"}]},
        ("sesv2", "GetConfigurationSet"): {
            "ReputationOptions": {"ReputationMetricsEnabled": True},
            "SendingOptions": {"SendingEnabled": True},
        },
        ("sesv2", "GetConfigurationSetEventDestinations"): {
            "EventDestinations": [
                {
                    "Name": channel.name,
                    "Enabled": True,
                    "MatchingEventTypes": sorted(channel.events),
                    "SnsDestination": {"TopicArn": f"{ARN}{channel.name}"},
                }
                for channel in CHANNELS
            ]
        },
        ("sns", "ListSubscriptionsByTopic"): {
            "Subscriptions": [{"SubscriptionArn": f"{ARN}x:1", "Protocol": "lambda", "Endpoint": function}]
        },
        ("cloudwatch", "GetMetricStatistics"): {"Datapoints": [{"Timestamp": NOW, "Average": 0.0001}]},
        ("cloudwatch", "DescribeAlarms"): {"MetricAlarms": [], "CompositeAlarms": []},
        ("sqs", "GetQueueAttributes"): {"Attributes": {"ApproximateNumberOfMessages": "0"}},
        ("dynamodb", "Query"): {"Items": []},
    }


def records() -> FakeResolver:
    """What the DNS answers where nothing is amiss."""
    return FakeResolver(
        texts={
            "_dmarc.example.com": ("v=DMARC1; p=reject",),
            "bounce.example.com": ("v=spf1 include:amazonses.com ~all",),
        },
        mail_hosts={"example.com": ("mx.example.net",), "bounce.example.com": (HOST,)},
    )


@dataclass
class FakeCloud:
    """The way to the stage dev of an account."""

    aws: FakeAws
    endpoint_url: str | None = None
    stage: str = "dev"
    stack: str = "hato-dev"
    region: str = "eu-west-1"
    where: str = "eu-west-1"

    def client(self, service: str) -> Any:
        return self.aws.client(service)


@dataclass
class Looked:
    """What the doctor says of an account."""

    answers: dict[tuple[str, str], Answer] = field(default_factory=everything)
    resolver: FakeResolver = field(default_factory=records)
    sender: str = ""
    endpoint_url: str | None = None

    def findings(self) -> dict[str, Finding]:
        """The findings by their subjects; no subject is told of twice."""
        case = Case(FakeCloud(FakeAws(self.answers), self.endpoint_url), self.resolver, self.sender, clock=lambda: NOW)
        found = [finding for _, finding in examine(case, checks_of(case))]
        by_subject = {finding.subject: finding for finding in found}
        assert len(by_subject) == len(found)
        return by_subject
