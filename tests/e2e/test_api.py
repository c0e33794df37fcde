"""The JSON API, for requests that are signed and for others, with IAM enforced by the emulator."""

import json

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from chalicelib.domain.grant import DASHBOARD
from hato.access import Access
from tests.e2e.visitor import Answered, Visitor, ask

pytestmark = pytest.mark.cloud


def signed(url: str, credentials: Credentials, region: str) -> Answered:
    """Ask with the signature of these credentials."""
    request = AWSRequest("GET", url)
    SigV4Auth(credentials, "execute-api", region).add_auth(request)
    return ask(url, headers=dict(request.headers))


@pytest.fixture(scope="module")
def callers(deployed: Access) -> dict[str, Credentials]:
    """Two users: one who may call this API, and one who may not."""
    iam = deployed.client("iam")
    found: dict[str, Credentials] = {}
    allowed = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": "arn:aws:execute-api:*:*:*/*/GET/api/*"}
    for name, statements in (("reporter", [allowed]), ("stranger", [])):
        iam.create_user(UserName=f"pages-{name}")
        if statements:
            document = json.dumps({"Version": "2012-10-17", "Statement": statements})
            iam.put_user_policy(UserName=f"pages-{name}", PolicyName="api", PolicyDocument=document)
        key = iam.create_access_key(UserName=f"pages-{name}")["AccessKey"]
        found[name] = Credentials(key["AccessKeyId"], key["SecretAccessKey"])
    return found


def test_a_program_that_signs_its_requests_reads_the_campaigns(
    visitor: Visitor, callers: dict[str, Credentials]
) -> None:
    region = visitor.access.region
    listed = signed(visitor.url("api/campaigns", limit="100"), callers["reporter"], region)
    assert listed.status == 200
    assert visitor.campaign_id in {each["campaign_id"] for each in json.loads(listed.body)["campaigns"]}
    one = signed(visitor.url(f"api/{visitor.page}"), callers["reporter"], region)
    assert (one.status, json.loads(one.body)["accepted"]) == (200, 2)
    assert signed(visitor.url("api/campaigns/none"), callers["reporter"], region).status == 404


def test_a_program_that_does_not_sign_or_may_not_is_refused(visitor: Visitor, callers: dict[str, Credentials]) -> None:
    region = visitor.access.region
    wrong = Credentials(callers["reporter"].access_key, "not the secret")
    for path in ("api/campaigns", f"api/{visitor.page}"):
        assert ask(visitor.url(path)).status == 403, "unsigned"
        assert ask(visitor.url(path, visitor.token(DASHBOARD, addresses=True))).status == 403, "a page's link"
        assert signed(visitor.url(path), callers["stranger"], region).status == 403, "not allowed"
        assert signed(visitor.url(path), wrong, region).status == 403, "another secret"
