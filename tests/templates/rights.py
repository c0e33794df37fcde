"""What each role may do."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from hato.policies import narrowed
from tests.templates.reading import Templates, listed, logical_id

# Where a policy may say `"Resource": "*"`, and why it cannot say less. What cfn-lint knows of IAM must agree.
ON_ALL_RESOURCES = {
    "ses:GetAccount": "it asks of the account, which is no resource",
    "states:SendTaskSuccess": "a task token is no resource, and IAM has none for this action",
    "states:SendTaskFailure": "a task token is no resource, and IAM has none for this action",
    "dynamodb:BatchExecuteStatement": "no action of AWS's: the local cloud asks for it, and only there is it given",
}


def check_roles(templates: Templates) -> list[str]:
    """every function has a role that no other has, with what its own policy file says and no more"""
    settings = json.loads((templates.project / ".chalice" / "config.json").read_text())["lambda_functions"]
    functions = {logical_id(name): function for name, function in settings.items()}
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


# The pages stand on the internet: they may not list, and take a report.csv that is forbidden for one that is missing.
TAKES_BOTH_ALIKE = {"ApiHandlerRole"}


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
        has_to_tell = is_function and name not in TAKES_BOTH_ALIKE
        if has_to_tell and "s3:GetObject" in actions and "s3:ListBucket" not in actions:
            found.append(f"{name} reads objects and may not list")
    return found


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
