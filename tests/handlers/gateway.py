"""What API Gateway hands to the function, which Chalice's test client knows only for routes that anybody may call."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit


def api_event(app: Any, path: str, caller: str) -> dict[str, Any]:
    """What API Gateway hands to the function for a GET of this path."""
    where = urlsplit(path)
    route, values = _route_of(app, where.path)
    context = {"resourcePath": route, "httpMethod": "GET", "path": where.path, "identity": {"userArn": caller or None}}
    query = parse_qs(where.query)
    return {
        "requestContext": context,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": values,
        "headers": {},
        "body": None,
        "stageVariables": None,
        "isBase64Encoded": False,
    }


def _route_of(app: Any, path: str) -> tuple[str, dict[str, str]]:
    for route in app.routes:
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route)
        if found := re.fullmatch(pattern, path):
            return route, found.groupdict()
    raise AssertionError(f"There is no route for {path}.")
