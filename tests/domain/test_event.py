"""What SES says of a mail, read from samples of its payloads."""

from typing import Any

import pytest

from chalicelib.domain.event import Event, EventKind, Unreadable, read_notification
from tests.samples import SES, ses


def events_of(message: Any) -> list[Event]:
    events = read_notification(message)
    assert not isinstance(events, Unreadable), events.reason
    return events


def only(message: Any) -> Event:
    (event,) = events_of(message)
    return event


class TestKinds:
    @pytest.mark.parametrize(
        ("name", "kind", "detail"),
        [
            ("delivery", EventKind.DELIVERED, "250 2.0.0 taken, queue id 4TqK7"),
            ("delivery_delay", EventKind.DELAYED, "MailboxFull: smtp; 452 4.2.2 mailbox over quota"),
            (
                "bounce_permanent",
                EventKind.BOUNCED_PERMANENTLY,
                "General: smtp; 550 5.1.1 no such mailbox here",
            ),
            (
                "bounce_mailbox_full",
                EventKind.BOUNCED_TRANSIENTLY,
                "MailboxFull: smtp; 452 4.2.2 mailbox over quota",
            ),
            ("bounce_out_of_office", EventKind.BOUNCED_TRANSIENTLY, "General"),
            ("bounce_undetermined", EventKind.BOUNCED_UNDETERMINED, "Undetermined"),
            ("complaint", EventKind.COMPLAINED, "abuse"),
            ("complaint_suppressed", EventKind.COMPLAINED, "OnAccountSuppressionList"),
            ("reject", EventKind.REJECTED, "Bad content"),
            (
                "rendering_failure",
                EventKind.RENDERING_FAILED,
                "inline: Attribute 's' is not present in the rendering data.",
            ),
            ("open_by_a_bot", EventKind.OPENED, ""),
            ("click", EventKind.CLICKED, "https://post.example/loft?from=march"),
            ("send", EventKind.SENT, ""),
            ("subscription", EventKind.SUBSCRIPTION_CHANGED, "loft: UnsubscribeHeader"),
        ],
    )
    def test_each_sample_is_its_kind_and_says_why(self, name: str, kind: EventKind, detail: str) -> None:
        event = only(SES[name])
        assert (event.kind, event.detail, event.recipient) == (kind, detail, "hanako@example.jp")
        assert event.raw_kind == ses(name)["eventType"]

    def test_a_mail_taken_out_of_the_spam_folder_is_no_complaint(self) -> None:
        event = only(SES["complaint_not_spam"])
        assert (event.kind, event.raw_kind, event.detail) == (EventKind.UNKNOWN, "Complaint", "not-spam")

    def test_an_unknown_type_is_kept_by_its_name_for_each_destination(self) -> None:
        document = ses("send") | {"eventType": "Teleported"}
        document["mail"]["destination"] = ["hanako@example.jp", "jiro@example.jp"]
        events = events_of(document)
        assert [(event.kind, event.raw_kind, event.recipient) for event in events] == [
            (EventKind.UNKNOWN, "Teleported", "hanako@example.jp"),
            (EventKind.UNKNOWN, "Teleported", "jiro@example.jp"),
        ]

    def test_an_unknown_sort_of_bounce_is_an_undetermined_one_and_names_the_sort(self) -> None:
        document = ses("bounce_out_of_office")
        document["bounce"]["bounceType"] = "Elastic"
        event = only(document)
        assert (event.kind, event.detail) == (EventKind.BOUNCED_UNDETERMINED, "Elastic: General")

    @pytest.mark.parametrize(
        "said", [("Likely", True), ("Unlikely", False), (None, None), ("Perhaps", None), ([], None)]
    )
    def test_a_bot_is_one_only_where_ses_says_so(self, said: tuple[Any, bool | None]) -> None:
        document = ses("open_by_a_bot")
        document["open"]["isBotEvent"], expected = said
        assert only(document).is_bot is expected

    def test_who_opened_and_who_clicked_says_its_programs_name(self) -> None:
        assert only(SES["open_by_a_bot"]).agent == "Mozilla/5.0 (image proxy)"
        assert only(SES["click"]).agent
        assert not only(SES["delivery"]).agent

    @pytest.mark.parametrize(
        ("kind", "sort", "name"),
        [
            ("Teleported", "", "Teleported"),
            ("Complaint", "not-spam", "Complaint not-spam"),
            ("Subscription", "", "Subscription"),
            ("<b>Odd</b>\n" + "x" * 100, "", "bOddb" + "x" * 55),
        ],
    )
    def test_an_event_is_told_of_by_a_short_name(self, kind: str, sort: str, name: str) -> None:
        document = ses("complaint_not_spam") | {"eventType": kind}
        document["complaint"]["complaintFeedbackType"] = sort
        assert only(document).name == name

    def test_only_a_click_has_a_link(self) -> None:
        links = {name: events_of(SES[name])[0].link for name in SES if name != "subscription_succeeded"}
        assert {name for name, link in links.items() if link} == {"click"}
        assert links["click"] == "https://post.example/loft?from=march"


class TestRecipients:
    def test_each_bounced_recipient_gets_an_event_and_the_other_destinations_none(self) -> None:
        events = events_of(SES["bounce_of_an_identity"])
        assert [event.recipient for event in events] == ["hanako@example.jp", "jiro@example.jp"]
        assert "suppression list" in events[0].detail
        assert "no such mailbox" in events[1].detail
        assert {event.sent_to for event in events} == {""}

    def test_a_recipient_named_twice_gets_one_event(self) -> None:
        document = ses("bounce_permanent")
        document["bounce"]["bouncedRecipients"] += [{"emailAddress": " <HANAKO@example.jp> "}]
        assert only(document).recipient == "hanako@example.jp"

    def test_a_forwarders_bounce_keeps_the_address_that_the_mail_was_sent_to(self) -> None:
        event = only(SES["bounce_of_a_forwarder"])
        assert (event.recipient, event.sent_to) == ("h.sato@loft.example", "hanako@example.jp")

    @pytest.mark.parametrize("listed", [None, [], {}, "", 5, [{}], [{"emailAddress": None}], [None, [], 0]])
    def test_a_bounce_that_names_nobody_is_one_of_the_mails_destinations(self, listed: Any) -> None:
        document = ses("bounce_permanent")
        document["bounce"]["bouncedRecipients"] = listed
        assert only(document).recipient == "hanako@example.jp"

    def test_an_event_that_names_nobody_at_all_is_still_one_event(self) -> None:
        event = only('{"notificationType":"Bounce","bounce":{"bounceType":"Permanent"}}')
        assert event == Event(EventKind.BOUNCED_PERMANENTLY, "", "", "", raw_kind="Bounce")

    @pytest.mark.parametrize(
        ("written", "canonical"),
        [
            ("hanako@example.jp", "hanako@example.jp"),
            ("  Hanako@EXAMPLE.jp\n", "hanako@example.jp"),
            ("Hanako Sato <Hanako@example.jp>", "hanako@example.jp"),
            ('"Sato, <H>" <hanako@example.jp>', "hanako@example.jp"),
            ("=?utf-8?b?6Iqx5a2Q?= <hanako@example.jp>", "hanako@example.jp"),
            ("花子 < hanako+loft@example.jp >", "hanako+loft@example.jp"),
            ("<>", ""),
            ("x" * 400 + "@example.jp", ""),
        ],
    )
    def test_an_address_loses_its_display_name_and_its_capitals(self, written: str, canonical: str) -> None:
        document = ses("open_by_a_bot")
        document["mail"]["destination"] = [written]
        assert only(document).recipient == canonical


class TestTimes:
    @pytest.mark.parametrize(
        ("written", "at"),
        [
            ("2026-03-02T09:15:00.120Z", "2026-03-02T09:15:00.120Z"),
            ("2026-03-02T09:15:00Z", "2026-03-02T09:15:00.000Z"),
            ("2026-03-02T09:15:00.123456Z", "2026-03-02T09:15:00.123Z"),
            ("2026-03-02T18:15:00.120+09:00", "2026-03-02T09:15:00.120Z"),
            ("2026-03-01T23:15:00-10:00", "2026-03-02T09:15:00.000Z"),
            ("2026-03-02T09:15:00 +0000", "2026-03-02T09:15:00.000Z"),
            (" 2026-03-02 09:15:00 ", "2026-03-02T09:15:00.000Z"),
        ],
    )
    def test_a_time_is_told_in_utc_with_milliseconds(self, written: str, at: str) -> None:
        document = ses("click")
        document["click"]["timestamp"] = written
        assert only(document).at == at

    @pytest.mark.parametrize("written", [None, "", "soon", 1772442900, "0001-01-01T00:00:00+14:00", {}, "\ud800"])
    def test_an_event_without_a_time_of_its_own_has_the_mails(self, written: Any) -> None:
        document = ses("click")
        document["click"]["timestamp"] = written
        assert only(document).at == "2026-03-02T09:15:00.120Z"

    def test_a_reject_has_the_mails_time(self) -> None:
        assert only(SES["reject"]).at == "2026-03-02T09:15:00.120Z"

    def test_without_any_time_it_is_empty(self) -> None:
        document = ses("reject")
        del document["mail"]["timestamp"]
        assert only(document).at == ""


class TestTags:
    def test_a_tag_has_its_first_value(self) -> None:
        tags = only(SES["delivery"]).tags
        assert {name: tags[name] for name in ("campaign", "mail", "shard")} == {
            "campaign": "march-0f1e2d3c4b5a6978",
            "mail": "loft-news-march",
            "shard": "17",
        }

    def test_an_identitys_notification_has_no_tags(self) -> None:
        assert events_of(SES["bounce_of_an_identity"])[0].tags == {}

    def test_odd_tags_are_left_out(self) -> None:
        document = ses("delivery")
        document["mail"]["tags"] = {
            "a": ["1", "2"],
            "b": "3",
            "c": [],
            "d": None,
            "e": [{}],
            "": ["4"],
            "f": {"g": 1},
        }
        assert only(document).tags == {"a": "1", "b": "3"}


class TestEvents:
    def test_an_event_can_be_a_member_of_a_set(self) -> None:
        assert len({only(SES["delivery"]), only(SES["eventbridge"])}) == 1
