"""What the articles have people make by hand or by CDK, made by one function each."""

import io
import json
import zipfile
from collections.abc import Mapping

from hato.access import Access
from hato.project import ROOT

MEMORY = 128  # MB: Lambda's own choice, for neither article names one
_CODE = ("bench/__init__.py", "bench/articles/*.py", "bench/side_by_side/__init__.py", "bench/side_by_side/letter.py")
_ROLE = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


class Workshop:
    """Makes what an article makes by hand or by CDK."""

    def __init__(self, access: Access, prefix: str) -> None:
        self.access, self.prefix = access, prefix
        self.client = access.client

    def table(self, name: str, *keys: str, indexes: Mapping[str, str] = {}) -> None:
        """A table that is paid by the request; each index has its name and one number as its key."""
        names = dict.fromkeys(keys, "S") | dict.fromkeys(indexes.values(), "N")
        more = [
            {
                "IndexName": index,
                "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
            for index, key in indexes.items()
        ]
        self.client("dynamodb").create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": kind} for key, kind in names.items()],
            KeySchema=[
                {"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
            ],
            **({"GlobalSecondaryIndexes": more} if more else {}),
        )

    def role(self, name: str) -> str:
        """A role that may do everything: who may what is not what is counted."""
        principals = [f"{each}.amazonaws.com" for each in ("lambda", "states")]
        trust = {"Effect": "Allow", "Principal": {"Service": principals}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        role = self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]
        self.client("iam").put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=json.dumps(_ROLE))
        return str(role["Arn"])

    def function(self, module: str, name: str) -> str:
        """A function of the article's module."""
        called = f"{self.prefix}-{name}"
        made = self.client("lambda").create_function(
            FunctionName=called,
            Runtime="python3.11",
            Role=self.role(called),
            Handler=f"bench/articles/{module}.{name}",
            Code={"ZipFile": _zip()},
            MemorySize=MEMORY,
            Timeout=60,
        )
        return str(made["FunctionArn"])


def _zip() -> bytes:
    """The module and what it stands on; boto3 is in the runtime."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(each for pattern in _CODE for each in ROOT.glob(pattern)):
            archive.write(path, path.relative_to(ROOT).as_posix())
    return packed.getvalue()
