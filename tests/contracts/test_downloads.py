"""report.csv as an address that anybody may open for a while."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from chalicelib.aws import clients
from chalicelib.aws.downloads import Downloads


@pytest.fixture
def s3(moto: dict[str, Any]) -> Any:
    moto["s3"].create_bucket(Bucket="uploads")
    return moto["s3"]


def test_a_campaign_without_a_report_has_no_address(s3: Any) -> None:
    assert Downloads(s3, "uploads").report("c-1", 60) == ""


def test_a_report_is_a_file_to_keep_under_the_campaigns_name(s3: Any) -> None:
    s3.put_object(Bucket="uploads", Key="campaigns/c-1/report.csv", Body=b"row,email")
    address = urlsplit(Downloads(s3, "uploads").report("c-1", 60))
    assert address.path.endswith("campaigns/c-1/report.csv")
    asked = {name.lower(): values[0] for name, values in parse_qs(address.query).items()}
    assert asked["response-content-disposition"] == 'attachment; filename="c-1.csv"'
    assert asked["response-cache-control"] == "no-store"


@pytest.mark.parametrize("name", ['a"b', "鳩 便", "a\r\nb"])
def test_no_campaign_has_a_name_that_breaks_out_of_a_header(s3: Any, name: str) -> None:
    s3.put_object(Bucket="uploads", Key=f"campaigns/{name}/report.csv", Body=b"")
    asked = parse_qs(urlsplit(Downloads(s3, "uploads").report(name, 60)).query)
    (header,) = (values[0] for key, values in asked.items() if key.lower() == "response-content-disposition")
    assert set(header.removeprefix('attachment; filename="').removesuffix('.csv"')) <= set("ab-")


@pytest.mark.parametrize(("code", "status"), [("403", 403), ("404", 404)])
def test_a_report_that_must_not_be_told_from_a_missing_one_is_missing(code: str, status: int) -> None:
    s3 = boto3.client("s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    with Stubber(s3) as stub:
        stub.add_client_error("head_object", code, http_status_code=status)
        assert Downloads(s3, "uploads").report("c-1", 60) == ""


def test_any_other_trouble_is_raised() -> None:
    s3 = boto3.client("s3", region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
    with Stubber(s3) as stub:
        stub.add_client_error("head_object", "500", http_status_code=500)
        with pytest.raises(ClientError):
            Downloads(s3, "uploads").report("c-1", 60)


@pytest.fixture
def regional(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """The functions' own client, in a region."""

    def make(region: str) -> Any:
        monkeypatch.setenv("AWS_DEFAULT_REGION", region)
        clients.session.cache_clear()  # which remembers a region
        return clients.presigning_client()

    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    clients.presigning_client.cache_clear()
    clients.session.cache_clear()
    yield make
    clients.presigning_client.cache_clear()
    clients.session.cache_clear()


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "ap-northeast-1"])
def test_addresses_are_signed_as_the_buckets_of_every_region_take_them(
    regional: Callable[[str], Any], region: str
) -> None:
    s3 = regional(region)
    with Stubber(s3) as stub:
        stub.add_response("head_object", {})
        address = urlsplit(Downloads(s3, "uploads").report("c-1", 60))
    where = "s3.amazonaws.com" if region == "us-east-1" else f"s3.{region}.amazonaws.com"
    assert address.netloc == f"uploads.{where}"
    asked = parse_qs(address.query)
    assert asked["X-Amz-Expires"] == ["60"]
    assert f"/{region}/s3/aws4_request" in asked["X-Amz-Credential"][0]
