"""The table of checks: what each is about, how it looks, and the IAM actions that it needs."""

import platform
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from chalicelib.aws.campaigns import Campaigns
from hato.doctor.asking.dns import ask_dmarc, ask_mail_hosts, ask_spf
from hato.doctor.asking.machine import ask_package
from hato.doctor.asking.operation import ask_message_count, ask_raised_alarms, ask_reputation
from hato.doctor.asking.ses import ask_account, ask_configuration_set
from hato.doctor.asking.stack import ask_subscriptions
from hato.doctor.case import Case
from hato.doctor.finding import Finding, Mark
from hato.doctor.judging.account import judge_account
from hato.doctor.judging.credentials import judge_clock, judge_credentials
from hato.doctor.judging.dns import judge_dmarc, judge_from_mx, judge_mail_from_mx, judge_mail_from_spf
from hato.doctor.judging.events import CHANNELS, judge_destination, judge_notifications, judge_subscriptions
from hato.doctor.judging.machine import judge_package, judge_python
from hato.doctor.judging.operation import judge_alarms, judge_campaigns, judge_dead_letters
from hato.doctor.judging.reputation import BOUNCES, COMPLAINTS, judge_rate
from hato.doctor.judging.sender import judge_sender
from hato.doctor.judging.stack import judge_configuration_set, judge_functions, judge_stack


@dataclass(frozen=True, slots=True)
class Check:
    """One look at a case. What needs IAM actions is not tried without credentials."""

    theme: str
    subject: str
    look: Callable[[Case], Finding | Iterable[Finding]]
    needs: tuple[str, ...] = ()


def checks_of(case: Case) -> Iterator[Check]:
    """All checks of this case, in the order in which they are shown."""
    yield from _ACCOUNT
    yield from _LOCAL_DNS if case.is_local else _DNS
    yield from _STAGE
    yield from _MACHINE


def _mail_from_mx(case: Case) -> Iterator[Finding]:
    if case.mail_from:
        hosts = ask_mail_hosts(case.resolver, case.mail_from)
        yield judge_mail_from_mx(hosts, case.cloud.region)


def _mail_from_spf(case: Case) -> Iterator[Finding]:
    if case.mail_from:
        yield judge_mail_from_spf(ask_spf(case.resolver, case.mail_from))


def _destinations(case: Case) -> Iterator[Finding]:
    for channel in CHANNELS:
        topic = case.stack.output(channel.output)
        yield judge_destination(channel, topic, case.destinations, case.configuration_set)


def _subscriptions(case: Case) -> Iterator[Finding]:
    sns = case.cloud.client("sns")
    topics = [(channel, case.stack.output(channel.output)) for channel in CHANNELS]
    found = [(channel, topic, ask_subscriptions(sns, topic)) for channel, topic in topics]
    yield from judge_subscriptions(case.stack.name, found)


def _configuration_set(case: Case) -> Iterator[Finding]:
    name = case.configuration_set
    yield from judge_configuration_set(name, ask_configuration_set(case.cloud.client("sesv2"), name))


def _functions(case: Case) -> Iterator[Finding]:
    case.stack.output("StateMachine")  # without a stack there is nothing to say of functions
    yield judge_functions(case.stack, case.functions)


def _dead_letters(case: Case, output: str, subject: str, what: str) -> Iterator[Finding]:
    url = case.stack.output(output)
    yield judge_dead_letters(case.stack.name, subject, what, ask_message_count(case.cloud.client("sqs"), url))


def _notifications(case: Case) -> Iterator[Finding]:
    topic = case.stack.output("NotificationTopic")
    yield judge_notifications(case.stack.name, ask_subscriptions(case.cloud.client("sns"), topic))


def _campaigns(case: Case) -> Iterator[Finding]:
    campaigns = Campaigns(case.cloud.client("dynamodb"), case.stack.output("CampaignsTable"))
    yield judge_campaigns(list(campaigns.summaries()), case.now)


def _local_dns(case: Case) -> Finding:
    text = "Not asked: the mails of the local cloud stay on this machine."
    return Finding(Mark.UNKNOWN, "records", text)


_ACCOUNT = (
    Check(
        *("account", "credentials"),
        lambda case: judge_credentials(case.introduction, case.cloud.region, case.region_is_chosen),
    ),
    Check(
        *("account", "SES account"),
        lambda case: judge_account(ask_account(case.cloud.client("sesv2"))),
        ("ses:GetAccount",),
    ),
    Check(
        *("sender", "identity"),
        lambda case: judge_sender(case.sender, case.identity, case.cloud.region),
        ("ses:GetEmailIdentity",),
    ),
)
_DNS = (
    Check("DNS", "DMARC", lambda case: judge_dmarc(ask_dmarc(case.resolver, case.sender.domain))),
    Check("DNS", "MX", lambda case: judge_from_mx(ask_mail_hosts(case.resolver, case.sender.domain))),
    Check("DNS", "MAIL FROM's MX", _mail_from_mx, ("ses:GetEmailIdentity",)),
    Check("DNS", "MAIL FROM's SPF", _mail_from_spf, ("ses:GetEmailIdentity",)),
)
_LOCAL_DNS = (Check("DNS", "records", _local_dns),)
_STAGE = (
    Check(
        *("stack", "stack"), lambda case: judge_stack(case.stack, case.cloud.where), ("cloudformation:DescribeStacks",)
    ),
    Check("stack", "functions", _functions, ("lambda:ListFunctions",)),
    Check("stack", "configuration set", _configuration_set, ("ses:GetConfigurationSet",)),
    Check("stack", "events", _destinations, ("ses:GetConfigurationSetEventDestinations",)),
    Check("stack", "subscriptions", _subscriptions, ("sns:ListSubscriptionsByTopic",)),
    Check(
        *("reputation", BOUNCES.subject),
        lambda case: judge_rate(ask_reputation(case.cloud.client("cloudwatch"), "BounceRate", case.now), BOUNCES),
        ("cloudwatch:GetMetricStatistics",),
    ),
    Check(
        *("reputation", COMPLAINTS.subject),
        lambda case: judge_rate(ask_reputation(case.cloud.client("cloudwatch"), "ComplaintRate", case.now), COMPLAINTS),
        ("cloudwatch:GetMetricStatistics",),
    ),
    Check(
        *("operation", "send dead letters"),
        lambda case: _dead_letters(case, "SendDeadLetterQueue", "send dead letters", "batch"),
        ("sqs:GetQueueAttributes",),
    ),
    Check(
        *("operation", "event dead letters"),
        lambda case: _dead_letters(case, "EventDeadLetterQueue", "event dead letters", "event"),
        ("sqs:GetQueueAttributes",),
    ),
    Check(
        *("operation", "alarms"),
        lambda case: judge_alarms(
            case.cloud.stack, ask_raised_alarms(case.cloud.client("cloudwatch"), case.cloud.stack)
        ),
        ("cloudwatch:DescribeAlarms",),
    ),
    Check("operation", "notifications", _notifications, ("sns:ListSubscriptionsByTopic",)),
    Check("operation", "campaigns", _campaigns, ("dynamodb:Query", "dynamodb:BatchGetItem")),
)
_MACHINE = (
    Check("this machine", "clock", lambda case: judge_clock(case.introduction)),
    Check("this machine", "Python", lambda case: judge_python(platform.python_version())),
    Check("this machine", "chalice", lambda case: judge_package(ask_package("chalice"))),
    Check("this machine", "boto3", lambda case: judge_package(ask_package("boto3"))),
)
