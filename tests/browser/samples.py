"""What the pages show in the browser's tests and in the pictures of docs/: always the same, at always the same time."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from chalicelib.domain.campaign import ENDED, Status
from tests.fakes.campaigns import FakeCampaigns

KEY = "a key of the tests"
_BEGIN = datetime(2026, 5, 1, 8, 0, tzinfo=UTC)
NOW = _BEGIN + timedelta(hours=7)
STAYS, LEFT = "hanako@example.jp", "taro@example.com"
MAIL = "spring-2026"

# One campaign for each status there is, named after it.
CAMPAIGNS = {status: f"{MAIL}-{status.value}" for status in Status}

_SUMMARY = {
    "part": "summary",
    "mail_id": MAIL,
    "source": f"lists/{MAIL}/members-of-all-shops-as-of-2026-05-01.csv",
    "created_at": "2026-05-01T08:00:00.000Z",
}
_ENDS = {
    "invalid": 310,
    "duplicate": 128,
    "suppressed": 1_204,
    "already_sent": 96,
    "accepted": 118_240,
    "failed": 18,
    "unknown": 4,
}
_REASONS = {
    Status.PAUSED: "5.2 % of the last 1,000 mails bounced; more than 5 % put the account's reputation at risk.",
    Status.STOPPED: "SES paused the account's sending.",
    Status.FAILED: "The list's first row names no column that is an e-mail address.",
    Status.CANCELLED: "Cancelled by its owner.",
}
_LINKS = (
    "https://shop.example/spring?utm_source=mail",
    "https://shop.example/members/{{ member_id }}",
    "https://shop.example/a-very-long-page/with-many-words-in-its-address/so-that-it-must-be-broken-somewhere.html",
)
_EVENTS = {
    "delayed": 412,
    "bounced/General": 812,
    "bounced/NoEmail": 96,
    "soft_bounced/MailboxFull": 344,
    "soft_bounced/General": 61,
    "complained": 23,
    "unsubscribed": 187,
    "rejected": 2,
    "delivered_to/gmail": 44_120,
    "delivered_to/docomo": 21_050,
    "delivered_to/yahoo-japan": 18_944,
    "delivered_to/other": 32_813,
    "bounced_by/gmail": 210,
    "bounced_by/docomo": 402,
    "bounced_by/other": 296,
    "soft_bounced_by/docomo": 405,
    "clicked_link/0": 8_102,
    "clicked_link/1": 3_480,
    "clicked_link/2": 611,
    "human_clicked_link/0": 5_018,
    "human_clicked_link/1": 2_977,
    "human_clicked_link/2": 402,
    "unknown_event/Rebound": 1,
}
# What became of the mail to one of them.
DELIVERY = {
    "campaign_id": CAMPAIGNS[Status.FINISHED],
    "batch": 7,
    "row": 3_412,
    "claimed_at": "2026-05-01T08:21:04.120Z",
    "accepted_at": "2026-05-01T08:21:05.310Z",
    "message_id": "0100019f2c-spring",
    "delivered_at": "2026-05-01T08:21:07.000Z",
    "delivered_detail": "250 2.0.0 OK",
    "opened_at": "2026-05-01T08:21:06.200Z",
    "opens": {"2026-05-01T08:21:06.200Z unsaid", "2026-05-01T09:02:41.000Z person"},
    "clicked_at": "2026-05-01T09:03:10.000Z",
    "clicks": {"2026-05-01T09:03:10.000Z person 0"},
}
# Of 100 mails that are delivered, opened or clicked at all, how many are so after one hour, after two, and so on.
_COURSE = (0, 38, 65, 80, 89, 95, 98, 100)
_TOTALS = {"delivered": 116_927, "opened": 52_400, "human_opened": 31_850, "clicked": 11_300, "human_clicked": 7_940}


def campaigns() -> FakeCampaigns:
    """A campaign for each status, each with its numbers so far."""
    store = FakeCampaigns()
    for status, campaign_id in CAMPAIGNS.items():
        store.items[campaign_id] = {"campaign_id": campaign_id, **_SUMMARY, **dict(_of_summary(status))}
        if share := _share(status):
            store.counters[campaign_id] = {name: int(count * share) for name, count in _ENDS.items()}
            store.events[campaign_id] = {0: {"2026-05-01T06": dict(_events(share))}}
            store.keep_links(campaign_id, _LINKS)
    return store


def _of_summary(status: Status) -> Iterator[tuple[str, Any]]:
    yield "status", status.value
    if status is not Status.PREPARING and status is not Status.FAILED:
        yield "rows", sum(_ENDS.values())
        yield "batches", 1_200
        yield from ((name, _ENDS[name]) for name in ("invalid", "duplicate"))
    if status in _REASONS:
        yield "reason", _REASONS[status]
    if status in ENDED:
        yield "finished_at", "2026-05-01T10:40:00.000Z"
    if status is Status.FINISHED:
        yield from _ENDS.items()
        yield "reasons", _reasons()


def _reasons() -> Mapping[str, Mapping[str, int]]:
    return {
        "invalid": {"The address has no domain.": 214, "The address is empty.": 96},
        "failed": {"MessageRejected: Email address is not verified.": 18},
    }


def _share(status: Status) -> float:
    return {Status.PREPARING: 0, Status.FAILED: 0, Status.FINISHED: 1, Status.SENDING: 0.62}.get(status, 0.3)


def _events(share: float) -> Iterator[tuple[str, int]]:
    yield from ((name, int(count * share)) for name, count in _EVENTS.items())
    for number, (before, after) in enumerate(pairwise(_COURSE)):
        hour = (_BEGIN + timedelta(hours=number)).strftime("%H")
        for name, total in _TOTALS.items():
            yield f"{name}@{hour}", int(total * share) * after // 100 - int(total * share) * before // 100
