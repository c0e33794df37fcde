"""What outlives a stack: the tables, the bucket and the key, which a stage that comes back finds as they were."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from hato.access import Access
from hato.stacks import Existing, Stack
from hato.template import Source, read_template, resolved

BUCKET, LINK_KEY = "UploadBucket", "LinkKey"
# The property that names each kind of what is kept; CloudFormation knows tables and buckets by the same.
_NAMES = {
    "AWS::DynamoDB::Table": "TableName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::SecretsManager::Secret": "Name",
}
ABSENT = {"ResourceNotFoundException", "404", "NoSuchBucket", "NotFound"}


def names(access: Access) -> dict[str, str]:
    """The physical names of what the stage keeps, by their logical ids: all that the template retains."""
    values = {"Stage": access.stage, **access.pseudo_parameters}
    return {
        logical_id: str(resolved(resource["Properties"][_NAMES[resource["Type"]]], values))
        for logical_id, resource in Source(read_template()).resources.items()
        if resource.get("DeletionPolicy") == "Retain"
    }


def adopt(access: Access, stack: Stack, template: Mapping[str, Any]) -> tuple[list[Existing], dict[str, str]]:
    """What a stack that is still to be made finds of an earlier one: what to import, and what to tell the template."""
    if not stack.is_new():
        return [], {}
    is_there = LINK_KEY in present(access)  # no template can import a key and make one: it leaves it alone, then
    return existing(access, template), {"LinkKeyIsThere": "true" if is_there else "false"}


def present(access: Access) -> list[str]:
    """The logical ids of what is there."""
    return [logical_id for logical_id, name in names(access).items() if _is_there(access, logical_id, name)]


def existing(access: Access, template: Mapping[str, Any]) -> list[Existing]:
    """Which of the template's tables and buckets are there already, with or without a stack."""
    kinds = {logical_id: resource["Type"] for logical_id, resource in template["Resources"].items()}
    return [
        Existing(logical_id, kinds[logical_id], {_NAMES[kinds[logical_id]]: name})
        for logical_id, name in names(access).items()
        if logical_id in kinds and logical_id != LINK_KEY and _is_there(access, logical_id, name)
    ]


def _is_there(access: Access, logical_id: str, name: str) -> bool:
    if logical_id == LINK_KEY:
        return _answer(lambda: access.client("secretsmanager").describe_secret(SecretId=name)) is not None
    if logical_id == BUCKET:
        return _answer(lambda: access.client("s3").head_bucket(Bucket=name)) is not None
    return _answer(lambda: access.client("dynamodb").describe_table(TableName=name)) is not None


def _answer(ask: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """What AWS answers; None where there is no such thing."""
    try:
        return ask()
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT:
            return None
        raise
