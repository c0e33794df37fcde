"""What the functions make of every kind of notification: a table of kind, sample and verdict.

A folder of payloads from elsewhere can be held against `event_corpus.txt` in the same way: HATO_EVENT_CORPUS names it.
"""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.handlers.house import House
from tests.samples import SES, ses

_CORPUS = os.environ.get("HATO_EVENT_CORPUS", "")
_EXPECTED = (Path(__file__).parent / "event_corpus.txt").read_text(encoding="utf-8")


def bare(kind: str, body: str, **said: Any) -> str:
    """A notification in the older style with nothing but what is said."""
    return json.dumps({"notificationType": kind, body: said})


def changed(name: str, *path: str, value: Any) -> str:
    """A sample with one thing in it changed."""
    document = part = ses(name)
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return json.dumps(document)


# Kind, sample, notification, and what comes of it.
TABLE = [
    ("event publishing", "delivery", SES["delivery"], "1 delivered"),
    ("event publishing", "delivery delay", SES["delivery_delay"], "1 delayed"),
    ("event publishing", "hard bounce", SES["bounce_permanent"], "1 bounced_permanently"),
    ("event publishing", "full mailbox", SES["bounce_mailbox_full"], "1 bounced_transiently"),
    ("event publishing", "out of office", SES["bounce_out_of_office"], "1 bounced_transiently"),
    ("event publishing", "undetermined bounce", SES["bounce_undetermined"], "1 bounced_undetermined"),
    (
        "event publishing",
        "bounce of a new sort",
        changed("bounce_undetermined", "bounce", "bounceType", value="Elastic"),
        "1 bounced_undetermined",
    ),
    ("event publishing", "complaint", SES["complaint"], "1 complained"),
    ("event publishing", "complaint by the suppression list", SES["complaint_suppressed"], "1 complained"),
    ("event publishing", "taken out of the spam folder", SES["complaint_not_spam"], "1 unknown"),
    ("event publishing", "reject", SES["reject"], "1 rejected"),
    ("event publishing", "rendering failure", SES["rendering_failure"], "1 rendering_failed"),
    ("event publishing", "open", SES["open_by_a_bot"], "1 opened"),
    ("event publishing", "click", SES["click"], "1 clicked"),
    (
        "event publishing",
        "click that ends in a newline",
        changed("click", "click", "linkTags", value=None) + "\n",
        "1 clicked",
    ),
    ("event publishing", "send", SES["send"], "1 sent"),
    ("event publishing", "subscription", SES["subscription"], "1 subscription_changed"),
    ("event publishing", "a type that is new", changed("send", "eventType", value="Teleported"), "1 unknown"),
    (
        "event publishing",
        "members that are new",
        changed("delivery", "delivery", "more", value={"a": 1}),
        "1 delivered",
    ),
    ("identity", "bounce of two recipients", SES["bounce_of_an_identity"], "2 bounced_permanently"),
    (
        "identity",
        "bounce without a mail",
        bare("Bounce", "bounce", bounceType="Undetermined", bouncedRecipients=[{"emailAddress": "a@example.com"}]),
        "1 bounced_undetermined",
    ),
    (
        "identity",
        "bounce that names nobody",
        bare("Bounce", "bounce", bounceType="Transient", bouncedRecipients=[]),
        "1 bounced_transiently",
    ),
    ("identity", "delivery", changed("delivery", "notificationType", value="Delivery"), "1 delivered"),
    ("in an envelope", "SNS over HTTP", SES["sns_envelope"], "1 delivered"),
    (
        "in an envelope",
        "SNS with an object",
        json.dumps({"Type": "Notification", "Message": ses("click")}),
        "1 clicked",
    ),
    ("in an envelope", "EventBridge", SES["eventbridge"], "1 delivered"),
    ("note", "an identity's topic works", SES["subscription_succeeded"], "a note"),
    (
        "note",
        "a configuration set's topic works",
        "Successfully validated SNS topic for Amazon SES event publishing.",
        "a note",
    ),
    ("note", "a mail that came in", json.dumps({"notificationType": "Received", "mail": {}}), "a note"),
    ("no event", "names in capitals", json.dumps({"NotificationType": "Complaint", "Complaint": {}}), "no event"),
    ("no event", "S3's", json.dumps({"Records": [{"eventSource": "aws:s3", "s3": {}}]}), "no event"),
    ("no event", "SQS's", json.dumps({"Records": [{"eventSource": "aws:sqs", "body": "Test"}]}), "no event"),
    ("no event", "SNS's for a Lambda", json.dumps({"Records": [{"Sns": {"Message": "Hello"}}]}), "no event"),
    (
        "no event",
        "SES's of a mail that came in",
        json.dumps({"Records": [{"eventSource": "aws:ses", "ses": {}}]}),
        "no event",
    ),
    ("no event", "text", "Hello from SNS!", "no event"),
]


def verdict(house: House, function: str, message: str) -> str:
    """What a function makes of it in its answer, in the words of the tables; its metric must say the same."""
    answered = house.invoke(function, dict(house.events.generate_sns_event(message)))
    (recorded,) = answered.answer["recorded"]
    if "unreadable" in recorded:
        is_note = "note" in recorded
        assert answered.metrics == {"EventsIgnored" if is_note else "EventsNotUnderstood": 1}
        return "a note" if is_note else "no event"
    kinds: Counter[str] = Counter(recorded["events"])
    return ", ".join(f"{count} {kind}" for kind, count in kinds.items())


@pytest.mark.parametrize(
    ("message", "expected"), [row[2:] for row in TABLE], ids=[f"{kind}: {sample}" for kind, sample, _, _ in TABLE]
)
def test_every_kind_of_notification_is_what_the_table_says(house: House, message: str, expected: str) -> None:
    for function in ("on_feedback", "on_delivery", "on_engagement"):
        assert verdict(house, function, message) == expected


@pytest.mark.skipif(not _CORPUS, reason="HATO_EVENT_CORPUS names no folder of payloads")
def test_payloads_from_elsewhere_are_what_their_table_says(house: House) -> None:
    found = {path.stem: verdict(house, "on_feedback", path.read_text("utf-8")) for path in Path(_CORPUS).glob("*.json")}
    expected = dict(line.split(None, 1) for line in _EXPECTED.splitlines())
    assert found == expected
