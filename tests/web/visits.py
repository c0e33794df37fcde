"""Who comes to the pages, with which link, at one fixed time."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from chalicelib.domain.campaign import Status
from chalicelib.domain.grant import DASHBOARD, Grant, sign
from chalicelib.domain.outcome import OutcomeKind
from chalicelib.domain.report import Report
from chalicelib.domain.tally import TOTALS
from chalicelib.errors import CampaignNotFound
from chalicelib.web.routes.gate import Gate
from chalicelib.web.routes.request import PageRequest

KEY = "a key of the tests"
NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER, EARLIER = int(NOW.timestamp()) + 60, int(NOW.timestamp()) - 60
INVALID, EXPIRED = "This link is not valid.", "This link has expired."
NO_ADDRESSES = "This link shows numbers, and no addresses."

REPORT = Report(
    campaign_id="c-1",
    status=Status.FINISHED,
    reason="",
    mail_id="m-1",
    source="s3://uploads/lists/m-1/a.csv",
    created_at="2026-05-01T11:00:00.000Z",
    finished_at="2026-05-01T11:30:00.000Z",
    rows=12_345,
    batches=124,
    ends=dict.fromkeys(OutcomeKind, 0) | {"accepted": 12_000, "invalid": 345},
    events=dict.fromkeys(TOTALS, 0) | {"delivered": 11_500},
)
RUNNING = replace(REPORT, status=Status.SENDING, finished_at="", rows=20_000)


class FakeClock:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW


class FakeReports:
    """A store of reports that knows which were asked for."""

    def __init__(self, *reports: Report) -> None:
        self.reports = {each.campaign_id: each for each in reports}
        self.asked: list[str] = []

    def report(self, campaign_id: str) -> Report:
        self.asked.append(campaign_id)
        if campaign_id not in self.reports:
            raise CampaignNotFound(f"There is no campaign {campaign_id!r}.")
        return self.reports[campaign_id]


def gate() -> Gate:
    return Gate(lambda: KEY, FakeClock())


def token(subject: str = "c-1", expires_at: int = LATER, addresses: bool = False, key: str = KEY) -> str:
    return sign(key, Grant(subject, expires_at, addresses))


def request(
    token: str | None, body: bytes = b"", query: Mapping[str, str] | None = None, **headers: str
) -> PageRequest:
    """A request as a browser makes it; `sec_fetch_site` is the header of that name."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return PageRequest({**({} if token is None else {"token": token}), **(query or {})}, named, body)


# What opens nothing, whatever of a campaign c-1 it is shown at: the token, and what is said.
WRONG: Mapping[str, tuple[str | None, str]] = {
    "none": (None, INVALID),
    "empty": ("", INVALID),
    "no token": ("no token", INVALID),
    "for another campaign": (token("c-2", addresses=True), INVALID),
    "for another campaign, expired": (token("c-2", EARLIER, addresses=True), INVALID),
    "another key": (token(key="another key", addresses=True), INVALID),
    "another key, for all": (token(DASHBOARD, key="another key", addresses=True), INVALID),
    "cut short": (token(addresses=True)[:-1], INVALID),
    "tampered": ("X" + token(addresses=True)[1:], INVALID),
    "expired": (token(expires_at=EARLIER, addresses=True), EXPIRED),
    "expired just now": (token(expires_at=int(NOW.timestamp()), addresses=True), EXPIRED),
    "for all, expired": (token(DASHBOARD, EARLIER, addresses=True), EXPIRED),
}


def is_private(headers: Mapping[str, Any]) -> bool:
    """Whether these headers let nobody keep, frame or pass on what they come with."""
    return (
        headers["Cache-Control"] == "no-store"
        and headers["Referrer-Policy"] == "no-referrer"  # the link is in the address
        and headers["X-Content-Type-Options"] == "nosniff"
        and "default-src 'none'" in headers["Content-Security-Policy"]
        and "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    )
