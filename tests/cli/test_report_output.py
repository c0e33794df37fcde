"""How `hato report` looks."""

import io

import pytest
from rich.console import Console

from chalicelib.domain.report import Report
from hato.cli.glyphs import ASCII, UNICODE, glyphs_for
from hato.cli.report import print_report
from hato.cli.report.page import Page, share
from tests.cli.campaigns import FINISHED, report


class Stream(io.TextIOWrapper):
    """A terminal, or a pipe, of this encoding."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__(io.BytesIO(), encoding=encoding)

    @property
    def text(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode(self.encoding)


def printed(found: Report, width: int = 80, encoding: str = "utf-8", **more: object) -> str:
    stream = Stream(encoding)
    print_report(Console(file=stream, width=width, **{"color_system": None, **more}), found)
    return stream.text


def line(text: str, begins: str) -> str:
    """The one line that begins so, without the spaces that only set it in columns."""
    (found,) = (each for each in map(" ".join, map(str.split, text.splitlines())) if each.startswith(begins))
    return found


def test_every_end_and_every_event_is_told_with_its_share() -> None:
    text = printed(FINISHED)
    assert line(text, "accepted by SES").endswith("985 98.5%")
    assert line(text, "failed ▏").endswith("5 0.5%")
    assert line(text, "rows") == "rows balanced 1,000"
    assert line(text, "delivered █").endswith("940 95.4%")
    assert line(text, "bounced for good").endswith("20 2.0%")
    assert line(text, "complained").endswith("1 0.1%")


def test_people_stand_beside_all_who_opened_and_clicked() -> None:
    text = printed(FINISHED)
    assert line(text, "opened █").endswith("400 42.6% 200 21.3%")
    assert line(text, "clicked ▍").endswith("50 5.3% 20 2.1%")
    assert "░" in line(text, "opened █")


def test_what_is_rare_is_told_only_where_it_happened() -> None:
    assert "delayed" not in printed(FINISHED)
    delayed = report("finished", events={"delayed": 1}, accepted=990, finished_at="2026-05-01T08:30:00.000Z")
    assert "delayed" in printed(delayed)


def test_kinds_of_bounces_providers_links_reasons_and_unknown_events_are_told() -> None:
    text = printed(FINISHED)
    assert line(text, "for good General").endswith("20")
    assert line(text, "gmail") == "gmail 940 97.9% 20 0"
    assert line(text, "20 50") == "20 50 https://example.com/news"
    assert line(text, "failed 5") == "failed 5 MessageRejected: no"
    assert "Events of SES that Hato does not know" in text
    assert line(text, "Rebound") == "Rebound 1"


def test_the_chart_shows_when_and_how_many_at_most() -> None:
    lines = printed(FINISHED).splitlines()
    head = lines.index("When, by the hour (UTC)")
    assert lines[head + 1].split()[:2] == ["delivered", "900"]
    assert lines[head + 1].count("█") == 6  # the first hour reaches up to the second line
    assert "05-01 08:00" in lines[head + 8]
    assert all("│" in each for each in lines[head + 1 : head + 7])


def test_what_fell_into_one_hour_needs_no_chart() -> None:
    found = report("finished", events={"delivered@08": 5, "opened@08": 1}, accepted=990, finished_at="x")
    assert "All of this began within the hour from 2026-05-01 08:00 UTC." in printed(found)
    assert "When, by" not in printed(found)


def test_a_campaign_that_has_not_begun_is_a_headline() -> None:
    found = report("failed", rows=0, batches=0, invalid=0, reason="There is no mail 'spring'.")
    assert printed(found).splitlines()[3:] == ["There is no mail 'spring'."]


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_line_of_numbers_is_wider_than_the_terminal(width: int) -> None:
    assert max(map(len, printed(FINISHED, width).splitlines())) <= max(width, 80)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_an_encoding_without_blocks_gets_ascii(encoding: str) -> None:
    text = printed(FINISHED, encoding=encoding)
    assert text.isascii()
    assert "##" in line(text, "accepted by SES")


def test_unicode_is_for_those_who_can_show_it() -> None:
    for encoding, glyphs in (("utf-8", UNICODE), ("ascii", ASCII)):
        assert glyphs_for(Console(file=Stream(encoding))) is glyphs


def test_a_pipe_gets_no_control_characters_and_a_terminal_without_colours_neither(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "\x1b" not in printed(FINISHED, color_system="auto")
    assert "\x1b[3" in printed(FINISHED, color_system="standard", force_terminal=True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in printed(FINISHED, color_system="auto", force_terminal=True)


def test_a_share_that_is_not_0_does_not_look_like_it() -> None:
    assert [share(each, "–") for each in (None, 0.0, 0.0001, 0.0005, 1.0)] == ["–", "0.0%", "<0.1%", "0.1%", "100.0%"]


def test_a_share_of_more_than_is_counted_yet_is_none() -> None:
    assert share(1.46, "–") == "–"


def test_a_bar_shows_what_is_not_0_and_never_more_than_there_is_room() -> None:
    page = Page(80, UNICODE)
    bars = [page.bar(each).plain for each in (0.0, 0.00001, 0.5, 1.0, 1.5)]
    assert {len(each) for each in bars} == {page.bar_width}
    assert [len(each.rstrip()) for each in bars] == [0, 1, page.bar_width // 2, page.bar_width, page.bar_width]
