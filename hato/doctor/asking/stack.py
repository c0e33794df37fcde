"""The stack, its functions, and who listens to its topics."""

from collections.abc import Sequence
from typing import Any

from botocore.exceptions import ClientError

from hato.doctor.judging.events import Subscription
from hato.doctor.judging.stack import Function, Stack

# What SNS has in the place of an ARN where a subscription is not in force.
_NOT_IN_FORCE = {"PendingConfirmation", "Deleted"}
_NEVER_MADE = "REVIEW_IN_PROGRESS"  # a change set was made, and never executed


def ask_stack(cloudformation: Any, name: str) -> Stack:
    """The stack of this name; without a status where there is none."""
    try:
        (found,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" in error.response["Error"].get("Message", ""):
            return Stack(name)
        raise
    if found["StackStatus"] == _NEVER_MADE:
        return Stack(name)
    return Stack(
        name=name,
        status=found["StackStatus"],
        parameters={each["ParameterKey"]: each.get("ParameterValue", "") for each in found.get("Parameters", ())},
        outputs={each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", ())},
    )


def ask_functions(lambda_: Any, stage: str) -> Sequence[Function]:
    """The stage's functions. Another stage's names may begin alike, so the stage in their environment counts too."""
    found = []
    for page in lambda_.get_paginator("list_functions").paginate():
        for each in page["Functions"]:
            environment = each.get("Environment", {}).get("Variables", {})
            if f"{each['FunctionName']}-".startswith(f"hato-{stage}-") and environment.get("STAGE", stage) == stage:
                found.append(Function(each["FunctionName"], each.get("Runtime", ""), environment.get("SENDER", "")))
    return found


def ask_subscriptions(sns: Any, topic: str) -> Sequence[Subscription]:
    """Who listens to a topic, or wants to."""
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    return [
        Subscription(each["Protocol"], each.get("Endpoint", ""), each["SubscriptionArn"] not in _NOT_IN_FORCE)
        for page in pages
        for each in page["Subscriptions"]
    ]
