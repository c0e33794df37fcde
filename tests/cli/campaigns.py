"""Campaigns as the store keeps them, for what is shown of them."""

from typing import Any

from chalicelib.domain.report import Report

SUMMARY = {
    "part": "summary",
    "status": "sending",
    "mail_id": "spring",
    "source": "lists/spring/members.csv",
    "created_at": "2026-05-01T08:00:00.000Z",
    "rows": 1000,
    "batches": 10,
    "invalid": 10,
}


def report(status: str = "sending", counts: dict[str, int] = {}, events: dict[str, int] = {}, **more: Any) -> Report:  # noqa: B006
    """A campaign of 1,000 rows; `events` are counters of its first hours."""
    parts: list[dict[str, Any]] = [{**SUMMARY, "status": status, **more}]
    parts += [{"part": "counts#00", **counts}, {"part": "links", "links": ["https://example.com/news"]}]
    return Report.from_parts("spring-0123456789abcdef", parts, [{"part": "2026-05-01T06", **events}])


FINISHED = report(
    "finished",
    events={
        "delivered@08": 900,
        "delivered@09": 40,
        "opened@09": 400,
        "human_opened@09": 200,
        "clicked@10": 50,
        "human_clicked@10": 20,
        "bounced/General": 20,
        "soft_bounced/MailboxFull": 5,
        "complained": 1,
        "delivered_to/gmail": 940,
        "bounced_by/gmail": 20,
        "clicked_link/0": 50,
        "human_clicked_link/0": 20,
        "unknown_event/Rebound": 1,
    },
    accepted=985,
    failed=5,
    finished_at="2026-05-01T08:30:00.000Z",
    reasons={"failed": {"MessageRejected: no": 5}, "invalid": {"There is no @ in the address.": 10}},
)
