"""Requests that are JSON already go out as they are.

botocore checks each value of a request against the service's model and then copies it, piece by piece, into the JSON
that it sends. For a batch's requests, tens of thousands of values that Hato has just made, that was more work than the
making. So these operations are taken past it: what is handed to the client is the request's JSON, or as `Body` the
bytes of it. Only for operations whose parameters all go into the body, and hold no bytes and no times.
"""

import json
from typing import Any

_BODY = "hato_body"


def write_requests_raw(client: Any, *operations: str) -> None:
    """Let this client send what it is handed for these operations as it is."""
    events, service = client.meta.events, client.meta.service_model.service_id.hyphenize()
    for operation in operations:
        events.register(f"provide-client-params.{service}.{operation}", _take, unique_id=f"hato-take-{operation}")
        events.register(f"before-call.{service}.{operation}", _put, unique_id=f"hato-put-{operation}")


def _take(params: dict[str, Any], context: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Keep the body, and leave botocore no more than the names of tables, which may decide where it is sent."""
    context[_BODY] = params["Body"] if "Body" in params else _encoded(params)
    tables = {name: params[name] for name in ("TableName",) if name in params}
    return tables | {name: {key: {} for key in params[name]} for name in ("RequestItems",) if name in params}


def _put(params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
    params["body"] = context[_BODY]


def _encoded(document: dict[str, Any]) -> bytes:
    """UTF-8, in which most of the world's letters take half of what JSON's escapes take."""
    try:
        return json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a surrogate pair, which only an escape can write
        return json.dumps(document).encode()
