"""The report's page holds nothing of others' making but text, loads nothing, and is made in no time."""

import time
from dataclasses import replace

import pytest

from chalicelib.domain.campaign import Status
from chalicelib.domain.event_counts import EventCounts
from chalicelib.domain.report import Reason
from chalicelib.domain.tally import HOURLY, Count
from chalicelib.web.report_page import report_page
from tests.web.showing import LINKS, report, shown, with_counts

HOSTILE = "<script>alert('{{ 7 * 7 }}')</script>\"&"
FINISHED = report()


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("status", Status)
def test_a_page_is_whole_and_loads_nothing(status: Status, language: str) -> None:
    page = shown(report(status), language=language)
    assert [len(list(page.all(tag))) for tag in ("h1", "main", "style")] == [1, 1, 1]
    assert not any({"src", "style", "srcset", "onclick"} & set(each.attributes) for each in page.elements)
    assert {each.tag for each in page.elements} & {"link", "img", "iframe", "object", "base"} == set()
    assert next(page.all("html"))["lang"] == language


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", ["campaign_id", "mail_id", "source", "reason", "created_at", "finished_at"])
def test_hostile_values_are_shown_as_text(name: str, language: str) -> None:
    page = shown(replace(FINISHED, **{name: HOSTILE}), language=language)
    assert list(page.all("script")) == []
    assert HOSTILE in page.text


def test_hostile_counters_links_and_reasons_are_shown_as_text() -> None:
    names = ("clicked_link/0", f"bounced/{HOSTILE}", f"unknown_event/{HOSTILE}", f"delivered_to/{HOSTILE}")
    hostile = with_counts(dict.fromkeys(names, 1), mail_links=(HOSTILE,), reasons=[Reason("failed", HOSTILE, 1)])
    page = shown(hostile)
    assert list(page.all("script")) == []
    assert page.text.count(HOSTILE) == 5


def test_what_others_wrote_is_kept_apart_in_its_direction() -> None:
    html = report_page(replace(FINISHED, mail_id="مرحبا"), LINKS, "en")
    assert "<bdi>مرحبا</bdi>" in html


def test_english_sentences_on_a_japanese_page_are_marked_as_english() -> None:
    html = report_page(replace(FINISHED, reason="Nobody translated this."), LINKS, "ja")
    assert '<bdi lang="en">Nobody translated this.</bdi>' in html
    assert "担当者が取り消しました。" in report_page(replace(FINISHED, reason="Cancelled by its owner."), LINKS, "ja")


def test_a_month_of_hours_is_drawn_in_no_time() -> None:
    counts = {
        Count(f"2026-05-{day:02}", f"{name}@{hour:02}"): 40
        for day in range(1, 31)
        for hour in range(24)
        for name in HOURLY
    }
    month = replace(FINISHED, counts=EventCounts(counts))
    report_page(month, LINKS, "en")  # the templates are compiled
    began = time.perf_counter()
    report_page(month, LINKS, "en")
    assert time.perf_counter() - began < 0.5  # 20 ms where nothing else runs
