"""The report's page: all numbers, in words that say what they are, and nothing of others' making but text."""

from dataclasses import replace

import pytest

from chalicelib.domain.campaign import Status
from chalicelib.domain.report import Link, Provider, Reason
from tests.web.showing import ALL_LINKS, LINKS, even, report, shown, with_counts

FINISHED = report()


def test_the_headline_says_which_campaign_it_is_and_how_it_stands() -> None:
    text = shown(FINISHED).text
    for said in ("spring-2026-finished Finished", "Mail spring-2026", "List lists/spring-2026/members", "1 May 2026"):
        assert said in text


@pytest.mark.parametrize(
    "said",
    [
        "Accepted by SES 800 80.0% of 1,000 rows",
        "Delivered 50.0% 400 of 800 accepted",
        "Opened by people 25.0% 100 of 400 delivered with programs 50.0%",
        "Clicked by people 5.0% 20 of 400 delivered with programs 15.0%",
        "Bounced for good 10.0% 80 of 800 accepted 40 more for now",
        "Unsubscribed 2.0% 8 of 400 delivered complaints: 4 (0.5%)",
    ],
)
def test_the_key_figures_say_what_they_are_a_share_of(said: str) -> None:
    assert said in shown(even()).text


def test_the_way_from_the_list_to_the_click_is_told_step_by_step() -> None:
    page = shown(even())
    assert (
        "Rows of the list 1,000 Accepted by SES 800 80.0% of the rows Delivered 400 50.0% of the accepted "
        "Opened by people 100 25.0% of the delivered Clicked by people 20 5.0% of the delivered"
    ) in page.text
    widths = [each["width"] for each in page.all("rect") if each["width"] != "100" or each.get("class") is None]
    assert widths[:5] == ["100", "80", "40", "10", "2"]


def test_people_and_programs_are_explained() -> None:
    text = shown(FINISHED).text
    assert "leaves out the programs" in text
    assert "Hato cannot see" in text


def test_the_ends_are_all_there_and_add_up_to_the_rows() -> None:
    text = shown(FINISHED).text
    for end in ("Already sent had this mail before 96", "Duplicate an earlier row has the same address 128"):
        assert end in text
    assert "Rows of the list ✓ balanced 120,000" in text
    assert "Still to come" not in text


def test_while_it_is_sent_what_is_to_come_is_part_of_the_sum() -> None:
    sending = report("sending")
    text = shown(sending).text
    assert f"Still to come {sending.rows - sending.settled:,}" in text
    assert "balanced" not in text
    assert f"{sending.settled:,} of {sending.rows:,} rows are done" in text


def test_an_ended_campaign_that_lacks_rows_says_so() -> None:
    text = shown(replace(FINISHED, ends=FINISHED.ends | {"accepted": 118_230})).text
    assert "Not balanced. Rows that are not accounted for: 10." in text
    assert "✓" not in text


def test_a_campaign_that_came_to_nothing_says_why_and_shows_no_empty_figures() -> None:
    text = shown(report("failed")).text
    assert "The list's first row names no column" in text
    assert "No row of the list was read." in text
    assert "Key figures" not in text
    assert "Over time" not in text


def test_before_the_list_is_read_that_is_all_there_is_to_say() -> None:
    text = shown(report("preparing")).text
    assert "The list is being read." in text
    assert "No row" not in text


def test_without_any_event_there_is_no_chart() -> None:
    page = shown(with_counts({}))
    assert "Nothing was delivered, opened or clicked yet." in page.text
    assert not [each for each in page.all("svg") if each.get("role") == "img"]


def test_each_chart_is_told_in_words_and_as_a_table() -> None:
    page = shown(with_counts({"delivered@08": 40, "delivered@09": 10, "opened@09": 7, "human_opened@09": 5}))
    assert len([each for each in page.all("svg") if each.get("role") == "img"]) == 3
    assert "50 in all; the most, 40, from 1 May 08:00 UTC." in page.text
    assert "1 May 08:00 40 0 0 0 0" in page.text
    assert "1 May 09:00 10 5 7 0 0" in page.text
    assert "One bar is one hour." in page.text


def test_bounces_are_told_by_kind_and_by_what_ses_says() -> None:
    text = shown(FINISHED).text
    for said in ("Bounced for good no reason given 812 0.7%", "no mail address found 96", "mailbox full 344 0.3%"):
        assert said in text


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("delayed", "Delayed on the way 17 <0.1%"),
        ("complained", "Complained: called spam 17 <0.1%"),
        ("unsubscribed", "Unsubscribed 17 <0.1%"),
        ("rejected", "Rejected by SES for its content 17 <0.1%"),
        ("rendering_failed", "Could not be filled in by SES 17 <0.1%"),
    ],
)
def test_other_troubles_are_told_where_there_are_any(name: str, line: str) -> None:
    assert line in shown(with_counts({name: 17})).text
    assert "what else went wrong" not in shown(with_counts({})).text


def test_providers_are_named_as_people_know_them_and_others_as_they_are() -> None:
    text = shown(with_counts({"delivered_to/gmail": 90, "bounced_by/gmail": 10, "delivered_to/new-one": 3})).text
    assert "Gmail 90 10 0 10.0%" in text
    assert "new-one 3 0 0 0.0%" in text


def test_only_the_first_links_are_unfolded() -> None:
    links = tuple(f"https://shop.example/{number}" for number in range(15))
    page = shown(with_counts({f"clicked_link/{number}": 20 - number for number in range(15)}, mail_links=links))
    assert "5 more" in page.text
    assert all(link in page.text for link in links)
    assert not any(link in each.get("href", "") for each in page.all("a") for link in links)


def test_clicks_on_no_link_of_the_mail_are_told_apart() -> None:
    assert (
        "none of the mail’s own links 3 4"
        in shown(with_counts({"clicked_link/other": 4, "human_clicked_link/other": 3})).text
    )


def test_reasons_are_told_with_their_end_and_without_gaps() -> None:
    reasons = [Reason("suppressed", "The contact bounced ….", 3), Reason("failed", "", 2)]
    text = shown(replace(FINISHED, reasons=reasons)).text
    assert "The contact bounced. Suppressed 3" in text
    assert "– Failed 2" in text


def test_unknown_events_are_told_only_where_there_are_any() -> None:
    assert "Rebound 1" in shown(FINISHED).text
    assert "Hato does not know" not in shown(with_counts({})).text


def test_who_may_see_addresses_is_led_to_them() -> None:
    page = shown(FINISHED)
    assert [each["action"] for each in page.all("form")] == ["c-1/recipient?token=t"]
    assert {"c-1/report.csv?token=t", "../campaigns?token=t"} <= {each["href"] for each in page.all("a")}


def test_who_may_not_is_not() -> None:
    page = shown(FINISHED, LINKS)
    assert list(page.all("form")) == []
    assert {each["href"] for each in page.all("a")} == {LINKS.refresh, LINKS.csv, LINKS.json}


@pytest.mark.parametrize("status", Status)
def test_a_page_follows_its_campaign_until_it_has_ended(status: Status) -> None:
    found = report(status)
    page = shown(found)
    assert ("data-live" in next(each for each in page.all("div") if each.get("id") == "numbers")) is not found.has_ended
    assert len(list(page.all("script"))) == (0 if found.has_ended else 1)
    assert {each["href"] for each in page.all("a") if each.get("id") == "reload"} == {ALL_LINKS.refresh}


def test_it_is_said_aloud_at_every_tenth_of_the_rows() -> None:
    sending = report("sending")

    def said(accepted: int) -> str:
        page = shown(replace(sending, rows=1_000, ends=dict.fromkeys(sending.ends, 0) | {"accepted": accepted}))
        return next(each["data-said"] for each in page.all("div") if each.get("id") == "numbers")

    assert said(100) == said(199) == "100 of 1,000 rows are done."
    assert said(200) == "200 of 1,000 rows are done."


def test_samples_are_what_these_tests_take_them_for() -> None:
    assert FINISHED.balanced
    assert Provider("gmail", 44_120, 210, 0) in FINISHED.providers
    assert Link("https://shop.example/spring?utm_source=mail", 8_102, 5_018) in FINISHED.links
