"""What the simulator needs of the cloud beside it, and how the emulator gives it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from hato.local.ses.step import Kind


@dataclass(frozen=True)
class ConfigurationSet:
    """A deployed configuration set: what it publishes to which topics."""

    name: str
    sending_enabled: bool
    topics: dict[str, tuple[str, ...]]  # topic ARNs by matching type
    tracked: frozenset[str]  # matching types of every enabled destination, SNS or not

    def topics_for(self, kind: Kind) -> tuple[str, ...]:
        return self.topics.get(kind.matching_type, ())

    def tracks(self, kind: Kind) -> bool:
        return kind.matching_type in self.tracked


class Cloud(Protocol):
    def configuration_set(self, name: str) -> ConfigurationSet | None:
        """The set as it is deployed now; None where there is none of that name."""

    def publish(self, topic_arn: str, subject: str, message: str) -> None: ...

    def verified_identities(self) -> frozenset[str]:
        """Addresses and domains, in lower case."""


class Emulator:
    """The emulator's own SES v2 and SNS, read and written with boto3."""

    def __init__(self, endpoint_url: str, region: str) -> None:
        # Both at once and now: boto3 cannot make clients in two threads at a time, only use them there.
        self._sesv2, self._sns = (_client(service, endpoint_url, region) for service in ("sesv2", "sns"))

    def configuration_set(self, name: str) -> ConfigurationSet | None:
        try:
            described = self._sesv2.get_configuration_set(ConfigurationSetName=name)
            found = self._sesv2.get_configuration_set_event_destinations(ConfigurationSetName=name)
        except ClientError as error:
            if error.response["Error"]["Code"] == "NotFoundException":
                return None
            raise
        return read_configuration_set(name, described, found.get("EventDestinations", []))

    def publish(self, topic_arn: str, subject: str, message: str) -> None:
        # SES sends no message attributes, but the emulator leaves out what is empty, key and all, and then a
        # Lambda's SNS event lacks a field that it always has on AWS.
        attributes = {"source": {"DataType": "String", "StringValue": "ses"}}
        self._sns.publish(TopicArn=topic_arn, Subject=subject, Message=message, MessageAttributes=attributes)

    def verified_identities(self) -> frozenset[str]:
        names, more = set[str](), dict[str, str]()
        while True:  # boto3 has no paginator for it
            page = self._sesv2.list_email_identities(**more)
            names.update(identity["IdentityName"].lower() for identity in page.get("EmailIdentities", []))
            if not page.get("NextToken"):
                return frozenset(names)
            more = {"NextToken": page["NextToken"]}


def _client(service: str, endpoint_url: str, region: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=endpoint_url,
        region_name=region,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the emulator wants some key, any key
        config=Config(connect_timeout=3, read_timeout=15, retries={"total_max_attempts": 1}),
    )


def read_configuration_set(
    name: str, described: dict[str, Any], destinations: list[dict[str, Any]]
) -> ConfigurationSet:
    """SES's answers in our words; a disabled destination counts for nothing."""
    topics: dict[str, tuple[str, ...]] = {}
    enabled = [destination for destination in destinations if destination.get("Enabled")]
    for destination in enabled:
        topic = destination.get("SnsDestination", {}).get("TopicArn")
        for matching in destination["MatchingEventTypes"] if topic else ():
            topics[matching] = (*topics.get(matching, ()), topic)
    return ConfigurationSet(
        name=name,
        sending_enabled=described.get("SendingOptions", {}).get("SendingEnabled", True),
        topics=topics,
        tracked=frozenset(matching for destination in enabled for matching in destination["MatchingEventTypes"]),
    )


class RecentCloud:
    """A cloud whose answers are good for some seconds, so that an event costs no look-up."""

    def __init__(self, cloud: Cloud, good_for: float = 5.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._cloud, self._good_for, self._clock = cloud, good_for, clock
        self._answers: dict[str, tuple[float, Any]] = {}

    def configuration_set(self, name: str) -> ConfigurationSet | None:
        found: ConfigurationSet | None = self._recent(name, lambda: self._cloud.configuration_set(name))
        return found

    def verified_identities(self) -> frozenset[str]:
        found: frozenset[str] = self._recent("\0identities", self._cloud.verified_identities)
        return found

    def publish(self, topic_arn: str, subject: str, message: str) -> None:
        self._cloud.publish(topic_arn, subject, message)

    def _recent(self, key: str, ask: Callable[[], Any]) -> Any:
        asked_at, answer = self._answers.get(key, (0.0, None))
        # What was not there is asked for again: a set may be deployed, an identity be made, any moment.
        if not answer or self._clock() - asked_at > self._good_for:
            answer = ask()
            self._answers[key] = (self._clock(), answer)
        return answer
