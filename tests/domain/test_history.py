"""All that happened to one mail to one address."""

from chalicelib.domain.history import history

ITEM = {
    "email": "a@example.com",
    "campaign_id": "c1",
    "claimed_at": "2026-01-31T08:00:00.000Z",
    "accepted_at": "2026-01-31T08:00:01.000Z",
    "message_id": "0100",
    "delivered_at": "2026-01-31T08:00:03.000Z",
    "delivered_detail": "250 OK",
    "clicked_at": "2026-01-31T08:00:02.000Z",
    "clicked_detail": "https://example.com/?of=taro",
    "clicks": {
        "2026-01-31T08:00:02.000Z unsaid 0",
        "2026-01-31T09:00:00.000Z unsaid 1",
        "2026-01-31T09:10:00.000Z bot other",
    },
    "opened_at": "2026-01-31T08:30:00.000Z",
    "opens": {"2026-01-31T08:30:00.000Z person"},
    "unknown_event_at": "2026-01-31T10:00:00.000Z",
    "unknown_events": {"Teleported"},
    "first_event_at": "2026-01-31T08:00:03.000Z",
}


def test_it_is_told_in_the_order_in_which_it_happened_with_who_it_was() -> None:
    found = history(ITEM, ["https://example.com/", "https://example.com/{{ id }}"])
    assert [(moment.at[11:19], moment.name, moment.detail, moment.is_human) for moment in found] == [
        ("08:00:00", "claimed", "", None),
        ("08:00:01", "accepted", "0100", None),
        ("08:00:02", "clicked", "https://example.com/", False),  # before the mail was there
        ("08:00:03", "delivered", "250 OK", None),
        ("08:30:00", "opened", "", True),
        ("09:00:00", "clicked", "https://example.com/{{ id }}", True),
        ("09:10:00", "clicked", "", False),
        ("10:00:00", "unknown_event", "Teleported", None),
    ]


def test_a_send_that_failed_says_why() -> None:
    failed = {"claimed_at": "2026-01-31T08:00:00.000Z", "failed_at": "2026-01-31T08:00:01.000Z", "reason": "refused"}
    assert [(moment.name, moment.detail) for moment in history(failed)] == [("claimed", ""), ("failed", "refused")]
