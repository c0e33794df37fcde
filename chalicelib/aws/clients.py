"""boto3's clients, made when they are first used and kept while the Lambda is warm."""

from functools import cache
from typing import Any

from chalicelib.aws.raw_items import read_items_raw


@cache
def client(service: str) -> Any:
    """The client of this service, with the retries and timeouts that suit what Hato asks of it."""
    import boto3  # here and not above: a function that needs no client does not pay 130 ms for the import
    from botocore.config import Config

    made = boto3.client(
        service, config=Config(retries={"mode": "standard", "max_attempts": 6}, connect_timeout=5, read_timeout=30)
    )
    if service == "dynamodb":
        read_items_raw(made)
    return made


@cache
def sending_client() -> Any:
    """The client of SES that mail is sent with: it never calls twice.

    SES has no idempotency token, so a repeated call is a second mail. It gets 5 seconds to connect, in which nothing
    was sent yet, and 20 to answer: SES answers in well under one, and what is slower is settled later, by an event or
    after the settling time.
    """
    import boto3
    from botocore.config import Config

    return boto3.client("sesv2", config=Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20))


@cache
def presigning_client() -> Any:
    """The client of S3 that signs addresses of files.

    In the fourth version of the signature, and on the host of the bucket's own region: newer buckets take no other, and
    boto3 signs neither by itself.
    """
    import boto3
    from botocore.config import Config

    return boto3.client(
        "s3", config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"}, read_timeout=10)
    )
