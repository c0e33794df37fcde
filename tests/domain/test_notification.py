"""SES notifications in every wrapping, and everything that is not one: nothing raises."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.event import Event, Unreadable, read_notification
from tests.samples import SES, ses

TEXTS = ("recipient", "at", "message_id", "detail", "link", "raw_kind", "sent_to")


def events_of(message: Any) -> list[Event]:
    events = read_notification(message)
    assert not isinstance(events, Unreadable), events.reason
    return events


def only(message: Any) -> Event:
    (event,) = events_of(message)
    return event


def reason_of(message: Any) -> str:
    unreadable = read_notification(message)
    assert isinstance(unreadable, Unreadable)
    return unreadable.reason


class TestWrapping:
    def test_every_wrapping_holds_the_same_event(self) -> None:
        text, document = SES["delivery"], ses("delivery")
        envelope = ses("sns_envelope")
        wrapped = [
            document,
            text.strip(),
            text + "\n",
            envelope,
            json.dumps(envelope),
            envelope | {"Message": document},
            ses("eventbridge"),
            SES["eventbridge"],
            {"Message": SES["eventbridge"]},
            json.dumps(text),
        ]
        assert [only(each) for each in wrapped] == [only(document)] * len(wrapped)

    def test_the_notes_of_ses_and_sns_are_no_events_and_say_what_they_are(self) -> None:
        validated = "Successfully validated SNS topic for Amazon SES event publishing.\n"
        assert "can publish" in reason_of(validated)
        assert "can publish" in reason_of({"Type": "Notification", "Message": validated})
        assert "identity" in reason_of(SES["subscription_succeeded"])
        assert "confirm" in reason_of(
            {"Type": "SubscriptionConfirmation", "Message": "You have chosen to subscribe to the topic x."}
        )

    def test_a_mail_that_ses_received_is_no_event(self) -> None:
        assert "received" in reason_of({"notificationType": "Received", "mail": ses("send")["mail"]})

    @pytest.mark.parametrize(
        "message",
        [
            "",
            " ",
            "\x00",
            "{",
            "null",
            "NaN",
            "-Infinity",
            "12",
            "1" * 5_000,
            "[]",
            '"text"',
            "{}",
            "\ufeff{}",
            "\ud800",
            None,
            3,
            2.5,
            True,
            [],
            b"{}",
            {},
            {1: 2},
            {"eventType": None},
            {"eventType": ["Bounce"]},
            {"eventType": ""},
            {"NotificationType": "Bounce"},
            {"Message": None},
            {"detail": []},
            {"Records": [{"Sns": {"Message": "{}"}}]},
        ],
    )
    def test_what_is_no_event_is_unreadable(self, message: Any) -> None:
        assert reason_of(message)

    @pytest.mark.parametrize("opening", ["[", '{"a":', '{"Message":', '{"eventType":"Bounce","bounce":'])
    def test_deep_nesting_is_unreadable(self, opening: str) -> None:
        assert isinstance(read_notification(opening * 100_000), Unreadable)

    def test_a_message_that_holds_itself_is_unreadable(self) -> None:
        message: dict[str, Any] = {}
        message["Message"] = message
        assert reason_of(message)

    @pytest.mark.parametrize("junk", ["x" * 1_000_000, "[1," * 300_000, '"' + "é" * 1_000_000 + '"'])
    def test_a_megabyte_of_junk_is_unreadable_in_few_words(self, junk: str) -> None:
        assert len(reason_of(junk)) < 120

    def test_a_megabyte_inside_an_event_is_cut(self) -> None:
        document = ses("bounce_permanent")
        document["bounce"]["bouncedRecipients"][0]["diagnosticCode"] = "x" * 1_000_000
        document["mail"]["tags"]["mail"] = ["y" * 1_000_000]
        event = only(document)
        assert (len(event.detail), len(event.tags["mail"])) == (500, 256)


ODD: tuple[Any, ...] = (
    None,
    0,
    float("nan"),
    "",
    "\ud800",
    [],
    {},
    [[]],
    {"": {}},
    ["x"],
    {"emailAddress": [1]},
)
ANY_TEXT = st.text(st.characters())  # lone surrogates too
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=12,
)
SES_WORDS = sorted({word for text in SES.values() for word in text.split('"') if word.isalpha()})
ODD_SES = st.recursive(
    st.none() | st.integers() | st.sampled_from(SES_WORDS) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(SES_WORDS), inner, max_size=6),
    max_leaves=20,
)


def check_promises(message: Any) -> None:
    events = read_notification(message)
    if isinstance(events, Unreadable):
        assert events.reason.encode()
        return
    assert events
    assert len({event.recipient for event in events}) == len(events)
    for event in events:
        assert len(event.at) in (0, len("2026-01-01T00:00:00.000Z"))
        for text in (*(getattr(event, name) for name in TEXTS), *event.tags, *event.tags.values()):
            assert isinstance(text.encode(), bytes)  # it can be stored


def paths(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [path, *(found for key, child in children for found in paths(child, (*path, key)))]


def change(document: dict[str, Any], path: tuple[Any, ...], drop: bool, value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(document)
    parent: Any = changed
    for key in path[:-1]:
        parent = parent[key]
    if drop:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    return changed


class TestNeverRaises:
    @settings(deadline=None)
    @given(ANY_JSON | ANY_TEXT | st.binary() | ODD_SES)
    def test_arbitrary_values_keep_every_promise(self, message: Any) -> None:
        check_promises(message)
        check_promises({"Message": message})

    @settings(deadline=None)
    @given(ANY_JSON)
    def test_arbitrary_json_text_keeps_every_promise(self, value: Any) -> None:
        check_promises(json.dumps(value))

    @settings(deadline=None)
    @given(st.sampled_from(SES_WORDS), ODD_SES, ODD_SES)
    def test_an_event_of_odd_parts_keeps_every_promise(self, kind: str, mail: Any, body: Any) -> None:
        bodies = dict.fromkeys(("bounce", "complaint", "delivery", "deliveryDelay", "click", "failure"), body)
        check_promises({"eventType": kind, "mail": mail} | bodies)

    @settings(max_examples=300, deadline=None)
    @given(st.data())
    def test_a_changed_sample_keeps_every_promise(self, data: st.DataObject) -> None:
        document: Any = ses(data.draw(st.sampled_from(sorted(SES))))
        for _ in range(data.draw(st.integers(1, 3))):
            path = data.draw(st.sampled_from(paths(document)))
            document = change(document, path, data.draw(st.booleans()), data.draw(ANY_JSON | ODD_SES))
        check_promises(document)
        check_promises(json.dumps(document))

    @pytest.mark.parametrize("name", sorted(SES))
    def test_a_sample_with_any_one_node_gone_or_odd_keeps_every_promise(self, name: str) -> None:
        document = ses(name)
        for path in paths(document):
            check_promises(change(document, path, drop=True, value=None))
            for odd in ODD:
                check_promises(change(document, path, drop=False, value=odd))
