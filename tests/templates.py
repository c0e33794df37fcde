"""What the package must hold, checked without AWS: the SAM template, the CloudFormation template that SAM makes of it,
the IAM policies and the state machine.

python -m tests.templates FOLDER [STAGE]    makes the package there, and what SAM makes of it; prints what it checked;
                                            exit 1 on any finding
"""

import copy
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import yaml
from cfnlint.api import lint_file
from cfnlint.config import ManualArgs
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER
from samtranslator.translator.transform import transform

from chalicelib import errors
from hato.packaging import package
from hato.policies import narrowed
from hato.project import ROOT
from hato.template import Source, read_template

OUTPUTS = (
    *("UploadBucket", "MailsTable", "ContactsTable", "CampaignsTable", "DeliveriesTable", "SendQueue"),
    *("SendDeadLetterQueue", "FeedbackTopic", "DeliveryTopic", "EngagementTopic", "StateMachine"),
    *("ConfigurationSet", "EndpointURL", "EventDeadLetterQueue", "NotificationTopic"),
)
TOPICS = {"FeedbackTopic", "DeliveryTopic", "EngagementTopic"}
# Who may publish to which topic.
PUBLISHERS = dict.fromkeys(TOPICS, "ses.amazonaws.com") | {"NotificationTopic": "cloudwatch.amazonaws.com"}
# What holds data, and how it is kept.
HOLD_DATA = {
    "AWS::DynamoDB::Table": {
        "DeletionProtectionEnabled": True,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "SSESpecification": {"SSEEnabled": True},
    },
    "AWS::S3::Bucket": {"VersioningConfiguration": {"Status": "Enabled"}},
    "AWS::SecretsManager::Secret": {},
}
# What may be made anew by a setting: nobody knows it by its name, and it holds nothing.
LIGHT = {"AWS::SNS::Subscription"}
FOUNDATION_EXPORT = "hato-${Stage}-foundation:"
PLAIN = "template.plain.json"  # what SAM made, left in the package's folder for tests.rules

# Where a policy may say `"Resource": "*"`, and why it cannot say less. What cfn-lint knows of IAM must agree.
ON_ALL_RESOURCES = {
    "ses:GetAccount": "it asks of the account, which is no resource",
    "states:SendTaskSuccess": "a task token is no resource, and IAM has none for this action",
    "states:SendTaskFailure": "a task token is no resource, and IAM has none for this action",
    "dynamodb:BatchExecuteStatement": "no action of AWS's: the local cloud asks for it, and only there is it given",
}
# The errors that AWS itself gives to a Retry or a Catch.
STATES_ERRORS = {"States.ALL", "States.TaskFailed", "States.Timeout", "States.HeartbeatTimeout", "States.Permissions"}
# What ends a batch for good.
NEVER_AGAIN = {"CampaignStopped", "BatchMalformed", "MailInvalid", "MailNotFound"}

_REFERENCE = re.compile(r"\$\{([A-Za-z0-9]+)(?:\.[A-Za-z0-9.]+)?\}")
_ANY_BUCKET = "s3://hato-artifacts/key"  # SAM wants the files uploaded; where to is all the same here


@dataclass(frozen=True, slots=True)
class Templates:
    """The package's template, what SAM makes of it, the state machine's definition, and the project they came from."""

    sam: dict[str, Any]
    plain: dict[str, Any]
    definition: dict[str, Any]
    stacks: dict[str, dict[str, Any]]
    project: Path = ROOT

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """The properties of all resources of this type, in the template that CloudFormation deploys."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.plain["Resources"].items()
            if resource["Type"] == kind
        }

    def states(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """All states by name, those inside of a Map too."""
        for machine in self.machines():
            yield from machine["States"].items()

    def machines(self) -> Iterator[dict[str, Any]]:
        """The state machine, and each one inside of a Map."""
        waiting = [self.definition]
        while waiting:
            machine = waiting.pop()
            yield machine
            waiting += [state["ItemProcessor"] for state in machine["States"].values() if "ItemProcessor" in state]


def read_templates(folder: Path) -> Templates:
    """The templates of the package in this folder."""
    sam = yaml.safe_load((folder / "sam.yaml").read_text())
    text = (folder / "campaign.asl.json").read_text()
    stacks = {name: yaml.safe_load((folder / f"{name}.yaml").read_text()) for name in ("foundation", "orchestration")}
    return Templates(sam, to_cloudformation(sam, text), json.loads(text), stacks)


def to_cloudformation(sam: dict[str, Any], definition: str) -> dict[str, Any]:
    """The template that CloudFormation deploys, the state machine's definition inside of it as one plain text.

    SAM would take the definition in as an Fn::Join of lines, into which cfn-lint does not look.
    """
    uploaded = copy.deepcopy(sam)
    for resource in uploaded["Resources"].values():
        for name in ("CodeUri", "DefinitionUri"):
            if isinstance(resource.get("Properties", {}).get(name), str):
                resource["Properties"][name] = _ANY_BUCKET
    os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")  # SAM asks for it; nothing is called
    plain: dict[str, Any] = transform(uploaded, {}, SimpleNamespace(load=dict))  # no managed policies to look up
    for resource in plain["Resources"].values():
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            del resource["Properties"]["DefinitionS3Location"]
            resource["Properties"]["DefinitionString"] = definition
        if resource["Type"] == "AWS::ApiGateway::Stage":  # SAM leaves the reasons with the API alone
            api = plain["Resources"][resource["Properties"]["RestApiId"]["Ref"]]
            resource["Metadata"] = api.get("Metadata", {})
    return plain


# ── what cfn-lint says ──────────────────────────────────────────────────────────────────────────────────────────────


def lint(template: dict[str, Any]) -> list[str]:
    """cfn-lint's errors and warnings."""
    with tempfile.TemporaryDirectory(prefix="hato-lint-") as folder:
        file = Path(folder) / "template.json"
        file.write_text(json.dumps(template, indent=1))
        found = lint_file(file, config=ManualArgs(regions=["us-east-1"]))
    return [f"{each.rule.id} {each.message} (at {'/'.join(map(str, each.path or ()))})" for each in found]


def check_sam_lint(templates: Templates) -> list[str]:
    """cfn-lint finds nothing in the SAM template, not even a warning"""
    return lint(templates.sam)


def check_plain_lint(templates: Templates) -> list[str]:
    """cfn-lint finds nothing in the CloudFormation template, the state machine's definition included"""
    return lint(templates.plain)


def check_suppressions(templates: Templates) -> list[str]:
    """every suppressed rule of cfn-lint has its reason beside it, and no rule is suppressed elsewhere"""
    lines = (templates.project / "statemachine" / "resources.yaml").read_text().splitlines()
    bare = [line.strip() for line in lines if "ignore_checks" in line and not re.search(r"\s# \S+ \S+", line)]
    settings = [file.name for name in (".cfnlintrc*", ".checkov.y*ml") for file in templates.project.glob(name)]
    return [f"no reason: {line}" for line in bare] + [f"settings outside of the template: {name}" for name in settings]


# ── the stack ───────────────────────────────────────────────────────────────────────────────────────────────────────


def check_outputs(templates: Templates) -> list[str]:
    """the stack has every output that the design promises"""
    return [f"no output {name}" for name in OUTPUTS if name not in templates.plain["Outputs"]]


def check_upload_event(templates: Templates) -> list[str]:
    """the bucket tells on_upload, and nothing else, of every object that is created"""
    bucket = templates.of_type("AWS::S3::Bucket")["UploadBucket"]
    told = bucket.get("NotificationConfiguration", {}).get("LambdaConfigurations", [])
    wanted = [{"Event": "s3:ObjectCreated:*", "Function": {"Fn::GetAtt": ["OnUpload", "Arn"]}}]
    return [] if told == wanted else [f"the bucket's notifications are {told}"]


def check_names(templates: Templates) -> list[str]:
    """every function is named as `chalice deploy` names it, which the policies for its logs expect"""
    settings = json.loads((templates.project / ".chalice" / "config.json").read_text())["lambda_functions"]
    wanted = {_logical_id(name): "hato-${Stage}" + f"-{name}" * (name != "api_handler") for name in settings}
    functions = templates.of_type("AWS::Lambda::Function")
    names = {name: properties.get("FunctionName") for name, properties in functions.items()}
    return [f"{logical} is named {name}" for logical, name in names.items() if name != {"Fn::Sub": wanted.get(logical)}]


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


def check_data_is_kept(templates: Templates) -> list[str]:
    """what holds data outlives its stack: tables, bucket and key are retained, and the tables protected and saved"""
    found = []
    for name, resource in templates.plain["Resources"].items():
        if resource["Type"] not in HOLD_DATA:
            continue
        if {resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")} != {"Retain"}:
            found.append(f"{name} goes with its stack")
        wanted = HOLD_DATA[resource["Type"]]
        found += [f"{name} lacks {key}" for key, value in wanted.items() if resource["Properties"].get(key) != value]
    return found


def check_nothing_is_replaced(templates: Templates) -> list[str]:
    """no setting can replace what holds data, or what others know by its name: only the stage is in its making"""
    settings = templates.plain["Parameters"].keys() - {"Stage"}
    found = []
    for name, resource in templates.plain["Resources"].items():
        schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource["Type"]).schema
        for pointer in (*schema.get("createOnlyProperties", ()), *schema.get("conditionalCreateOnlyProperties", ())):
            made_with = resource.get("Properties", {}).get(pointer.split("/")[2])
            if resource["Type"] in LIGHT or made_with is None:
                continue
            found += [f"{each} replaces {name}" for each in sorted(settings & _references([made_with]))]
    return found


def check_data_has_the_shape_it_had(templates: Templates) -> list[str]:
    """tables, bucket and key are named and keyed as in the first version, so that an update finds its data"""
    shape = json.loads((Path(__file__).parent / "samples" / "data.json").read_text())
    parts = ("TableName", "KeySchema", "AttributeDefinitions", "BucketName", "Name")
    found = {
        name: {part: resource["Properties"][part] for part in parts if part in resource["Properties"]}
        for name, resource in templates.plain["Resources"].items()
        if resource["Type"] in HOLD_DATA
    }
    wrong = [name for name in sorted(shape.keys() | found.keys()) if shape.get(name) != found.get(name)]
    return [f"{name} is not what it was" for name in wrong]


def check_failures_are_kept(templates: Templates) -> list[str]:
    """an event that a function fails on, or that SNS cannot hand over, goes to the dead letters"""
    queue = {"Fn::GetAtt": ["EventDeadLetterQueue", "Arn"]}
    kept = {
        each["FunctionName"]["Ref"]
        for each in templates.of_type("AWS::Lambda::EventInvokeConfig").values()
        if each["DestinationConfig"]["OnFailure"]["Destination"] == queue
    }
    called = {"OnUpload", "OnFeedback", "OnDelivery", "OnEngagement"}
    found = [f"{name} loses what it fails on" for name in sorted(called - kept)]
    for name, subscription in templates.of_type("AWS::SNS::Subscription").items():
        redriven = subscription.get("RedrivePolicy", {}).get("deadLetterTargetArn")
        if subscription["Protocol"] == "lambda" and redriven != queue:
            found.append(f"{name} loses what it cannot hand over")
    return found


def check_alarms(templates: Templates) -> list[str]:
    """every alarm tells the notification topic, is quiet without data and has a runbook; every function is watched"""
    text = (templates.project / "docs" / "runbooks.md").read_text()
    runbooks = {line.removeprefix("## ").strip() for line in text.splitlines() if line.startswith("## ")}
    found, watched = [], set[str]()
    for name, alarm in templates.of_type("AWS::CloudWatch::Alarm").items():
        if alarm["AlarmActions"] != [{"Ref": "NotificationTopic"}] or alarm["TreatMissingData"] != "notBreaching":
            found.append(f"{name} tells nobody, or of nothing")
        if alarm["MetricName"] == "Errors":
            watched |= {each["Value"]["Ref"] for each in alarm["Dimensions"]}
        kind = alarm["AlarmName"]["Fn::Sub"].removeprefix("hato-${Stage}-")
        if not runbooks & {kind, "errors-FUNCTION" if kind.startswith("errors-") else kind}:
            found.append(f"{name} has no runbook {kind}")
    unwatched = templates.of_type("AWS::Lambda::Function").keys() - watched
    return found + [f"nobody sees that {name} fails" for name in sorted(unwatched)]


def check_stacks_lint(templates: Templates) -> list[str]:
    """cfn-lint finds nothing in the two stacks around `chalice deploy`"""
    return [f"{name}: {each}" for name, template in templates.stacks.items() for each in lint(template)]


def check_stacks_are_whole(templates: Templates) -> list[str]:
    """each resource of the one stack is in one of the two, and what the one says to it the other gives"""
    source = Source(read_template())
    parts = [set(template["Resources"]) for template in templates.stacks.values()]
    found = [f"{name} is in neither" for name in sorted(source.resources.keys() - set().union(*parts))]
    found += [f"{name} is in both" for name in sorted(set.intersection(*parts))]
    exported = {output["Export"]["Name"]["Fn::Sub"] for output in templates.stacks["foundation"]["Outputs"].values()}
    imported = {text for text in _texts(templates.stacks["orchestration"]) if text.startswith(FOUNDATION_EXPORT)}
    return found + [f"nobody exports {name}" for name in sorted(imported - exported)]


def check_visibility(templates: Templates) -> list[str]:
    """a message stays hidden for at least six times as long as its function may run"""
    functions, queues = templates.of_type("AWS::Lambda::Function"), templates.of_type("AWS::SQS::Queue")
    found = []
    for source in templates.of_type("AWS::Lambda::EventSourceMapping").values():
        timeout = functions[source["FunctionName"]["Ref"]]["Timeout"]
        queue = next(iter(_references(source["EventSourceArn"])))
        hidden = queues[queue].get("VisibilityTimeout", 30)
        if hidden < 6 * timeout:
            found.append(f"{queue} hides a message for {hidden} s, its function may run for {timeout} s")
    return found


def check_no_circle(templates: Templates) -> list[str]:
    """no resource depends on itself, and what the bucket notifies does not depend on the bucket"""
    needs = {name: _references(resource) for name, resource in templates.plain["Resources"].items()}
    circles = [f"{name} depends on itself" for name in needs if name in _reachable(needs, needs[name])]
    notified = _references(templates.of_type("AWS::S3::Bucket")["UploadBucket"].get("NotificationConfiguration", {}))
    refs = [f"{name} refers to the bucket" for name in notified if "UploadBucket" in _reachable(needs, needs[name])]
    return circles + refs


# ── IAM ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def check_roles(templates: Templates) -> list[str]:
    """every function has a role that no other has, with what its own policy file says and no more"""
    settings = json.loads((templates.project / ".chalice" / "config.json").read_text())["lambda_functions"]
    functions = {_logical_id(name): function for name, function in settings.items()}
    roles = templates.of_type("AWS::IAM::Role")
    found, owner = [], dict[str, str]()
    for name, properties in sorted(templates.of_type("AWS::Lambda::Function").items()):
        role = properties["Role"]["Fn::GetAtt"][0]
        if owner.setdefault(role, name) != name:
            found.append(f"{name} shares {role} with {owner[role]}")
        if name not in functions:
            found.append(f"{name} has no policy file in config.json")
            continue
        file = templates.project / ".chalice" / functions[name]["iam_policy_file"]
        policies = [policy["PolicyDocument"] for policy in roles[role].get("Policies", ())]
        if policies != [narrowed(json.loads(file.read_text()))] or roles[role].get("ManagedPolicyArns"):
            found.append(f"{role} is not what {file.name} says")
    used = {function["iam_policy_file"] for function in functions.values()}
    unused = {file.name for file in (templates.project / ".chalice").glob("policy-*.json")} - used
    return found + [f"no function has {name}" for name in sorted(unused)]


def check_policies(templates: Templates) -> list[str]:
    """no policy allows a whole service, and none says all resources where IAM can say less"""
    known = json.loads((files("cfnlint.data.AdditionalSpecs") / "Policies.json").read_text())
    found = []
    for where, statement in allowed(templates):
        for action in listed(statement["Action"]):
            service, _, verb = action.partition(":")
            if "*" in action:
                found.append(f"{where} allows {action}")
            elif not any(_is_everything(resource) for resource in listed(statement["Resource"])):
                continue
            elif action not in ON_ALL_RESOURCES:
                found.append(f"{where} allows {action} on all resources")
            elif verb.lower() not in known[service]["Actions"]:
                if templates.plain["Resources"][where.split("/")[0]].get("Condition") != "OnLocalCloud":
                    found.append(f"{where} allows {action}, which AWS does not know")
            elif finer := known[service]["Actions"][verb.lower()].get("Resources"):
                found.append(f"{where} allows {action} on all resources, where IAM knows {finer}")
    return found


def check_missing_is_told_from_forbidden(templates: Templates) -> list[str]:
    """every function that reads objects may list the bucket, without which S3 calls a missing object forbidden"""
    found = []
    for name, role in templates.of_type("AWS::IAM::Role").items():
        actions = {
            action
            for policy in role.get("Policies", ())
            for statement in policy["PolicyDocument"]["Statement"]
            for action in listed(statement["Action"])
        }
        is_function = "lambda.amazonaws.com" in json.dumps(role["AssumeRolePolicyDocument"])
        if is_function and "s3:GetObject" in actions and "s3:ListBucket" not in actions:
            found.append(f"{name} reads objects and may not list")
    return found


# ── the state machine ───────────────────────────────────────────────────────────────────────────────────────────────


def check_states_are_reachable(templates: Templates) -> list[str]:
    """every state can be reached, every next state exists, and every path can end"""
    found = []
    for machine in templates.machines():
        nexts = {name: _next_states(state) for name, state in machine["States"].items()}
        targets = {machine["StartAt"]}.union(*nexts.values())
        found += [f"there is no state {name}" for name in sorted(targets - nexts.keys())]
        reached = _reachable(nexts, {machine["StartAt"]})
        found += [f"{name} is never reached" for name in nexts if name not in reached]
        ends = {name for name, state in machine["States"].items() if state.get("End") or state["Type"] in _ENDS}
        found += [f"{name} never ends" for name in nexts if not ends & _reachable(nexts, {name})]
    return found


def check_errors_are_known(templates: Templates) -> list[str]:
    """every error that a Retry or a Catch names is one of Hato's or of AWS's, and States.ALL stands alone and last"""
    ours = {name for name, thing in vars(errors).items() if isinstance(thing, type)}
    found = []
    for name, state in templates.states():
        for part in ("Retry", "Catch"):
            listed = [rule["ErrorEquals"] for rule in state.get(part, ())]
            unknown = {error for each in listed for error in each} - ours - STATES_ERRORS
            found += [f"{part} of {name} names {error}" for error in sorted(unknown)]
            if any("States.ALL" in each and (each != ["States.ALL"] or each is not listed[-1]) for each in listed):
                found.append(f"{part} of {name} has States.ALL before others")
    return found


def check_errors_are_told_apart(templates: Templates) -> list[str]:
    """a batch that must wait has a Retry for each reason to wait, and one that can never be sent is not tried again"""
    rules = dict(templates.states())["SendBatch"]["Retry"]
    attempts = {error: rule.get("MaxAttempts", 3) for rule in rules for error in rule["ErrorEquals"]}
    returned = {each.__name__ for each in errors.BatchReturned.__subclasses__()}
    found = [f"SendBatch does not wait for {name}" for name in sorted(returned) if not attempts.get(name)]
    return found + [f"SendBatch tries {name} again" for name in sorted(NEVER_AGAIN) if attempts.get(name) != 0]


def check_substitutions(templates: Templates) -> list[str]:
    """every ${Substitution} of the definition is given, and every one that is given is used"""
    used = {name for text in _texts(templates.definition) for name in _REFERENCE.findall(text)}
    machine = templates.of_type("AWS::StepFunctions::StateMachine")["CampaignStateMachine"]
    given = set(machine.get("DefinitionSubstitutions", {}))
    unset = [f"${{{name}}} is not given" for name in sorted(used - given)]
    return unset + [f"{name} is given and not used" for name in sorted(given - used)]


_ENDS = {"Succeed", "Fail"}


def _next_states(state: dict[str, Any]) -> set[str]:
    rules = [state, *state.get("Choices", ()), *state.get("Catch", ())]
    return {rule[key] for rule in rules for key in ("Next", "Default") if key in rule}


def _logical_id(function: str) -> str:
    return "APIHandler" if function == "api_handler" else "".join(word.title() for word in function.split("_"))


def statements_on_aws(policy: dict[str, Any]) -> list[dict[str, Any]]:
    """A policy's statements, those among them that the local cloud goes without."""
    statements = policy["PolicyDocument"]["Statement"]
    return [each["Fn::If"][1] if "Fn::If" in each else each for each in statements]


def is_tls_only(statement: dict[str, Any]) -> bool:
    told = (statement["Effect"], statement["Principal"], statement.get("Condition"))
    return told == ("Deny", "*", {"Bool": {"aws:SecureTransport": "false"}})


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_everything(resource: Any) -> bool:
    """Whether the resource is `*`, or an ARN that names a service and nothing in it."""
    text = resource.get("Fn::Sub", "") if isinstance(resource, dict) else resource
    return text[-1:] == "*" and not re.sub(r"\$\{[^}]+\}", "x", text).split(":", 5)[-1].strip("*")


def allowed(templates: Templates) -> Iterator[tuple[str, dict[str, Any]]]:
    owners = {**templates.of_type("AWS::IAM::Role"), **templates.of_type("AWS::IAM::Policy")}
    for name, properties in owners.items():
        for policy in properties.get("Policies", ()) or [properties]:
            for statement in policy.get("PolicyDocument", {}).get("Statement", ()):
                if statement["Effect"] == "Allow":
                    yield f"{name}/{statement.get('Sid', '')}", statement


def _references(part: Any) -> set[str]:
    """The resources that this part of a template refers to, and pseudo parameters among them."""
    if isinstance(part, list):
        return set().union(*map(_references, part))
    if not isinstance(part, dict):
        return set()
    found = set(listed(part.get("DependsOn", [])))
    if isinstance(part.get("Ref"), str):
        found.add(part["Ref"])
    if "Fn::GetAtt" in part:
        found.add(listed(part["Fn::GetAtt"])[0].split(".")[0])
    if "Fn::Sub" in part:
        found |= set(_REFERENCE.findall(listed(part["Fn::Sub"])[0]))
    return found.union(*(_references(value) for value in part.values()))


def _reachable(graph: dict[str, set[str]], start: set[str]) -> set[str]:
    found, waiting = set[str](), list(start)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += graph.get(name, ())
    return found


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, list | dict):
        for each in part.values() if isinstance(part, dict) else part:
            yield from _texts(each)


CHECKS: tuple[Callable[[Templates], list[str]], ...] = (
    check_sam_lint,
    check_plain_lint,
    check_suppressions,
    check_outputs,
    check_upload_event,
    check_names,
    check_bucket_is_private,
    check_topic_policies,
    check_queue_policies,
    check_data_is_kept,
    check_nothing_is_replaced,
    check_data_has_the_shape_it_had,
    check_failures_are_kept,
    check_alarms,
    check_stacks_lint,
    check_stacks_are_whole,
    check_visibility,
    check_no_circle,
    check_roles,
    check_policies,
    check_missing_is_told_from_forbidden,
    check_states_are_reachable,
    check_errors_are_known,
    check_errors_are_told_apart,
    check_substitutions,
)


def main(folder: str, stage: str = "dev") -> int:
    """Make the package, check it, and say what was checked; returns how the process is to exit."""
    made = package(Path(folder).resolve(), stage).folder
    templates = read_templates(made)
    (made / PLAIN).write_text(json.dumps(templates.plain, indent=1))
    wrong = 0
    for check in CHECKS:
        findings = check(templates)
        wrong += len(findings)
        sys.stdout.write(f"{'WRONG' if findings else 'ok   '} {check.__doc__}\n")
        sys.stdout.writelines(f"      - {finding}\n" for finding in findings)
    sys.stdout.write("`Resource: *` where IAM has nothing finer:\n")
    sys.stdout.writelines(f"      {action}: {reason}\n" for action, reason in ON_ALL_RESOURCES.items())
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
