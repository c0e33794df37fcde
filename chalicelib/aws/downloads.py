"""Files of the upload bucket as addresses that anybody may open, for some seconds."""

import re
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws.files import report_key

# Without the right to list the bucket, which takes more than is wanted here, a missing file is a forbidden one.
_MISSING = {"403", "404", "AccessDenied", "NoSuchKey"}


class Downloads:
    """The campaigns' report.csv."""

    def __init__(self, s3: Any, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def report(self, campaign_id: str, seconds: int) -> str:
        """An address of the campaign's report.csv, as a file to keep; empty where there is none."""
        where = {"Bucket": self._bucket, "Key": report_key(campaign_id)}
        try:
            self._s3.head_object(**where)
        except ClientError as error:
            if error.response["Error"]["Code"] not in _MISSING:
                raise
            return ""
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", campaign_id)
        as_file = {
            "ResponseContentDisposition": f'attachment; filename="{name}.csv"',
            "ResponseContentType": "text/csv; charset=utf-8",
            "ResponseCacheControl": "no-store",
        }
        return str(self._s3.generate_presigned_url("get_object", Params=where | as_file, ExpiresIn=seconds))
