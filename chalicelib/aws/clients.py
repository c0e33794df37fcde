"""boto3's clients, made when they are first used and kept while the Lambda is warm."""

import gc
from functools import cache
from typing import Any

from chalicelib.aws.raw_items import read_items_raw
from chalicelib.aws.raw_requests import write_requests_raw
from chalicelib.aws.session import session

# How many calls a function has under way at once: the connections that a client keeps.
MOST_AT_ONCE = 10
# boto3's own is put together anew for each call, which is a fifth of a small call's work.
USER_AGENT = "Hato boto3"


@cache
def client(service: str) -> Any:
    """The client of this service, with the retries and timeouts that suit what Hato asks of it."""
    from botocore.config import Config

    is_raw = service == "dynamodb"
    config = Config(
        retries={"mode": "standard", "max_attempts": 6},
        connect_timeout=5,
        read_timeout=30,
        max_pool_connections=2 * MOST_AT_ONCE,
        parameter_validation=not is_raw,
        user_agent=USER_AGENT,
    )
    made = session().client(service, config=config)
    if is_raw:
        read_items_raw(made)
        write_requests_raw(made, "BatchExecuteStatement", "BatchGetItem", "GetItem", "PutItem", "UpdateItem")
    gc.freeze()  # it stays, with all that AWS's model of the service consists of: no collection need look through it
    return made


@cache
def sending_client() -> Any:
    """The client of SES that mail is sent with: it never calls twice.

    SES has no idempotency token, so a repeated call is a second mail. It gets 5 seconds to connect, in which nothing
    was sent yet, and 20 to answer: SES answers in well under one, and what is slower is settled later, by an event or
    after the settling time.
    """
    from botocore.config import Config

    config = Config(
        retries={"total_max_attempts": 1},
        connect_timeout=5,
        read_timeout=20,
        max_pool_connections=2 * MOST_AT_ONCE,
        parameter_validation=False,
        user_agent=USER_AGENT,
    )
    made = session().client("sesv2", config=config)
    write_requests_raw(made, "SendBulkEmail")
    gc.freeze()
    return made


@cache
def presigning_client() -> Any:
    """The client of S3 that signs addresses of files.

    In the fourth version of the signature, and on the host of the bucket's own region: newer buckets take no other, and
    boto3 signs neither by itself.
    """
    from botocore.config import Config

    return session().client(
        "s3", config=Config(signature_version="s3v4", s3={"addressing_style": "virtual"}, read_timeout=10)
    )
