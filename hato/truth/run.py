"""A campaign to simulated people on a local cloud, its events told twice and out of order, and its report judged."""

import dataclasses
import re
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.campaign import Upload
from chalicelib.domain.event_counts import EventCounts
from chalicelib.domain.grant import Grant
from chalicelib.domain.mail import Mail
from chalicelib.domain.report import Report
from chalicelib.domain.tally import TOTALS
from chalicelib.errors import HatoError
from chalicelib.web.report_page import report_page
from chalicelib.web.routes.report import page_links
from hato.access import Access
from hato.cli.links import report_link
from hato.local.cloud import LocalCloud
from hato.recounting import Recounting
from hato.truth.expected import Truth, addresses, as_counts, differences

_LINKS = ("https://example.com/shop", "https://example.com/read?a=1&b=2", "https://example.com/more")
_MAIL = Mail(
    "truth",
    "The loft's letter",
    "Dear reader,\n\nhello.",
    "<p>Dear reader</p>" + "".join(f'<p><a href="{link.replace("&", "&amp;")}">more</a></p>' for link in _LINKS),
)
_PEOPLE = {
    "hard_bounces": 0.03,
    "soft_bounces": 0.03,
    "delays": 0.03,
    "complaints": 0.01,
    "opens": 0.4,
    "repeated_opens": 0.3,
    "clicks": 0.4,
    "bots": 0.1,
    "bot_verdicts": 0.5,
}
_DAY = 24 * 3600
_WITHIN = 1800.0
_EVERY = 0.5
_QUIET = 2.0
_token = re.compile(r"token=[A-Za-z0-9._-]*")

Told = Callable[[str], None]


class TruthUnknown(HatoError):
    """The campaign, or its events, did not come to their end."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What came of it: the numbers as they must be, and a sentence for each that is not so."""

    recipients: int
    events: int
    expected: Mapping[str, Any]
    wrong: Sequence[str]


def hold_against_truth(cloud: LocalCloud, access: Access, recipients: int, seed: int, told: Told) -> Finding:
    """Send to so many simulated people, who live two days within seconds, and compare. Raises TruthUnknown.

    The cloud's SES simulator is told to make its people lively, and is set back at the end.
    """
    before = cloud.ask("/_simulator/settings")
    settings = {
        "seed": seed,
        "behaviour": _PEOPLE,
        "faults": {"event_copies": 2, "event_spread": 3.0},
        "delivery_delay": 3600.0,
        "engagement_delay": 2.0 * _DAY,
        "time_lapse": 2 * _DAY / max(10.0, recipients / 50),
    }
    cloud.tell("/_simulator/settings", settings)
    try:
        return _run(cloud, access, recipients, told)
    finally:
        cloud.tell("/_simulator/settings", {name: before[name] for name in settings})


def _run(cloud: LocalCloud, access: Access, recipients: int, told: Told) -> Finding:
    access.mails.put(_MAIL)
    key = f"lists/{_MAIL.mail_id}/people-{time.time_ns()}.csv"
    body = "\n".join(["email", *addresses(recipients)]) + "\n"
    answer = access.client("s3").put_object(Bucket=access.bucket, Key=key, Body=body.encode())
    campaign_id = Upload(access.bucket, key, answer["VersionId"], answer["ETag"].strip('"')).campaign_id
    _wait(lambda: _has_ended(access, campaign_id, told), "The campaign did not end")
    mails = [mail for mail in cloud.ask_lines("/messages") if mail["tags"].get("campaign") == campaign_id]
    _wait(lambda: _is_told(cloud, access, campaign_id, told), "The events did not come to their end")
    left = _leave(mails)
    ids = {mail["message_id"] for mail in mails}
    steps = [event for event in cloud.ask_lines("/_simulator/events") if event["message_id"] in ids]
    truth = Truth([step for step in steps if step["published"]], left)
    return Finding(recipients, len(truth.steps), truth.numbers(), _compare(access, campaign_id, recipients, truth))


def _compare(access: Access, campaign_id: str, recipients: int, truth: Truth) -> list[str]:
    """A sentence for each number that is wrong: in the report, on its page, or among the ledger's own."""
    report, numbers = access.campaigns.report(campaign_id), truth.numbers()
    expected = numbers | {"rows": recipients, "accepted": recipients, "balanced": True}
    wrong = differences(expected, report.to_document())
    right = dataclasses.replace(
        report,
        events={name: numbers[name] for name in TOTALS},
        counts=EventCounts(as_counts(numbers, report.mail_links)),
    )
    if _page_of(right) != _page(access, campaign_id):
        wrong.append("the page is not the one that these numbers make")
    recounting = Recounting(access.client("dynamodb"), access.outputs["DeliveriesTable"], access.campaigns)
    return wrong + [f"the ledger has {each}" for each in recounting.recount(campaign_id).differences]


def _page(access: Access, campaign_id: str) -> str:
    """The page as it is served, without the links' tokens."""
    with urllib.request.urlopen(report_link(access, campaign_id), timeout=60) as answer:  # noqa: S310 - our own pages
        return _token.sub("token=", answer.read().decode())


def _page_of(report: Report) -> str:
    return _token.sub("token=", report_page(report, page_links(report, Grant(report.campaign_id, 0), ""), "en"))


def _leave(mails: Sequence[Mapping[str, Any]]) -> int:
    """Some people press their mail program's button to unsubscribe, twice; how many they are."""
    some = mails[:: max(1, len(mails) // 7)]
    for mail in [*some, *some]:
        link = mail["headers"]["List-Unsubscribe"].strip("<>")
        urllib.request.urlopen(link, b"List-Unsubscribe=One-Click", timeout=60).close()  # noqa: S310 - our own pages
    return len(some)


def _has_ended(access: Access, campaign_id: str, told: Told) -> bool:
    summary = access.campaigns.summary(campaign_id)
    told(f"the campaign is {summary.get('status', 'not there yet')}")
    return bool(summary.get("finished_at"))


def _is_told(cloud: LocalCloud, access: Access, campaign_id: str, told: Told) -> bool:
    """Whether every event was published, and the counters have not moved for a while."""
    pending = cloud.ask("/_simulator/status")["events_pending"]
    told(f"{pending:,} events to come")
    if pending:
        return False
    before = access.campaigns.report(campaign_id).counts
    time.sleep(_QUIET)
    return before == access.campaigns.report(campaign_id).counts


def _wait(is_so: Callable[[], bool], what_else: str) -> None:
    deadline = time.monotonic() + _WITHIN
    while not is_so():
        if time.monotonic() > deadline:
            raise TruthUnknown(f"{what_else} within {_WITHIN:,.0f} seconds.")
        time.sleep(_EVERY)
