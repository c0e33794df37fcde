"""Items of DynamoDB straight from the JSON that it answers.

botocore goes through every attribute of every item by the service's model, to change nothing but binary values, of
which Hato has none; for a campaign's counters, tens of thousands of them, that was two thirds of all the work.
"""

import json
from typing import Any

_EVENT = "before-parse.dynamodb.Query"


def read_items_raw(dynamodb: Any) -> None:
    """Let this client hand on the items of a Query as they came."""
    dynamodb.meta.events.register(_EVENT, _take_items, unique_id="hato-raw-items")


def _take_items(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any) -> None:
    if response_dict["status_code"] != 200:
        return
    document = json.loads(response_dict["body"])
    customized_response_dict["Items"] = document.pop("Items", [])
    response_dict["body"] = json.dumps(document).encode()
