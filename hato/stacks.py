"""A CloudFormation stack: made what a template says, by change sets, and waited for."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.errors import HatoError
from hato.access import Access

Progress = Callable[[str], None]
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
_LONGEST_WAIT = 30 * 60
_FILES = ("CodeUri", "DefinitionUri")
_NEVER_WAS = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED"}
_NOTHING_TO_DO = ("didn't contain changes", "No updates")


class DeployFailed(HatoError):
    """CloudFormation did not make the stack what the template says."""


@dataclass(frozen=True, slots=True)
class Existing:
    """A resource that is there already, with what CloudFormation knows its kind by."""

    logical_id: str
    kind: str
    identifier: Mapping[str, str]


class Stack:
    """One stack of this account, there or not yet."""

    def __init__(self, access: Access, name: str, progress: Progress = lambda text: None) -> None:
        self.name = name
        self._access = access
        self._cloudformation = access.client("cloudformation")
        self._progress = progress

    def describe(self) -> dict[str, Any] | None:
        """What CloudFormation says of it; None where there is none, or nothing but a change set."""
        try:
            stacks = self._cloudformation.describe_stacks(StackName=self.name)["Stacks"]
        except ClientError as error:
            if "does not exist" in error.response["Error"].get("Message", ""):
                return None
            raise
        gone = {"REVIEW_IN_PROGRESS", "DELETE_COMPLETE"}
        return stacks[0] if stacks and stacks[0]["StackStatus"] not in gone else None

    def is_new(self) -> bool:
        """Whether it is still to be made: there is none, or its creation failed, and then it can only be deleted."""
        stack = self.describe()
        return stack is None or stack["StackStatus"] in _NEVER_WAS

    def outputs(self) -> dict[str, str]:
        """Its outputs; none where there is no stack."""
        return {each["OutputKey"]: each["OutputValue"] for each in (self.describe() or {}).get("Outputs", ())}

    def parameters(self) -> dict[str, str]:
        """Its parameters; none where there is no stack."""
        given = (self.describe() or {}).get("Parameters", ())
        return {each["ParameterKey"]: each["ParameterValue"] for each in given}

    def apply(
        self,
        template: dict[str, Any],
        files: Path,
        parameters: Mapping[str, str],
        existing: Sequence[Existing] = (),
    ) -> dict[str, str]:
        """Make it what the template says, and return its outputs. Raises DeployFailed.

        `files` is the folder of what the template names; a parameter that is not given stays as it is. Where the
        stack is new, the `existing` resources become its own before anything else is made.
        """
        is_new = self.is_new()
        if is_new and self.describe():
            self._progress(f"removing {self.name}, whose creation failed")
            self.delete()
        if is_new and existing:
            self._progress(f"taking {len(existing)} resources that are there already into {self.name}")
            self._adopt(template, parameters, existing)
        bucket = artifact_bucket(self._access)
        self._progress(f"uploading the package of {self.name}")
        uploaded = _upload_files(self._access, template, files, bucket)
        self._progress(f"making a change set of {self.name}")
        kind = "CREATE" if self.describe() is None else "UPDATE"
        self._change(kind, uploaded, self._parameters(uploaded, parameters))
        return self.outputs()

    def delete(self) -> None:
        """Delete it, but for what is retained, and wait for that. Raises DeployFailed."""
        if self.describe() is None:
            return
        self._cloudformation.delete_stack(StackName=self.name)
        self._wait(lambda status: status == "DELETE_COMPLETE")

    def _adopt(self, template: dict[str, Any], parameters: Mapping[str, str], existing: Sequence[Existing]) -> None:
        """Import what exists: it takes a change set of its own, with nothing else in the template."""
        names = {each.logical_id for each in existing}
        only = {name: each for name, each in template["Resources"].items() if name in names}
        kept = {key: template[key] for key in ("AWSTemplateFormatVersion", "Parameters", "Conditions")}
        to_import = [
            {
                "ResourceType": each.kind,
                "LogicalResourceId": each.logical_id,
                "ResourceIdentifier": dict(each.identifier),
            }
            for each in existing
        ]
        document = kept | {"Resources": only}
        self._change("IMPORT", document, self._parameters(document, parameters), ResourcesToImport=to_import)

    def _change(self, kind: str, template: dict[str, Any], parameters: list[dict[str, Any]], **more: Any) -> None:
        """Make and execute a change set, and wait for the stack; nothing happens where there is nothing to change."""
        name = f"hato-{int(time.time() * 1000)}"
        self._cloudformation.create_change_set(
            StackName=self.name,
            ChangeSetName=name,
            ChangeSetType=kind,
            TemplateURL=_upload_template(self._access, template),
            Parameters=parameters,
            Capabilities=_CAPABILITIES,
            **more,
        )
        made = _poll(
            lambda: self._cloudformation.describe_change_set(StackName=self.name, ChangeSetName=name),
            lambda answer: answer["Status"] in {"CREATE_COMPLETE", "FAILED"},
        )
        if made["Status"] == "FAILED" or made.get("ExecutionStatus") == "UNAVAILABLE":
            self._cloudformation.delete_change_set(StackName=self.name, ChangeSetName=name)
            reason = made.get("StatusReason", "")
            if any(each in reason for each in _NOTHING_TO_DO):
                return
            raise DeployFailed(f"The change set of {self.name} failed: {reason}")
        self._cloudformation.execute_change_set(StackName=self.name, ChangeSetName=name)
        self._wait(lambda status: status in {"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"})

    def _parameters(self, template: dict[str, Any], given: Mapping[str, str]) -> list[dict[str, Any]]:
        """The given values; what is not given stays as the stack has it, and is the default in a new stack."""
        declared = template.get("Parameters", {})
        if unknown := sorted(given.keys() - declared.keys()):
            raise DeployFailed(f"There is no parameter {', '.join(unknown)}; there are {', '.join(sorted(declared))}.")
        values: list[dict[str, Any]] = [{"ParameterKey": name, "ParameterValue": each} for name, each in given.items()]
        kept = self.parameters().keys() & declared.keys() - given.keys()
        return values + [{"ParameterKey": name, "UsePreviousValue": True} for name in sorted(kept)]

    def _wait(self, is_well: Callable[[str], bool]) -> None:
        last = ""

        def look() -> dict[str, Any]:
            nonlocal last
            stack = self.describe() or {"StackStatus": "DELETE_COMPLETE"}
            if stack["StackStatus"] != last:
                last = stack["StackStatus"]
                self._progress(f"{self.name}: {last.replace('_', ' ').lower()}")
            return stack

        stack = _poll(look, lambda answer: not answer["StackStatus"].endswith("_IN_PROGRESS"))
        if not is_well(stack["StackStatus"]):
            reasons = "; ".join(self._failures())
            raise DeployFailed(f"{self.name} is {stack['StackStatus']}: {reasons}")

    def _failures(self) -> Iterator[str]:
        events = self._cloudformation.describe_stack_events(StackName=self.name)["StackEvents"]
        for event in reversed(events):
            if event["ResourceStatus"].endswith("_FAILED"):
                yield f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"


def artifact_bucket_name(access: Access) -> str:
    """The name of the bucket that packages are uploaded to."""
    return f"{access.stack}-deploy-{access.pseudo_parameters['AWS::AccountId']}-{access.region}"


def artifact_bucket(access: Access) -> str:
    """The bucket that packages are uploaded to, made where it does not exist."""
    name, s3 = artifact_bucket_name(access), access.client("s3")
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


def _upload_files(access: Access, template: dict[str, Any], files: Path, bucket: str) -> dict[str, Any]:
    """Upload the files that the template names, under names made from their content; the template that says so."""
    s3 = access.client("s3")
    uris: dict[str, str] = {}

    def uploaded(name: str) -> str:
        if name not in uris:
            content = (files / name).read_bytes()
            key = f"{_digest(content)}/{Path(name).name}"
            s3.put_object(Bucket=bucket, Key=key, Body=content)
            uris[name] = f"s3://{bucket}/{key}"
        return uris[name]

    copy: dict[str, Any] = json.loads(json.dumps(template))
    for resource in copy["Resources"].values():
        properties = resource.get("Properties", {})
        for name in _FILES:
            if isinstance(properties.get(name), str):
                properties[name] = uploaded(properties[name])
    return copy


def _upload_template(access: Access, template: dict[str, Any]) -> str:
    """The address under which CloudFormation reads it: a template of more than 51,200 bytes must come from S3."""
    text, bucket = json.dumps(template).encode(), artifact_bucket(access)
    key, s3 = f"{_digest(text)}/template.json", access.client("s3")
    s3.put_object(Bucket=bucket, Key=key, Body=text)
    if access.endpoint_url is not None:
        return f"{access.endpoint_url}/{bucket}/{key}"
    # The object's own address, in whatever form the region has it: CloudFormation reads it with the caller's rights.
    return str(s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": key})).partition("?")[0]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]


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
