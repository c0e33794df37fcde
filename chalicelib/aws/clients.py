"""boto3's clients, made when they are first used and kept while the Lambda is warm."""

from functools import cache
from typing import Any


@cache
def client(service: str) -> Any:
    """The client of this service, with the retries and timeouts that suit what Hato asks of it."""
    import boto3  # here and not above: a function that needs no client does not pay 130 ms for the import
    from botocore.config import Config

    if service == "sesv2":
        # No retries: SES has no idempotency token, so a repeated call is a second mail. 20 seconds of patience: SES
        # answers in well under one, and what is slower is settled later, by an event or after the settling time.
        config = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=20)
    else:
        config = Config(retries={"mode": "standard", "max_attempts": 6}, connect_timeout=5, read_timeout=30)
    return boto3.client(service, config=config)
