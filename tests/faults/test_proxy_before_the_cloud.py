"""The fault proxy before the emulator: signatures hold, and the functions go through it."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from hato.faults import change, endpoints, start_fault_proxy, status
from hato.local import cloud as local_cloud
from hato.local.cloud import LocalCloud
from hato.local.processes import free_port
from tests.faults.conftest import StartProxy

ALL = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
FUNCTION = """
import boto3

def handler(event, context):
    return boto3.client("dynamodb").list_tables()["TableNames"], len(boto3.client("sns").list_topics()["Topics"])
"""


def client(service: str, url: str, *keys: str) -> Any:
    return boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id=keys[0] if keys else "test",
        aws_secret_access_key=keys[1] if keys else "test",
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.mark.cloud
def test_what_a_user_signed_is_still_signed_behind_it(cloud: LocalCloud, start_proxy: StartProxy) -> None:
    iam, via = client("iam", cloud.endpoint_url), f"http://127.0.0.1:{start_proxy(cloud.endpoint_url)}"
    iam.create_user(UserName="behind-the-proxy")
    iam.put_user_policy(UserName="behind-the-proxy", PolicyName="all", PolicyDocument=json.dumps(ALL))
    made = iam.create_access_key(UserName="behind-the-proxy")["AccessKey"]
    keys = (made["AccessKeyId"], made["SecretAccessKey"])
    s3, content = client("s3", via, *keys), bytes(range(256)) * 8192
    s3.create_bucket(Bucket="behind-the-proxy")
    s3.put_object(Bucket="behind-the-proxy", Key="a b/ü//+&c", Body=content)
    assert s3.get_object(Bucket="behind-the-proxy", Key="a b/ü//+&c")["Body"].read() == content
    for service, listing in (("dynamodb", "list_tables"), ("sqs", "list_queues"), ("stepfunctions", "list_activities")):
        assert getattr(client(service, via, *keys), listing)()["ResponseMetadata"]["HTTPStatusCode"] == 200
    with pytest.raises(ClientError, match="InvalidSignatureException"):
        client("dynamodb", via, keys[0], "another secret").list_tables()


@pytest.mark.cloud
def test_the_functions_of_a_local_cloud_go_through_it_and_nobody_else_does(tmp_path: Path) -> None:
    port = free_port()
    cloud = local_cloud.start(tmp_path / "cloud", functions=endpoints(port))
    proxy = start_fault_proxy(tmp_path, cloud.endpoint_url, port, throttles=1.0, on=False)
    try:
        functions = client("lambda", cloud.endpoint_url)
        create(functions)
        client("dynamodb", cloud.endpoint_url).list_tables()
        assert status(port)["requests"] == 0
        assert json.load(functions.invoke(FunctionName="lists")["Payload"]) == [[], 0]
        assert status(port)["requests"] == 1
        change(port, on=True)
        assert b"ThrottlingException" in functions.invoke(FunctionName="lists")["Payload"].read()
        assert status(port)["operations"].keys() == {"throttles dynamodb ListTables"}
    finally:
        proxy.end()
        cloud.down()


def create(functions: Any) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as target:
        target.writestr("lists.py", FUNCTION)
    functions.create_function(
        FunctionName="lists",
        Runtime="python3.11",
        Handler="lists.handler",
        Role="arn:aws:iam::000000000000:role/any",
        Code={"ZipFile": archive.getvalue()},
        Environment={"Variables": {"AWS_MAX_ATTEMPTS": "1"}},
        Timeout=60,
    )
    functions.get_waiter("function_active_v2").wait(FunctionName="lists")
