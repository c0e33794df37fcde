"""A package becomes a stack: uploaded, turned into a change set, executed, and waited for."""

import hashlib
import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml
from botocore.exceptions import ClientError

from chalicelib.domain import pacing
from chalicelib.errors import HatoError
from hato.access import Access
from hato.packaging import Package

Progress = Callable[[str], None]
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
_LONGEST_WAIT = 30 * 60


class DeployFailed(HatoError):
    """CloudFormation did not make the stack what the template says."""


def deploy(
    access: Access, package: Package, parameters: dict[str, str], progress: Progress = lambda text: None
) -> dict[str, str]:
    """Create or update the stage's stack from the package; returns its outputs. Raises DeployFailed."""
    if "Sender" not in parameters and _stack(access) is None:
        raise DeployFailed(f"{access.stack} is a new stack and needs its From address: --sender ADDRESS.")
    bucket = _artifact_bucket(access)
    progress(f"uploading the package to {bucket}")
    template = _upload_files(access, package, bucket)
    progress(f"making a change set of {access.stack}")
    given = {"Stage": access.stage, "OnLocalCloud": "true" if access.endpoint_url else "false", **parameters}
    if _change_set(access, template, bucket, given):
        _wait_for_stack(access, progress)
    access.__dict__.pop("outputs", None)  # what was read before the deployment is out of date
    return access.outputs


def send_concurrency(access: Access) -> int:
    """How many batches the send function takes at once, by the account's rate: twice what one campaign asks for."""
    rate = access.client("sesv2").get_account()["SendQuota"]["MaxSendRate"]
    limits = pacing.Limits(max(1.0, rate))
    return min(pacing.MOST_AT_ONCE, 2 * pacing.concurrency(limits, pacing.batch_size(limits)))


def _artifact_bucket(access: Access) -> str:
    """The bucket that packages are uploaded to, made where it does not exist."""
    account = access.client("sts").get_caller_identity()["Account"]
    name = f"{access.stack}-deploy-{account}-{access.region}"
    s3 = access.client("s3")
    try:
        s3.head_bucket(Bucket=name)
    except ClientError:
        elsewhere = {"LocationConstraint": access.region} if access.region != "us-east-1" else None
        s3.create_bucket(Bucket=name, **({"CreateBucketConfiguration": elsewhere} if elsewhere else {}))
        s3.put_public_access_block(
            Bucket=name,
            PublicAccessBlockConfiguration=dict.fromkeys(
                ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True
            ),
        )
    return name


def _upload_files(access: Access, package: Package, bucket: str) -> str:
    """Upload the files that the template names, under names made from their content; the template that says so."""
    s3 = access.client("s3")
    uris: dict[str, str] = {}

    def uploaded(name: str) -> str:
        if name not in uris:
            content = (package.folder / name).read_bytes()
            key = f"{hashlib.sha256(content).hexdigest()[:32]}/{Path(name).name}"
            s3.put_object(Bucket=bucket, Key=key, Body=content)
            uris[name] = f"s3://{bucket}/{key}"
        return uris[name]

    template = yaml.safe_load(package.template.read_text())
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        for name in ("CodeUri", "DefinitionUri"):
            if isinstance(properties.get(name), str):
                properties[name] = uploaded(properties[name])
    return json.dumps(template)


def _change_set(access: Access, template: str, bucket: str, parameters: dict[str, str]) -> bool:
    """Make and execute the change set; False where there was nothing to change."""
    cloudformation = access.client("cloudformation")
    key = f"{hashlib.sha256(template.encode()).hexdigest()[:32]}/template.json"
    access.client("s3").put_object(Bucket=bucket, Key=key, Body=template.encode())
    kept = _parameters(template, parameters, _stack(access))
    name = f"hato-{int(time.time() * 1000)}"
    cloudformation.create_change_set(
        StackName=access.stack,
        ChangeSetName=name,
        ChangeSetType="UPDATE" if _stack(access) else "CREATE",
        # A template of more than 51,200 bytes must come from S3.
        TemplateURL=access.client("s3").generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key})
        if access.endpoint_url is None
        else f"{access.endpoint_url}/{bucket}/{key}",
        Parameters=kept,
        Capabilities=_CAPABILITIES,
    )
    made = _poll(
        lambda: cloudformation.describe_change_set(StackName=access.stack, ChangeSetName=name),
        lambda answer: answer["Status"] in {"CREATE_COMPLETE", "FAILED"},
    )
    if made["Status"] == "FAILED":
        reason = made.get("StatusReason", "")
        cloudformation.delete_change_set(StackName=access.stack, ChangeSetName=name)
        if "didn't contain changes" in reason or "No updates" in reason:
            return False
        raise DeployFailed(f"The change set of {access.stack} failed: {reason}")
    cloudformation.execute_change_set(StackName=access.stack, ChangeSetName=name)
    return True


def _parameters(template: str, given: dict[str, str], stack: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The given values; what is not given stays as the stack has it, and is the default in a new stack."""
    declared = json.loads(template).get("Parameters", {})
    if unknown := sorted(given.keys() - declared.keys()):
        raise DeployFailed(f"There is no parameter {', '.join(unknown)}; there are {', '.join(sorted(declared))}.")
    existing = {each["ParameterKey"] for each in (stack or {}).get("Parameters", ())}
    values: list[dict[str, Any]] = [{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()]
    return values + [
        {"ParameterKey": name, "UsePreviousValue": True} for name in existing & declared.keys() - given.keys()
    ]


def _wait_for_stack(access: Access, progress: Progress) -> None:
    last = ""

    def look() -> dict[str, Any]:
        nonlocal last
        stack = _stack(access) or {"StackStatus": "GONE"}
        if stack["StackStatus"] != last:
            last = stack["StackStatus"]
            progress(f"{access.stack}: {last.replace('_', ' ').lower()}")
        return stack

    stack = _poll(look, lambda answer: not answer["StackStatus"].endswith("_IN_PROGRESS"))
    if stack["StackStatus"] not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        raise DeployFailed(f"{access.stack} is {stack['StackStatus']}: {'; '.join(_failures(access))}")


def _failures(access: Access) -> Iterable[str]:
    events = access.client("cloudformation").describe_stack_events(StackName=access.stack)["StackEvents"]
    for event in reversed(events):
        if event["ResourceStatus"].endswith("_FAILED"):
            yield f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"


def _stack(access: Access) -> dict[str, Any] | None:
    try:
        stacks = access.client("cloudformation").describe_stacks(StackName=access.stack)["Stacks"]
    except ClientError as error:
        if "does not exist" in error.response["Error"].get("Message", ""):
            return None
        raise
    # A change set that was never executed leaves a stack that does not exist yet.
    return stacks[0] if stacks and stacks[0]["StackStatus"] != "REVIEW_IN_PROGRESS" else None


def _poll(look: Callable[[], dict[str, Any]], is_done: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    deadline, pause = time.monotonic() + _LONGEST_WAIT, 0.2
    while True:
        answer = look()
        if is_done(answer):
            return answer
        if time.monotonic() > deadline:
            raise DeployFailed("CloudFormation did not come to an end within half an hour.")
        time.sleep(pause)
        pause = min(3.0, pause * 1.5)
