"""The functions that are called without anybody waiting for an answer, and how a dead letter names one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# By the output of the stack that names the topic.
_OF_TOPICS = {"FeedbackTopic": "on_feedback", "DeliveryTopic": "on_delivery", "EngagementTopic": "on_engagement"}
_KNOWN = frozenset({"on_upload", "refresh_pace", *_OF_TOPICS.values()})


@dataclass(frozen=True, slots=True)
class Functions:
    """The functions of one stack; they go by their names in app.py. `topics` says whose each topic's ARN is."""

    stack: str
    topics: Mapping[str, str]

    @classmethod
    def of_stack(cls, stack: str, outputs: Mapping[str, str]) -> "Functions":
        """The functions of the stack with these outputs."""
        return cls(stack, {outputs[name]: function for name, function in _OF_TOPICS.items() if name in outputs})

    def deployed_name(self, function: str) -> str:
        """The name under which Lambda knows the function."""
        return f"{self.stack}-{function}"

    def of_arn(self, arn: object) -> str:
        """The function with this ARN; empty where it is none of these."""
        parts = arn.split(":") if isinstance(arn, str) else []
        name = parts[6] if len(parts) > 6 else ""  # a version or an alias may follow
        # Earlier deployments wrote them with dashes, and a dead letter may be older than a deployment.
        function = name.removeprefix(f"{self.stack}-").replace("-", "_") if name.startswith(f"{self.stack}-") else ""
        return function if function in _KNOWN else ""

    def of_event(self, event: Mapping[str, Any]) -> str:
        """The function that is called with such an event; empty where none is."""
        if event.get("detail-type") == "Scheduled Event":
            return "refresh_pace"
        records = event.get("Records")
        record = records[0] if isinstance(records, list) and records else None
        if not isinstance(record, Mapping):
            return ""
        if isinstance(record.get("s3"), Mapping):
            return "on_upload"
        notification = record.get("Sns")
        return self.of_topic(notification.get("TopicArn")) if isinstance(notification, Mapping) else ""

    def of_topic(self, arn: object) -> str:
        """The function that this topic calls; empty where it is none of the stack's topics."""
        return self.topics.get(arn, "") if isinstance(arn, str) else ""
