"""An upload, which becomes a campaign."""

from pathlib import Path
from typing import Any

from chalicelib.domain.campaign import LISTS, Upload
from chalicelib.domain.upload_options import UploadOptions
from hato.access import Access


def upload_list(access: Access, mailing_list: Path, mail_id: str, email_column: str = "") -> str:
    """Upload the list for this mail; the id of the campaign that it becomes."""
    with mailing_list.open("rb") as body:
        return upload(access, f"{LISTS}{mail_id}/{mailing_list.name}", body, UploadOptions(email_column))


def upload(access: Access, key: str, body: Any, options: UploadOptions) -> str:
    """Upload a list or a text, with what is to be said of it; the id of the campaign that it becomes."""
    answer = access.client("s3").put_object(Bucket=access.bucket, Key=key, Body=body, Metadata=options.to_metadata())
    etag = answer.get("ETag", "").strip('"')
    return Upload(access.bucket, key, answer.get("VersionId", ""), etag).campaign_id
