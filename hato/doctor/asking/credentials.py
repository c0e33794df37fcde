"""Who we are, asked of AWS."""

from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from hato.access import in_one_sentence
from hato.doctor.judging.credentials import Introduction


def ask_introduction(client: Callable[[str], Any], clock: Callable[[], float]) -> Introduction:
    """Whether AWS knows us, with both clocks at that moment; what is wrong is in the answer, and not raised."""
    try:
        answer = client("sts").get_caller_identity()
    except ClientError as error:
        answer = error.response
        name = answer["Error"]["Code"]
        return Introduction("", name, in_one_sentence(error), clock(), _aws_clock(answer))
    except BotoCoreError as error:
        return Introduction("", type(error).__name__, in_one_sentence(error), clock())
    return Introduction(answer["Account"], own_clock=clock(), aws_clock=_aws_clock(answer))


def is_region_chosen() -> bool:
    """Whether the user's AWS settings name a region."""
    return boto3.Session().region_name is not None


def _aws_clock(answer: Mapping[str, Any]) -> float | None:
    date = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        return parsedate_to_datetime(date).timestamp()
    except ValueError:
        return None
