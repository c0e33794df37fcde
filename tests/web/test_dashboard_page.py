"""The page of all campaigns: one line for each, with what its numbers are a share of."""

from dataclasses import replace

import pytest

from chalicelib.web.dashboard_page import Entry, dashboard_page
from tests.web.showing import Shown, even, report

FINISHED = even()
ENTRIES = [Entry(FINISHED, "campaigns/a?token=t"), Entry(report("sending"), "campaigns/b?token=u")]


def page(*entries: Entry, language: str = "en", **links: str) -> Shown:
    return Shown(dashboard_page(entries, language, refresh="campaigns?token=t", **links))


def test_every_campaign_is_there_in_its_order_and_leads_to_its_report() -> None:
    found = page(*ENTRIES)
    hrefs = [each["href"] for each in found.all("a")]
    assert hrefs == ["campaigns?token=t", "campaigns/a?token=t", "campaigns/b?token=u"]
    assert found.text.index("spring-2026-finished Finished") < found.text.index("spring-2026-sending Sending")


def test_a_line_says_mail_list_time_and_shares() -> None:
    text = page(ENTRIES[0]).text
    assert "spring-2026 to members-of-all-shops-as-of-2026-05-01.csv 1 May 2026 08:00 UTC" in text
    assert "1,000 800 50.0% 25.0% 5.0% 10.0%" in text


@pytest.mark.parametrize(("entries", "is_live"), [(ENTRIES, True), (ENTRIES[:1], False), ([], False)])
def test_it_follows_as_long_as_a_campaign_is_under_way(entries: list[Entry], is_live: bool) -> None:
    found = page(*entries)
    assert len(list(found.all("script"))) == is_live
    assert ("data-live" in next(each for each in found.all("div") if each.get("id") == "numbers")) is is_live


def test_a_campaign_under_way_shows_how_far_it_is() -> None:
    assert "of the rows" in page(ENTRIES[1]).text
    assert "of the rows" not in page(ENTRIES[0]).text


def test_without_any_campaign_it_says_how_to_start_one() -> None:
    text = page().text
    assert "There is no campaign yet." in text
    assert "hato send" in text


def test_older_campaigns_are_behind_a_link_where_there_are_any() -> None:
    assert "Older campaigns" in page(*ENTRIES, older="campaigns?before=x").text
    assert "Older campaigns" not in page(*ENTRIES).text


def test_every_cell_brings_its_label_along_for_a_phone() -> None:
    labels = [each.get("data-label") for each in page(ENTRIES[0], language="ja").all("td")]
    assert labels == ["行数", "受理", "到達", "開封", "クリック", "不達率"]


def test_hostile_values_are_text() -> None:
    hostile = "<script>alert(1)</script>\"'&"
    entry = Entry(replace(FINISHED, campaign_id=hostile, mail_id=hostile, source=hostile), "x")
    found = page(entry)
    assert list(found.all("script")) == []
    assert found.text.count("<script>alert(1)") == 2
