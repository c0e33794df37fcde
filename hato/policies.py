"""The functions' policies, narrowed to one stage of one account.

The files in .chalice/ hold for every stage, since `chalice deploy` can put no names into a policy: their patterns say
`hato-*` and any account. What is deployed says less.
"""

from typing import Any

# Pattern -> what stands in its place in the text of an Fn::Sub.
_NARROWER = (
    ("arn:aws:s3:::hato-*-uploads-*", "arn:aws:s3:::hato-*-uploads-${AWS::AccountId}-${AWS::Region}"),
    ("arn:aws:", "arn:${AWS::Partition}:"),
    (":*:*:", ":${AWS::Region}:${AWS::AccountId}:"),
    ("hato-*", "hato-${Stage}"),
)


def narrowed(document: dict[str, Any]) -> dict[str, Any]:
    """The policy with every pattern of a resource as the Fn::Sub of one stage in one account."""
    return {
        **document,
        "Statement": [
            {**statement, "Resource": _each(statement["Resource"])} if "Resource" in statement else statement
            for statement in document["Statement"]
        ],
    }


def _each(resource: Any) -> Any:
    return [_narrowed(each) for each in resource] if isinstance(resource, list) else _narrowed(resource)


def _narrowed(pattern: Any) -> Any:
    if not isinstance(pattern, str) or pattern == "*":
        return pattern
    for wide, narrow in _NARROWER:
        pattern = pattern.replace(wide, narrow)
    return {"Fn::Sub": pattern}
