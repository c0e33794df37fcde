"""What became of a mail to one address, in words, and what would become of the next."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.delivery import Settling
from chalicelib.domain.facts import FACT_TIMES
from hato.person.judgement import timeline, what_now

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
OFF = "The contact bounced 2026-01-31."
CLAIM = {"email": "a@example.com", "campaign_id": "c1", "batch": 0, "row": 2, "claimed_at": "2026-01-31T08:00:00.000Z"}


def delivery(**more: Any) -> dict[str, Any]:
    return {**CLAIM, **more}


@pytest.mark.parametrize(
    ("item", "suppressed", "words"),
    [
        (None, "", "Send it: the address has not had it."),
        (None, OFF, f"Not send it. {OFF}"),
        (delivery(accepted_at="2026-01-31T08:00:01.000Z"), "", "Not send it again: campaign c1 sent it 2026-01-31T08"),
        (delivery(accepted_at="2026-01-31T08:00:01.000Z"), OFF, "Not send it again: campaign c1"),
        (delivery(first_event_at="2026-01-31T08:00:09.000Z"), "", "as SES's events prove"),
        (delivery(failed_at="2026-01-31T08:00:01.000Z", reason="x"), "", "Send it: campaign c1 tried"),
        (delivery(failed_at="2026-01-31T08:00:01.000Z", reason="x"), OFF, f"Not send it. {OFF}"),
        (delivery(), "", "Send it again: campaign c1 began to"),
        (delivery(claimed_at="2026-01-31T11:59:00.000Z"), "", "Wait: campaign c1 began to send it"),
    ],
)
def test_what_would_be_done_now_follows_from_the_ledger_and_the_contact(
    item: dict[str, Any] | None, suppressed: str, words: str
) -> None:
    assert words in what_now(item, suppressed, NOW, Settling(timedelta(minutes=15)))


def test_the_timeline_has_everything_in_the_order_it_happened() -> None:
    item = delivery(
        accepted_at="2026-01-31T08:00:02.000Z",
        message_id="m-1",
        opened_at="2026-01-31T08:00:04.000Z",
        opened_detail="",
        opens={"2026-01-31T08:00:04.000Z scanner", "2026-01-31T09:00:00.000Z unsaid"},
        bounced_at="2026-01-31T10:00:00.000Z",
        bounced_detail="General: no such mailbox",
        delivered_at="2026-01-31T08:00:05.000Z",
        first_event_at="2026-01-31T08:00:05.000Z",
    )
    assert [what for _, what in timeline(item)] == [
        "claimed by campaign c1, batch 0, row 2",
        "taken by SES as m-1",
        "opened by a program",
        "delivered",
        "opened",
        "bounced for good: General: no such mailbox",
    ]


@pytest.mark.parametrize("attribute", FACT_TIMES)
def test_every_kind_of_event_has_its_line(attribute: str) -> None:
    assert len(list(timeline({attribute: "2026-01-31T08:00:05.000Z", "unknown_events": {"Teleported"}}))) == 1
