"""The account, the sender's identity and the configuration set, asked of SES."""

from collections.abc import Callable, Sequence
from typing import Any

from botocore.exceptions import ClientError

from hato.doctor.judging.account import SendingAccount
from hato.doctor.judging.events import Destination
from hato.doctor.judging.sender import Identity, Sender
from hato.doctor.judging.stack import ConfigurationSet


def ask_account(sesv2: Any) -> SendingAccount:
    """The account in this region."""
    answer = sesv2.get_account()
    quota = answer.get("SendQuota", {})
    return SendingAccount(
        has_production_access=answer.get("ProductionAccessEnabled", False),
        is_enabled=answer.get("SendingEnabled", False),
        standing=answer.get("EnforcementStatus", ""),
        rate=quota.get("MaxSendRate", 0.0),
        quota=quota.get("Max24HourSend", 0.0),
        sent=quota.get("SentLast24Hours", 0.0),
        suppressed=frozenset(answer.get("SuppressionAttributes", {}).get("SuppressedReasons", ())),
        review=answer.get("Details", {}).get("ReviewDetails", {}).get("Status", ""),
    )


def ask_identity(sesv2: Any, sender: Sender) -> Identity | None:
    """The identity that the sender's mails go out under: the nearest that is verified, else the nearest there is."""
    nearest = None
    for name in sender.identities:
        identity = _identity(sesv2, name)
        if identity is not None and identity.is_verified:
            return identity
        nearest = nearest or identity
    return nearest


def ask_configuration_set(sesv2: Any, name: str) -> ConfigurationSet | None:
    """The configuration set; None where there is none of that name."""
    answer = _answer(sesv2.get_configuration_set, ConfigurationSetName=name)
    if answer is None:
        return None
    own_rule = answer.get("SuppressionOptions", {}).get("SuppressedReasons")
    return ConfigurationSet(
        name=name,
        sends=answer.get("SendingOptions", {}).get("SendingEnabled", True),
        measures_reputation=answer.get("ReputationOptions", {}).get("ReputationMetricsEnabled", False),
        suppressed=None if own_rule is None else frozenset(own_rule),
    )


def ask_destinations(sesv2: Any, configuration_set: str) -> Sequence[Destination]:
    """Where the configuration set publishes; nothing where there is no such set."""
    answer = _answer(sesv2.get_configuration_set_event_destinations, ConfigurationSetName=configuration_set) or {}
    return [
        Destination(
            name=each.get("Name", ""),
            is_enabled=each.get("Enabled", False),
            events=frozenset(each.get("MatchingEventTypes", ())),
            topic=each.get("SnsDestination", {}).get("TopicArn", ""),
        )
        for each in answer.get("EventDestinations", ())
    ]


def _identity(sesv2: Any, name: str) -> Identity | None:
    answer = _answer(sesv2.get_email_identity, EmailIdentity=name)
    if answer is None:
        return None
    dkim, mail_from = answer.get("DkimAttributes", {}), answer.get("MailFromAttributes", {})
    return Identity(
        name=name,
        is_verified=answer.get("VerifiedForSendingStatus", False),
        verification=answer.get("VerificationStatus", ""),
        signs=dkim.get("SigningEnabled", False),
        dkim=dkim.get("Status", ""),
        mail_from=mail_from.get("MailFromDomain", ""),
        mail_from_state=mail_from.get("MailFromDomainStatus", ""),
        refuses_without_mail_from=mail_from.get("BehaviorOnMxFailure") == "REJECT_MESSAGE",
    )


def _answer(operation: Callable[..., dict[str, Any]], **asked: str) -> dict[str, Any] | None:
    """What SES answers; None where it knows nothing of that name."""
    try:
        return operation(**asked)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NotFoundException":
            return None
        raise
