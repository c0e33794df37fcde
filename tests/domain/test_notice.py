"""What whoever watches a stage is told: short, in plain words, and with nobody's address."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.campaign import Status
from chalicelib.domain.notice import TOLD, Notice
from chalicelib.domain.report import Report

LINK = "https://pages.example.com/campaigns/members-1a2b?token=t.t"
SUMMARY = {
    "part": "summary",
    "status": "finished",
    "mail_id": "spring",
    "source": "s3://uploads/lists/spring/members.csv",
    "created_at": "2026-01-31T08:00:00.000Z",
    "finished_at": "2026-01-31T08:12:00.000Z",
    "rows": 1000,
    "batches": 2,
    "accepted": 980,
    "invalid": 5,
    "suppressed": 12,
    "already_sent": 3,
    "reasons": {
        "suppressed": {"Has unsubscribed.": 8, "Complained.": 4},
        "invalid": {"There is no @ in the address.": 5},
        "already_sent": {"Has had this mail.": 3},
    },
}
EVENTS = {"part": "2026-01-31T06", "delivered": 950, "bounced": 7, "complained": 1}


def report(campaign_id: str = "members-1a2b", **changes: Any) -> Report:
    return Report.from_parts(campaign_id, [SUMMARY | changes], [EVENTS])


def notice(campaign_id: str = "members-1a2b", link: str = LINK, **changes: Any) -> Notice:
    return Notice.of(report(campaign_id, **changes), "dev", link)


def test_a_campaign_that_has_finished_is_told_with_its_numbers_and_its_link_on_a_line_of_its_own():
    told = notice()
    assert told.subject == "Hato dev: campaign finished: members-1a2b"
    assert told.text == (
        "Campaign members-1a2b, the mail spring to members.csv, has finished. "
        "Of its 1,000 rows SES accepted 980; so far 950 were delivered, 7 bounced for good, 1 complained of. "
        "Not sent: 5 invalid, 12 suppressed, 3 already sent. "
        "The foremost reasons: Has unsubscribed (8); There is no @ in the address (5); Complained (4). "
        "From its start to its end it took 12 minutes. "
        "Who has this link sees the report, without anybody's address, for 7 days:\n"
        f"\n{LINK}\n"
    )


def test_a_campaign_that_paused_itself_is_told_with_why_what_waits_and_what_to_do():
    reason = "Paused by the circuit breaker: 60 of 800 mails bounced, 7.50%; the limit is 5.00%."
    told = Notice.of(
        Report.from_parts(
            "members-1a2b",
            [
                {"part": "summary", "status": "paused", "reason": reason, "mail_id": "spring", "rows": 1000}
                | {"source": "s3://uploads/broadcasts/news.txt", "created_at": SUMMARY["created_at"]},
                {"part": "counts#01", "accepted": 800},
            ],
            [EVENTS],
        ),
        "dev",
        LINK,
    )
    assert told.subject == "Hato dev: campaign paused itself: members-1a2b"
    assert told.text.startswith(
        f"Campaign members-1a2b, the mail spring to all contacts, has paused itself. {reason} Of its 1,000 rows SES "
    )
    assert "Still to be sent: 200." in told.text
    assert "`hato resume members-1a2b --stage dev` sends the rest" in told.text
    assert "it took" not in told.text


@pytest.mark.parametrize(
    ("changes", "to_do"),
    [
        ({"mail_id": "", "rows": 0}, "Mend the upload and put it there again."),
        ({"rows": 0}, "Mend the list and upload it again; "),
        ({}, "Mend the cause, then `hato resume members-1a2b --stage dev` sends to whoever has not had the mail."),
    ],
)
@pytest.mark.parametrize("status", ["failed", "stopped"])
def test_a_campaign_that_came_to_nothing_is_told_with_why_and_how_to_mend_it(status, changes, to_do):
    text = notice(status=status, reason="The line is dead", **changes).text
    assert f"{TOLD[Status(status)]}. The line is dead. " in text
    assert "`hato report members-1a2b --stage dev` shows the numbers. " in text
    assert to_do in text
    assert ("Nothing was sent." in text) == (changes.get("rows") == 0)


def test_an_upload_that_names_no_mail_is_told_by_its_file():
    text = notice(status="failed", mail_id="", rows=0, source="s3://uploads/members.csv", reason="No place.").text
    assert text.startswith("Campaign members-1a2b, of the upload members.csv, has failed. No place. Nothing was sent. ")


def test_why_a_campaign_ended_is_said_once_though_most_rows_say_it_too():
    reasons = {"failed": {"Not sent: The line is dead.": 900, "Mailbox unknown.": 2}}
    text = notice(status="failed", reason="The line is dead.", failed=902, accepted=98, reasons=reasons).text
    assert text.count("The line is dead") == 1
    assert "The foremost reasons: Mailbox unknown (2)." in text


def test_rows_of_which_nobody_knows_are_not_said_to_be_unsent():
    text = notice(unknown=4, accepted=976).text
    assert "Whether they were sent nobody knows: 4." in text
    assert "unknown" not in text


def test_without_pages_there_is_the_command_in_the_place_of_the_link():
    text = notice(link="").text
    assert text.endswith("\n\nhato report members-1a2b --open --stage dev\n")
    assert "link" not in text


def test_no_address_is_told_whole():
    reasons = {"failed": {"550 taro.yamada@example.com: no such user": 3, "ｔａｒｏ＠example.org is gone": 1}}
    text = notice(
        status="failed", reason="taro@example.net said no", mail_id="hana@example.com", failed=4, reasons=reasons
    ).text
    for shown in ("t***@example.com", "***@example.org", "t***@example.net", "h***@example.com"):
        assert shown in text
    for name in ("taro", "yamada", "hana", "ｔａｒｏ"):
        assert name not in text


def test_an_address_that_is_too_far_to_the_right_is_not_cut_into_a_bare_name():
    text = notice(status="failed", reason="x" * 390 + " taro.yamada@example.com").text
    assert "taro" not in text


def test_a_name_that_is_not_ascii_is_whole_in_the_text_and_stands_as_well_as_it_can_in_the_subject():
    told = notice("été-お知らせ")
    assert told.subject == "Hato dev: campaign finished: ete-????"
    assert "Campaign été-お知らせ," in told.text


def test_a_long_name_leaves_what_happened_in_the_subject():
    subject = notice("x" * 80, status="failed").subject
    assert len(subject) <= 100
    assert subject.startswith("Hato dev: campaign failed: xxx")


def test_a_line_break_in_a_name_makes_no_second_line():
    told = notice("a\r\nb\x00c", source="s3://uploads/lists/spring/x\ny.csv", mail_id="one\u2028two")
    assert "a b c" in told.subject
    assert told.text.count("\n") == 3
    assert "the mail one two to x y.csv" in told.text


@given(
    name=st.text(max_size=120),
    words=st.text(max_size=600),
    status=st.sampled_from(sorted(TOLD)),
    numbers=st.dictionaries(st.sampled_from(["rows", "accepted", "failed", "unknown"]), st.integers(0, 10**7)),
)
def test_any_notice_is_one_that_sns_takes(name, words, status, numbers):
    changes = {"reason": words, "mail_id": words, "source": words, "reasons": {"failed": {words: 1}}}
    told = notice(name, status=status, created_at=words, **changes, **numbers)
    assert 0 < len(told.subject) <= 100
    assert told.subject.isascii()
    assert told.subject.isprintable()
    assert 0 < len(told.text.encode()) < 256 * 1024
    assert told.text.count("\n") == 3
