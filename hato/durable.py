"""What outlives a stack: the tables, the bucket and the key, which a stage that comes back finds as they were."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from hato.access import Access
from hato.stacks import Existing, Stack

ABSENT = {"ResourceNotFoundException", "404", "NoSuchBucket", "NotFound"}


def names(access: Access) -> dict[str, str]:
    """The physical names of what the stage keeps, by their logical ids."""
    account = access.client("sts").get_caller_identity()["Account"]
    tables = {f"{each.title()}Table": f"{access.stack}-{each}" for each in _TABLES}
    return {
        **tables,
        "UploadBucket": f"{access.stack}-uploads-{account}-{access.region}",
        "LinkKey": f"{access.stack}-link-key",
    }


_TABLES = ("mails", "contacts", "campaigns", "deliveries")


def adopt(access: Access, stack: Stack, template: Mapping[str, Any]) -> tuple[list[Existing], dict[str, str]]:
    """What a stack that is still to be made finds of an earlier one: what to import, and what to tell the template."""
    if not stack.is_new():
        return [], {}
    return existing(access, template), {"LinkKeyIsThere": "true" if has_link_key(access) else "false"}


def present(access: Access) -> list[str]:
    """The logical ids of what is there."""
    known = names(access)
    looks = {name: _table for name in known if name.endswith("Table")} | {"UploadBucket": _bucket}
    found = [name for name, look in looks.items() if list(look(access, known[name]))]
    return found + (["LinkKey"] if has_link_key(access) else [])


def existing(access: Access, template: Mapping[str, Any]) -> list[Existing]:
    """The template's retained tables and bucket that are there already, with or without a stack."""
    known = names(access)
    found: list[Existing] = []
    for logical_id, resource in template["Resources"].items():
        look = _LOOKS.get(resource["Type"])
        if look and resource.get("DeletionPolicy") == "Retain":
            found += [Existing(logical_id, resource["Type"], each) for each in look(access, known[logical_id])]
    return found


def has_link_key(access: Access) -> bool:
    """Whether the key that links are signed with is there already. A template can only leave it alone, then."""
    name = names(access)["LinkKey"]
    return _answer(lambda: access.client("secretsmanager").describe_secret(SecretId=name)) is not None


def _table(access: Access, name: str) -> Iterator[dict[str, str]]:
    if _answer(lambda: access.client("dynamodb").describe_table(TableName=name)):
        yield {"TableName": name}


def _bucket(access: Access, name: str) -> Iterator[dict[str, str]]:
    if _answer(lambda: access.client("s3").head_bucket(Bucket=name)):
        yield {"BucketName": name}


_LOOKS: dict[str, Callable[[Access, str], Iterator[dict[str, str]]]] = {
    "AWS::DynamoDB::Table": _table,
    "AWS::S3::Bucket": _bucket,
}


def _answer(ask: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    """What AWS answers; None where there is no such thing."""
    try:
        return ask()
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT:
            return None
        raise
