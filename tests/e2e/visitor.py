"""Somebody who comes to the deployed pages over HTTP."""

import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from chalicelib.domain.grant import Grant, sign
from hato.access import Access
from tests.e2e.plain_aws import PlainAws

PEOPLE = tuple(f"success+page-{name}@simulator.amazonses.com" for name in ("taro", "jiro"))


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: str = field(repr=False)


class Visitor:
    """Somebody with links to the pages, or with AWS credentials."""

    def __init__(self, access: Access, campaign_id: str) -> None:
        self.access, self.campaign_id = access, campaign_id
        self.key = access.link_key()

    def token(self, subject: str = "", seconds: float = 3600, addresses: bool = False) -> str:
        return sign(self.key, Grant(subject or self.campaign_id, int(time.time() + seconds), addresses))

    def url(self, path: str, token: str | None = None, **query: str) -> str:
        asked = ({} if token is None else {"token": token}) | query
        return f"{self.access.pages_url}{path}" + (f"?{urlencode(asked)}" if asked else "")

    @property
    def page(self) -> str:
        return f"campaigns/{quote(self.campaign_id, safe='')}"


class Stays(urllib.request.HTTPRedirectHandler):
    """Follows nobody."""

    def redirect_request(self, *_: Any) -> None:
        return None


def ask(url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answered:
    """Ask once, wherever it leads."""
    request = urllib.request.Request(url, body, headers or {})
    try:
        with urllib.request.build_opener(Stays).open(request, timeout=60) as answer:
            return Answered(answer.status, dict(answer.headers), answer.read().decode("utf-8-sig"))
    except urllib.error.HTTPError as refused:
        with refused:
            return Answered(refused.code, dict(refused.headers), refused.read().decode("utf-8-sig"))


def visitor_of_a_campaign(aws: PlainAws, deployed: Access) -> Visitor:
    """A visitor of a campaign that has ended: one address has had another mail before."""
    for mail_id, people in (("pages-first", PEOPLE[:1]), ("pages", PEOPLE)):
        html = '<p>Dear {{ username }}, <a href="https://example.com/offer">look</a>.</p>'
        mail = {"mail_id": mail_id, "subject": "Hello", "body": "Dear {{ username }}\n", "html": html}
        aws.put_item("MailsTable", {name: {"S": text} for name, text in mail.items()})
        rows = "".join(f"{address},=1+1\n" for address in people) + "nobody,=cmd\n"
        aws.upload(f"lists/{mail_id}/people.csv", f"email,username\n{rows}".encode())
        (campaign,) = aws.ended_campaigns(f"lists/{mail_id}/people.csv")
        assert campaign["status"] == "finished"
    found = Visitor(deployed, campaign["campaign_id"])

    def delivered() -> bool | None:
        return all(aws.delivery("pages", each).get("delivered_at") for each in PEOPLE) or None

    aws.wait_for(delivered, "the deliveries")
    return found
