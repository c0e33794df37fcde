"""A stage is taken down: its functions and all that stands around them, and its data only where that is asked for."""

from collections.abc import Iterator
from pathlib import Path

from botocore.exceptions import ClientError

from chalicelib.domain.report import Report
from chalicelib.errors import HatoError
from hato import durable
from hato.access import Access
from hato.chalice_deploying import foundation_name, run_chalice
from hato.project import ROOT
from hato.stacks import Progress, Stack, artifact_bucket_name

_FEW = 3


class CampaignsUnderWay(HatoError):
    """The stage is not taken down while its campaigns have not ended."""


def destroy(
    access: Access,
    *,
    delete_data: bool = False,
    progress: Progress = lambda text: None,
    project: Path = ROOT,
) -> None:
    """Take the stage down, whichever way it was deployed; tables, bucket and key stay unless `delete_data`.

    What is not there is passed over, so that it can be repeated where it broke off. Raises CampaignsUnderWay, and
    DeployFailed where CloudFormation or Chalice could not delete something.
    """
    if under_way := list(campaigns_under_way(access)):
        shown = ", ".join(under_way[:_FEW]) + (f" and {len(under_way) - _FEW} more" if len(under_way) > _FEW else "")
        raise CampaignsUnderWay(f"Not all campaigns have ended: {shown}. `hato cancel CAMPAIGN` ends one.")
    by_chalice = is_by_chalice(access)
    Stack(access, access.stack, progress).delete()
    if by_chalice:
        progress("chalice delete")
        run_chalice(access, project, "delete")
        Stack(access, foundation_name(access), progress).delete()
    _forget_notifications(access)
    _empty_and_delete(access, artifact_bucket_name(access))
    if delete_data:
        progress("deleting the data")
        _delete_data(access)
    access.forget()


def is_by_chalice(access: Access) -> bool:
    """Whether the stage was deployed by `chalice deploy`."""
    return Stack(access, foundation_name(access)).describe() is not None


def is_deployed(access: Access) -> bool:
    """Whether any of the stage's stacks is there."""
    return is_by_chalice(access) or Stack(access, access.stack).describe() is not None


def campaigns_under_way(access: Access) -> Iterator[str]:
    """The campaigns that have not ended; none where there is no stack that could end them."""
    if Stack(access, access.stack).is_new():
        return
    for summary in access.campaigns.summaries():
        if not Report.from_parts(summary["campaign_id"], [summary]).has_ended:
            yield str(summary["campaign_id"])


def data(access: Access) -> list[str]:
    """What of the stage's data is there, in words."""
    names = durable.names(access)
    return [f"{_KINDS.get(logical_id, 'table')} {names[logical_id]}" for logical_id in durable.present(access)]


_KINDS = {durable.BUCKET: "bucket", durable.LINK_KEY: "secret"}


def _forget_notifications(access: Access) -> None:
    """Let the bucket that stays call nothing that is gone."""
    if durable.BUCKET in durable.present(access):
        access.client("s3").put_bucket_notification_configuration(
            Bucket=durable.names(access)[durable.BUCKET], NotificationConfiguration={}
        )


def _delete_data(access: Access) -> None:
    names = durable.names(access)
    dynamodb = access.client("dynamodb")
    for logical_id in durable.present(access):
        name = names[logical_id]
        if logical_id == durable.BUCKET:
            _empty_and_delete(access, name)
        elif logical_id == durable.LINK_KEY:
            access.client("secretsmanager").delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
        else:
            dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
            dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 120})
            dynamodb.delete_table(TableName=name)


def _empty_and_delete(access: Access, bucket: str) -> None:
    """Delete the bucket with every version of every object in it; nothing happens where there is none."""
    s3 = access.client("s3")
    try:
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
            found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
            objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
            if objects:
                s3.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
        s3.delete_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] not in durable.ABSENT:
            raise
