"""The way of SES's events: from the configuration set to our topics, and from the topics to our functions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hato.doctor.finding import Finding, Mark


@dataclass(frozen=True, slots=True)
class Channel:
    """One of our topics: the output that names it, what SES is to publish to it, and the function behind it.

    Without an essential one a campaign cannot keep its word; without another only the report knows less.
    """

    name: str
    output: str
    events: frozenset[str]
    function: str
    is_essential: bool = True


# As in statemachine/resources.yaml.
CHANNELS = (
    Channel(
        *("feedback", "FeedbackTopic"),
        frozenset({"BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE"}),
        "on_feedback",
    ),
    Channel("delivery", "DeliveryTopic", frozenset({"DELIVERY", "DELIVERY_DELAY"}), "on_delivery"),
    Channel("engagement", "EngagementTopic", frozenset({"OPEN", "CLICK"}), "on_engagement", is_essential=False),
)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a configuration set publishes which events; `topic` is an ARN, empty where it is no topic."""

    name: str
    is_enabled: bool
    events: frozenset[str]
    topic: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """Somebody who wants a topic's messages; an unconfirmed one gets none."""

    protocol: str
    endpoint: str
    is_confirmed: bool


def judge_destination(
    channel: Channel, topic: str, destinations: Sequence[Destination], configuration_set: str
) -> Finding:
    """Whether SES publishes to this topic what belongs there."""
    subject = f"{channel.name} events"
    published = {
        event for each in destinations if each.is_enabled and each.topic == topic for event in each.events
    } & channel.events
    if published == channel.events:
        return Finding(Mark.OK, subject, f"SES publishes {_listed(channel.events)} to {_name(topic)}.")
    verb = "update" if channel.name in {each.name for each in destinations} else "create"
    definition = (
        f"Enabled=true,MatchingEventTypes={','.join(sorted(channel.events))},SnsDestination={{TopicArn={topic}}}"
    )
    return Finding(
        Mark.FAILED if channel.is_essential else Mark.WARNING,
        subject,
        f"SES does not publish {_listed(channel.events - published)} to {_name(topic)}.",
        f"`aws sesv2 {verb}-configuration-set-event-destination --configuration-set-name {configuration_set} "
        f"--event-destination-name {channel.name} --event-destination '{definition}'`",
    )


def judge_subscriptions(stack: str, found: Sequence[tuple[Channel, str, Sequence[Subscription]]]) -> Iterator[Finding]:
    """Whether a function stands behind each topic (channel, its ARN, its subscriptions)."""
    subject, silent = "subscriptions", list[tuple[Channel, str]]()
    for channel, topic, subscriptions in found:
        if not any(each.protocol == "lambda" and each.is_confirmed for each in subscriptions):
            silent.append((channel, topic))
    if not silent:
        yield Finding(Mark.OK, subject, f"A function listens to each of the {len(found)} topics.")
    for channel, topic in silent:
        function = _name(topic.replace(":sns:", ":lambda:", 1), to="function:") + f"{stack}-{channel.function}"
        yield Finding(
            Mark.FAILED if channel.is_essential else Mark.WARNING,
            subject,
            f"No function listens to {_name(topic)}.",
            f"`aws sns subscribe --topic-arn {topic} --protocol lambda --notification-endpoint {function}`",
        )


def judge_notifications(stack: str, subscriptions: Sequence[Subscription]) -> Finding:
    """Whether anybody is told when an alarm goes off."""
    subject, confirmed = "notifications", [each for each in subscriptions if each.is_confirmed]
    if confirmed:
        how = ", ".join(sorted({each.protocol for each in confirmed}))
        who = f"{len(confirmed)} subscribers" if len(confirmed) > 1 else "one subscriber"
        return Finding(Mark.OK, subject, f"Alarms reach {who} ({how}).")
    if subscriptions:
        text = "Who is to be told of alarms has not confirmed that yet."
        return Finding(Mark.WARNING, subject, text, "Follow the link in the mail from AWS Notifications.")
    stage = stack.removeprefix("hato-")
    return Finding(
        Mark.WARNING,
        subject,
        "Nobody is told when an alarm goes off.",
        f"`hato deploy --stage {stage} --set NotificationEmail=ADDRESS`",
    )


def _listed(events: frozenset[str]) -> str:
    *rest, last = sorted(event.replace("_", " ").lower() for event in events)
    return f"{', '.join(rest)} and {last}" if rest else last


def _name(arn: str, to: str = "") -> str:
    """The last part of an ARN; or all before it, and then this."""
    before, _, name = arn.rpartition(":")
    return f"{before}:{to}" if to else name
