"""What buckets, topics and queues take, and from whom."""

import json
from typing import Any

from tests.templates.reading import Templates

TOPICS = {"FeedbackTopic", "DeliveryTopic", "EngagementTopic"}


# Who may publish to which topic.
PUBLISHERS = dict.fromkeys(TOPICS, "ses.amazonaws.com") | {"NotificationTopic": "cloudwatch.amazonaws.com"}


def check_bucket_is_private(templates: Templates) -> list[str]:
    """every bucket blocks public access, encrypts, and refuses plain HTTP"""
    wanted = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True)
    refused = {
        policy["Bucket"]["Ref"]
        for policy in templates.of_type("AWS::S3::BucketPolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if is_tls_only(statement)
    }
    found = []
    for name, bucket in templates.of_type("AWS::S3::Bucket").items():
        if bucket.get("PublicAccessBlockConfiguration") != wanted:
            found.append(f"{name} does not block all public access")
        if "BucketEncryption" not in bucket:
            found.append(f"{name} does not encrypt")
        if name not in refused:
            found.append(f"{name} takes plain HTTP")
    return found


def check_topic_policies(templates: Templates) -> list[str]:
    """only SES, or CloudWatch's alarms, of this account and stage may publish to the topics, and over TLS alone"""
    found, publishers = [], dict[str, str]()
    for policy in templates.of_type("AWS::SNS::TopicPolicy").values():
        for statement in statements_on_aws(policy):
            condition = statement.get("Condition", {})
            account = condition.get("StringEquals", {}).get("aws:SourceAccount")
            source = json.dumps(condition.get("ArnLike", {}).get("aws:SourceArn", ""))
            publisher = str(statement["Principal"].get("Service")) if isinstance(statement["Principal"], dict) else "*"
            if statement["Effect"] == "Deny":
                continue
            if account != {"Ref": "AWS::AccountId"} or "hato-${Stage}" not in source or publisher == "*":
                found.append(f"{statement.get('Sid')} lets {statement['Principal']} do {statement['Action']}")
            publishers |= {topic["Ref"]: publisher for topic in policy["Topics"]}
        if not any(map(is_tls_only, statements_on_aws(policy))):
            found += [f"{topic['Ref']} takes plain HTTP" for topic in policy["Topics"]]
    wrong = {name for name, publisher in PUBLISHERS.items() if publishers.get(name, publisher) != publisher}
    found += [f"{name} hears {publishers[name]}" for name in sorted(wrong)]
    return found + [f"{name} has no policy" for name in sorted(PUBLISHERS.keys() - publishers.keys())]


def check_queue_policies(templates: Templates) -> list[str]:
    """every queue encrypts, takes TLS alone, and only what comes from this account or its topics"""
    refused, found = set[str](), []
    for policy in templates.of_type("AWS::SQS::QueuePolicy").values():
        for statement in statements_on_aws(policy):
            if is_tls_only(statement):
                refused |= {queue["Ref"] for queue in policy["Queues"]}
            sources = statement.get("Condition", {}).get("ArnEquals", {}).get("aws:SourceArn", [])
            if statement["Effect"] == "Allow" and {each["Ref"] for each in sources} != TOPICS:
                found.append(f"{statement['Sid']} lets {statement['Principal']} do {statement['Action']}")
    queues = templates.of_type("AWS::SQS::Queue")
    found += [f"{name} does not encrypt" for name, queue in queues.items() if not queue.get("SqsManagedSseEnabled")]
    return found + [f"{name} takes plain HTTP" for name in sorted(queues.keys() - refused)]


def statements_on_aws(policy: dict[str, Any]) -> list[dict[str, Any]]:
    """A policy's statements, those among them that the local cloud goes without."""
    statements = policy["PolicyDocument"]["Statement"]
    return [each["Fn::If"][1] if "Fn::If" in each else each for each in statements]


def is_tls_only(statement: dict[str, Any]) -> bool:
    told = (statement["Effect"], statement["Principal"], statement.get("Condition"))
    return told == ("Deny", "*", {"Bool": {"aws:SecureTransport": "false"}})
